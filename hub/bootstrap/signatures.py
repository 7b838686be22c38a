"""Whose signatures the doors believe, as this environment sets it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from hub.adapters.xml.soap_envelope import opened
from hub.application.intake.soap_call import Believe, OpenSoap, SoapCall
from hub.application.intake.take_file import BelieveFile
from hub.domain.messaging.errors import HubError
from hub.sdk import Connector
from hub.settings import BcssSettings, Settings

if TYPE_CHECKING:
    from hub.adapters.soap.signature import Verifier

# What verifies signatures is loaded where one is configured: the intake must stay small.


class SignatureSettingError(HubError):
    """HUB_HTTP__SOAP_ANCHORS cannot be used as it is; see docs/operator-guide.md."""


def soap_opener(settings: Settings, connectors: Mapping[str, Connector], now: Callable[[], datetime]) -> OpenSoap:
    """Opens envelopes: what must be signed, as the bank signs; else a signature is verified where there is one.

    The latter needs authorities (HUB_HTTP__SOAP_ANCHORS).

    Raises:
        BankSettingError, SignatureSettingError: files that are no certificates.
    """
    bank, partners = _bank(settings.bcss), _partners(settings)

    def believe(name: str) -> Believe | None:
        demanded = name in connectors and connectors[name].signed
        verifier = bank if demanded else partners
        if verifier is None:
            return None
        from hub.adapters.soap.door_signature import EnvelopeSignature  # noqa: PLC0415 - see above

        return EnvelopeSignature(verifier=verifier, now=now, demanded=demanded)

    found = {name: believe(name) for name in connectors}

    def opener(name: str, data: bytes) -> SoapCall:
        return opened(data, found.get(name))

    return opener


def file_signature(settings: BcssSettings, now: Callable[[], datetime]) -> BelieveFile | None:
    """Believes files of the bank; None while it is not said which certificates sign them.

    Raises:
        BankSettingError: files that are no certificates.
    """
    verifier = _bank(settings)
    if verifier is None:
        return None
    from hub.adapters.soap.door_signature import DetachedSignature  # noqa: PLC0415 - see above

    return DetachedSignature(verifier=verifier, now=now)


def _bank(settings: BcssSettings) -> "Verifier | None":
    if not settings.anchors or not settings.mutation_certificates:
        return None
    from hub.adapters.soap.signature import verifier_of  # noqa: PLC0415 - see above
    from hub.bootstrap.bank import BankSettingError  # noqa: PLC0415 - see above

    try:
        return verifier_of(settings.anchors.read_bytes(), settings.mutation_certificates.read_bytes())
    except (OSError, ValueError) as error:
        names = "HUB_BCSS__ANCHORS and HUB_BCSS__MUTATION_CERTIFICATES"
        raise BankSettingError(f"{names} name PEM files of certificates") from error


def _partners(settings: Settings) -> "Verifier | None":
    if settings.http.soap_anchors is None:
        return None
    from hub.adapters.soap.signature import verifier_of  # noqa: PLC0415 - see above

    try:
        return verifier_of(settings.http.soap_anchors.read_bytes())
    except (OSError, ValueError) as error:
        raise SignatureSettingError("HUB_HTTP__SOAP_ANCHORS names a PEM file of certificates") from error
