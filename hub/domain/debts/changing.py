"""One debt file becomes another: its balance, its rows, its statement, in one place for every command."""

from decimal import Decimal

from hub.domain.debts.rows import DebtFileRow, DebtStepRow, RefundRow, cents
from hub.domain.debts.rules import DebtRules
from hub.domain.debts.state import DebtFile, GeneralFile
from hub.domain.debts.told import refused, told
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, Row
from schemas.debts import DebtBalanceChanged
from schemas.event import Event

LARGEST = Decimal("999999999999.99")
"""What an amount of an event can be; the sum of all refunds of a file must still be one."""


def changed(
    state: GeneralFile,
    event: CloudEvent,
    name: str,
    after: DebtFile,
    rules: DebtRules,
    *facts: Event,
    what: str,
    details: bool = False,
    rows: tuple[Row, ...] = (),
) -> Decision[GeneralFile]:
    """The decision that makes a file ``after``; refused where more would come than can be said, or than may.

    ``details``: the event's sealed part describes the file from now on. ``what`` names the step in the statement.
    """
    before = state.files.get(name)
    if sum((one.amount for one in after.refunds.values()), Decimal(0)) > LARGEST:
        return refused(state, event, state.cpas, "amount-too-large")
    if not rules.overpayment and after.excess(rules) > max(Decimal(0), before.excess(rules) if before else Decimal(0)):
        return refused(state, event, state.cpas, "overpaid")
    emissions = tuple(told(state, event, fact) for fact in facts)
    if before is None or _amounts(before, rules) != _amounts(after, rules):
        emissions = (*emissions, _balance(state, event, name, after, rules))
    row = _file_row(state, event, name, after, rules, details=details)
    step = DebtStepRow(
        event.partitionkey, name, event.id, what, row.due, row.repaid, row.remaining, after.mode, event.recordedtime
    )
    return Decision(state=state.with_file(name, after), rows=(row, step, *rows), events=emissions)


def _amounts(file: DebtFile, rules: DebtRules) -> tuple[Decimal, Decimal, str]:
    return file.due, file.repaid(rules), file.mode


def _balance(state: GeneralFile, event: CloudEvent, name: str, file: DebtFile, rules: DebtRules) -> Emission:
    remaining = file.remaining(rules)
    data = DebtBalanceChanged(
        dossier=event.partitionkey,
        cpas=state.cpas,
        file=name,
        mode=file.mode,
        due=file.due,
        repaid=file.repaid(rules),
        remaining=remaining,
        overpaid=remaining < 0,
    )
    return told(state, event, data)


def _file_row(
    state: GeneralFile, event: CloudEvent, name: str, file: DebtFile, rules: DebtRules, *, details: bool
) -> DebtFileRow:
    return DebtFileRow(
        event.partitionkey,
        name,
        state.cpas,
        state.subject,
        file.number,
        file.opened_on,
        cents(file.due),
        cents(file.repaid(rules)),
        cents(file.remaining(rules)),
        file.mode,
        file.closed_on,
        event.id if details else None,
        event.box if details else None,
        event.recordedtime,
    )


def refund_row(
    event: CloudEvent, file: DebtFile, name: str, refund: str, *, deleted: bool = False, details: bool = False
) -> RefundRow:
    """A refund of a file as it stands (or stood, when it was deleted)."""
    one = file.refunds[refund]
    return RefundRow(
        event.partitionkey,
        name,
        refund,
        one.on,
        cents(one.amount),
        one.made,
        deleted,
        event.id if details else None,
        event.box if details else None,
        event.recordedtime,
    )
