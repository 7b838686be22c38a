"""The receipt of the State Archives: recorded when it confirms the package that was made last (ADR 0028)."""

import re
from collections.abc import Mapping
from datetime import date

from hub.application.audit import Audit, Deed
from hub.application.intake.strict_json import read_json
from hub.application.ports import MovableClock
from hub.application.transfer.erase_ports import ArchivesReceipt, Standing, TransferTransactions
from hub.application.transfer.ports import TransferRefusedError
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.errors import RefusalError

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_FORM = 'a receipt is JSON: {"reference": "…", "date": "YYYY-MM-DD", "sha256": "64 hex digits"}'


def read_receipt(data: bytes, today: date) -> ArchivesReceipt:
    """What a receipt says.

    Raises:
        TransferRefusedError: ``receipt-unreadable``, with what is wrong.
    """
    try:
        said = read_json(data)
    except RefusalError:
        raise _unreadable("it is no JSON text") from None
    if not isinstance(said, Mapping):
        raise _unreadable("it is no JSON object")
    reference, sha256 = (str(said.get(name, "")) for name in ("reference", "sha256"))
    if not _REFERENCE.fullmatch(reference):
        raise _unreadable("'reference' is missing, or is none (letters, digits, spaces, . _ / : -)")
    if not _SHA256.fullmatch(sha256):
        raise _unreadable("'sha256' is missing, or is no SHA-256")
    try:
        on = date.fromisoformat(str(said.get("date", "")))
    except ValueError:
        raise _unreadable("'date' is missing, or is no date") from None
    if on > today:
        raise _unreadable("'date' lies in the future")
    return ArchivesReceipt(reference, on, bytes.fromhex(sha256))


def _unreadable(why: str) -> TransferRefusedError:
    return TransferRefusedError("receipt-unreadable", f"{why}; {_FORM}")


class Receive:
    """Records receipts; a refused one is an entry of the audit too."""

    def __init__(self, transactions: TransferTransactions, *, audit: Audit, clock: MovableClock) -> None:
        self._transactions, self._audit, self._clock = transactions, audit, clock

    async def receipt(self, case: str, data: bytes, *, who: str) -> ArchivesReceipt:
        """Record the receipt of a case's package; the same one again changes nothing.

        Raises:
            TransferRefusedError: ``receipt-unreadable``, ``not-packed``, ``receipt-of-other-bytes``, ``case-changed``,
                ``received``, ``case-erased``; nothing was changed.
        """
        await self._clock.refresh()
        now = self._clock()
        try:
            receipt = read_receipt(data, local_date(now))
            async with self._transactions.begin(case) as transaction:
                standing = await transaction.standing()
                if _check(standing, receipt):
                    await transaction.received(receipt, now, who)
                    detail = {"reference": receipt.reference, "date": receipt.on, "sha256": receipt.sha256.hex()}
                    await transaction.noted(Deed(who=who, verb="archived", what=f"case {case}", detail=detail), now)
        except TransferRefusedError as refusal:
            deed = Deed(who=who, verb="archived", what=f"case {case}", outcome="refused", reason=refusal.rule)
            await self._audit.note([deed])
            raise
        return receipt


def _check(standing: Standing, receipt: ArchivesReceipt) -> bool:
    """Whether it is to be recorded; False: it was before."""
    if standing.erased_at:
        raise TransferRefusedError("case-erased", "this case was erased; its receipt stands in the tombstone")
    if standing.sha256 is None:
        raise TransferRefusedError("not-packed", "no package of this case was made; see: hub rcd package")
    if receipt.sha256 != standing.sha256:
        raise TransferRefusedError(
            "receipt-of-other-bytes",
            f"the receipt confirms {receipt.sha256.hex()}, the package that was made last is {standing.sha256.hex()}:"
            " the Archives have another file",
        )
    if standing.received_at:
        if receipt.reference == standing.reference:
            return False
        raise TransferRefusedError("received", f"another receipt is recorded: {standing.reference}")
    changed(standing)
    return True


def changed(standing: Standing) -> None:
    """Refuse what is not in the package.

    Raises:
        TransferRefusedError: ``case-changed``, ``case-waits``.
    """
    if standing.waits:
        raise TransferRefusedError("case-waits", "events of this case wait as dead letters; see: hub dlq list")
    if standing.last != standing.packed:
        raise TransferRefusedError(
            "case-changed", "the case was told something after its package was made: pack it again, and send that"
        )
