"""Documents of the cia contract, made by the thousand: synthetic people (order numbers 991–997, §5.1)."""

from collections.abc import Iterator


def niss_of(n: int) -> str:
    """A NISS with a right checksum that belongs to nobody: order number 991 to 997."""
    day, month, year, order = n % 28 + 1, n // 28 % 12 + 1, n // 336 % 60 + 30, 991 + n // 20160 % 7
    first = year * 10_000_000 + month * 100_000 + day * 1_000 + order
    return f"{first:09d}{97 - first % 97:02d}"


def claim_of(
    n: int, *, office: str = "etude-001", total: str = "1564.73", envelope: str = "", prefix: str = "C"
) -> str:
    """A claim; with an envelope's attributes it is a document of its own."""
    return f"""<Claim {envelope} office="{office}" reference="{prefix}-{n:06d}" version="1"
      phase="judicial" total="{total}">
      <Debtor niss="{niss_of(n)}" name="Exemple" firstName="Pierre"/>
      <Creditor name="Energie Exemple SA" enterpriseNumber="0123456551"/>
      <Client name="Recouvrement Exemple" reference="K-{n}"/>
      <Payment iban="BE26138000001729" kind="ogm" reference="099000001772"/>
      <Contact name="Service gestion" email="gestion@{office}.example"/>
      <Heads principal="1250.00" interest="37.42" clientCosts="65.00" bailiffCosts="212.31"/>
      <Line performedOn="2025-03-01" invoice="F-{n}" principal="1250.00" interest="37.42" clientCosts="65.00"
        bailiffCosts="212.31"/>
    </Claim>"""


def single(n: int, *, message_id: str | None = None, office: str = "etude-001", total: str = "1564.73") -> bytes:
    """A document of one claim."""
    envelope = (
        f'xmlns="urn:be:mediationhub:cia:1" messageId="{message_id or f"m-{n}"}" sender="{office}"'
        ' sentAt="2026-01-15T09:30:00+01:00"'
    )
    return claim_of(n, office=office, total=total, envelope=envelope).encode()


def synchronisation(
    claims: int,
    *,
    message_id: str = "sync-1",
    sequence: int = 1,
    office: str = "etude-001",
    bad: frozenset[int] = frozenset(),
) -> Iterator[bytes]:
    """A bulk document, piece by piece; the bad ones have a total that is not their sum."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Synchronisation xmlns="urn:be:mediationhub:cia:1"'
        f' messageId="{message_id}" sender="{office}" sentAt="2026-01-15T09:30:00+01:00" sequence="{sequence}">\n'
    ).encode()
    for n in range(claims):
        total = "1.00" if n in bad else "1564.73"
        yield f"<Entry>\n{claim_of(n, office=office, total=total, prefix=message_id)}\n</Entry>\n".encode()
    yield b"</Synchronisation>\n"
