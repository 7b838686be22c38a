"""zeep as the writer of messages: one client per WSDL of ours, made when first needed; it calls nobody."""

from typing import Any

from lxml import etree
from zeep import Client, Settings
from zeep.exceptions import Error
from zeep.transports import Transport

from hub.adapters.soap.contracts import Contracts
from hub.domain.messaging.errors import PartnerRefusedError


class Clients:
    """Every WSDL in use."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._made: dict[str, Any] = {}

    def message(self, file: str, operation: str, *args: Any, **kwargs: Any) -> etree._Element:
        """The SOAP envelope of a request.

        Raises:
            PartnerRefusedError: ``contract-broken``: the WSDL has no place for what it was given.
        """
        client = self._made.get(file)
        if client is None:
            client = self._made[file] = self._client(file)
        try:
            made: etree._Element = client.create_message(client.service, operation, *args, **kwargs)
        except (Error, TypeError, ValueError):
            # its text may hold the value that does not fit
            raise PartnerRefusedError("contract-broken", f"{file}.wsdl does not take this request") from None
        return made

    def _client(self, file: str) -> Any:
        return Client(
            str(self._contracts.folder / f"{file}.wsdl"),
            settings=Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True),
            transport=Transport(),  # type: ignore[no-untyped-call]  # it reads our own files alone
        )
