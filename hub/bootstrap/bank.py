"""The Crossroads Bank as this environment reaches it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import connectors
from hub.adapters.soap.bank import Organisation, Reach, SoapBank
from hub.adapters.soap.contracts import Contracts
from hub.adapters.soap.signature import Signer, Verifier, signer_of, verifier_of
from hub.adapters.soap.wire import Line, Wire
from hub.domain.messaging.errors import HubError
from hub.settings import BcssSettings

CONTRACTS = Path(connectors.__file__).parent / "bcss"


class BankSettingError(HubError):
    """A setting HUB_BCSS__… cannot be used as it is; see docs/bcss.md."""


def soap_bank(settings: BcssSettings, now: Callable[[], datetime], *, contracts: Path = CONTRACTS) -> SoapBank:
    """The bank.

    Raises:
        BankSettingError: an address that is not TLS, an organisation without number, files that are no keys.
        KitUnreadableError: the configured kit cannot be used.
    """
    password = settings.basic_password
    line = Line(
        authority=settings.authority,
        certificate=settings.certificate,
        key=settings.key,
        user=settings.basic_user,
        password=password.get_secret_value() if password else None,
        connections=settings.connections,
        connect_wait=settings.connect_wait,
        answer_wait=settings.answer_wait,
    )
    reach = Reach(
        endpoints=endpoints(settings.endpoints or ""),
        organisations=organisations(settings.organisations or ""),
        user=settings.user,
        email=settings.email,
        now=now,
    )
    signer, verifier = _signing(settings)
    held = Contracts(contracts, settings.kit)
    held.load()
    return SoapBank(Wire(line), held, reach, signer=signer, verifier=verifier)


def _signing(settings: BcssSettings) -> tuple[Signer | None, Verifier | None]:
    """How messages of the SOA services are signed and believed, where that is configured."""
    signer = verifier = None
    try:
        if settings.sign_certificate and settings.sign_key:
            signer = signer_of(settings.sign_certificate.read_bytes(), settings.sign_key.read_bytes())
        if settings.anchors:
            verifier = verifier_of(settings.anchors.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        names = "HUB_BCSS__SIGN_CERTIFICATE, HUB_BCSS__SIGN_KEY and HUB_BCSS__ANCHORS"
        raise BankSettingError(f"{names} name PEM files; the key is an RSA key") from error
    return signer, verifier


def endpoints(text: str) -> Mapping[str, str]:
    """``classic=https://…; self-employed=https://…`` by service.

    Raises:
        BankSettingError: an address that is not ``https://``.
    """
    found = _pairs(text)
    if bad := sorted(name for name, address in found.items() if not address.startswith("https://")):
        raise BankSettingError(f"HUB_BCSS__ENDPOINTS: {', '.join(bad)}: the bank is asked over https:// only")
    return found


def organisations(text: str) -> Mapping[str, Organisation]:
    """``cpas-1=0123456789/63023; …`` by institution.

    Raises:
        BankSettingError: an enterprise number that has not ten digits.
    """
    found = {}
    for name, value in _pairs(text).items():
        number, _, code = (part.strip() for part in value.partition("/"))
        if len(number) != 10 or not number.isdecimal():  # noqa: PLR2004 - an enterprise number
            raise BankSettingError(f"HUB_BCSS__ORGANISATIONS: {name}: an enterprise number has ten digits")
        found[name] = Organisation(enterprise=number, code=code or None)
    return found


def _pairs(text: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in text.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}
