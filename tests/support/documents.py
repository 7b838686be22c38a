"""What partners send in these tests: synthetic people (order numbers 991–997, domain page fca-cpc §5)."""

from collections.abc import Mapping, Sequence
from typing import Any

_SENT = 'sentAt="2026-01-15T09:30:00+01:00"'
_CIA, _FCA = 'xmlns="urn:be:mediationhub:cia:1"', 'xmlns="urn:be:mediationhub:fca:1"'


def niss_of(n: int) -> str:
    """A NISS with a right checksum that belongs to nobody: order number 991 to 997."""
    day, month, year, order = n % 28 + 1, n // 28 % 12 + 1, n // 336 % 60 + 30, 991 + n // 20160 % 7
    first = year * 10_000_000 + month * 100_000 + day * 1_000 + order
    return f"{first:09d}{97 - first % 97:02d}"


def name_of(n: int) -> str:
    """A surname nobody bears."""
    return "Quxwv" + "".join(chr(ord("a") + int(digit)) for digit in f"{n:04d}")


def euro(cents: int) -> str:
    """Cents as EUR with two decimals."""
    return f"{cents // 100}.{cents % 100:02d}"


def directory(message_id: str, offices: Sequence[str], *, sender: str = "fca") -> bytes:
    """The Chamber's directory, each office with a mail address of its own."""
    listed = "".join(
        f'<Office office="{one}" name="Étude {one}" postcode="1000" city="Bruxelles" email="{mailbox(one)}"/>'
        for one in offices
    )
    root = f'<OfficeDirectory {_CIA} messageId="{message_id}" sender="{sender}" {_SENT}>'
    return f"{root}{listed}</OfficeDirectory>".encode()


def mailbox(office: str) -> str:
    """Where an office's mails go."""
    return f"{office}@offices.invalid"


def notice(message_id: str, n: int, office: str, *, number: str = "") -> bytes:
    """A seizure notice (N2) that makes an office known for a person."""
    return f"""<Notice {_FCA} messageId="{message_id}" sender="fca" {_SENT}
      number="{number or f"2026-{n:06d}"}" kind="N2" subkind="conservatory" office="{office}"
      registeredAt="2026-01-15T14:02:11+01:00" expiresOn="2029-01-15">
      <Seizing kind="PM" name="Énergie Exemple SA" enterpriseNumber="0123456551" legalForm="SA"/>
      <Debtor kind="NP" name="{name_of(n)}" born="1961-02-13" niss="{niss_of(n)}"><FirstName>Pierre</FirstName></Debtor>
      <Act on="2026-01-12" place="Liège" servedOn="2026-01-13"/>
      <Claim nature="energy" amount="1564.73"/>
      <Goods>Une voiture de marque Exemple</Goods>
    </Notice>""".encode()


def strike(message_id: str, n: int, *, number: str = "") -> bytes:
    """The striking of a notice; before its registration it cannot be handled."""
    return f"""<Strike {_FCA} messageId="{message_id}" sender="fca" {_SENT}
      number="{number or f"2026-{n:06d}"}" debtor="{niss_of(n)}" on="2026-01-15">
      <Reason>Payé intégralement</Reason>
    </Strike>""".encode()


def claim_element(n: int, reference: str, version: int, cents: int, *, office: str, envelope: str = "") -> str:
    """A claim whose only head is its principal."""
    total = euro(cents)
    heads = f'principal="{total}" interest="0.00" clientCosts="0.00" bailiffCosts="0.00"'
    return f"""<Claim {envelope} office="{office}" reference="{reference}" version="{version}"
      phase="judicial" total="{total}">
      <Debtor niss="{niss_of(n)}" name="{name_of(n)}" firstName="Pierre"/>
      <Creditor name="Energie Exemple SA" enterpriseNumber="0123456551"/>
      <Client name="Recouvrement Exemple" reference="K-{n}"/>
      <Payment iban="BE26138000001729" kind="ogm" reference="099000001772"/>
      <Contact name="Service gestion" email="gestion@{office}.example"/>
      <Heads {heads}/>
      <Line performedOn="2025-03-01" invoice="F-{n}" {heads}/>
    </Claim>"""


def claim(message_id: str, n: int, reference: str, version: int, cents: int, *, office: str) -> bytes:
    """A document of one claim."""
    envelope = _envelope(message_id, office)
    return claim_element(n, reference, version, cents, office=office, envelope=envelope).encode()


def withdrawal(message_id: str, n: int, reference: str, version: int, *, office: str) -> bytes:
    """A claim taken back."""
    envelope = _envelope(message_id, office)
    return f"""<Withdrawal {envelope} office="{office}" reference="{reference}" version="{version}"
      niss="{niss_of(n)}"><Reason>Payé</Reason></Withdrawal>""".encode()


def synchronisation(message_id: str, sequence: int, claims: Sequence[str], *, office: str) -> bytes:
    """A bulk document of claims without envelope."""
    entries = "\n".join(f"<Entry>{one}</Entry>" for one in claims)
    root = f'<Synchronisation {_envelope(message_id, office)} sequence="{sequence}">'
    return f"{root}\n{entries}\n</Synchronisation>".encode()


def _envelope(message_id: str, sender: str) -> str:
    return f'{_CIA} messageId="{message_id}" sender="{sender}" {_SENT}'


def registration(event_id: str, n: int, *, cpas: str) -> Mapping[str, Any]:
    """A CPAS registers a client who consented, as a structured CloudEvent."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/{cpas}/software",
        "type": "be.mediationhub.client.register.v1",
        "time": "2026-01-16T08:00:00+01:00",
        "datacontenttype": "application/json",
        "data": {
            "cpas": cpas,
            "stage": "Dans la recherche",
            "consent": {
                "registration": True,
                "sharing": True,
                "text_version": "2021-09",
                "given_at": "2026-01-16T07:55:00+01:00",
            },
            "language": "fr",
            "niss": niss_of(n),
            "name": name_of(n),
            "first_name": "Pierre",
            "worker": {
                "desk": "Médiation",
                "reference": f"M-{n}",
                "manager": "A. Lune",
                "email": f"{cpas}@cpas.invalid",
            },
        },
    }
