"""Refunds of a debt file, planned and made; in automatic each change recomputes at once (bcss-primaweb §4.3, A5)."""

from hub.domain.debts.changing import changed, refund_row
from hub.domain.debts.rules import DebtRules
from hub.domain.debts.state import DebtFile, GeneralFile, Refund
from hub.domain.debts.told import refused
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from schemas.debt_commands import AddRefund, DeleteRefund, ModifyRefund
from schemas.debts import RefundDeleted, RefundMade, RefundModified, RefundPlanned
from schemas.event import Event


def added(state: GeneralFile, event: CloudEvent, data: AddRefund, rules: DebtRules) -> Decision[GeneralFile]:
    """A new refund; not made unless it says so."""
    file, name = state.files[data.file], str(event.id)
    if name in file.refunds:
        return Decision(state=state)
    after = _with(file, name, Refund(on=data.on, amount=data.amount, made=data.made))
    kind = RefundMade if data.made else RefundPlanned
    fact = kind(
        dossier=event.partitionkey, cpas=state.cpas, file=data.file, refund=name, on=data.on, amount=data.amount
    )
    what = "refund-made" if data.made else "refund-planned"
    row = refund_row(event, after, data.file, name, details=True)
    return changed(state, event, data.file, after, rules, fact, what=what, rows=(row,))


def modified(state: GeneralFile, event: CloudEvent, data: ModifyRefund, rules: DebtRules) -> Decision[GeneralFile]:
    """Every field can be changed later; planned to made is an ordinary change (§4.3)."""
    file = state.files[data.file]
    before = file.refunds.get(data.refund)
    if before is None:
        return refused(state, event, data.cpas, "refund-unknown")
    given = {"on": data.on, "amount": data.amount, "made": data.made}
    one = before.model_copy(update={name: value for name, value in given.items() if value is not None})
    commented = data.comment is not None
    if one == before and not commented:
        return Decision(state=state)
    after = _with(file, data.refund, one)
    arrived = one.made and not before.made
    fact = _made(state, event, data, one) if arrived else _modified(state, event, data, before, one)
    row = refund_row(event, after, data.file, data.refund, details=commented)
    what = "refund-made" if arrived else "refund-modified"
    return changed(state, event, data.file, after, rules, fact, what=what, rows=(row,))


def _made(state: GeneralFile, event: CloudEvent, data: ModifyRefund, one: Refund) -> Event:
    return RefundMade(
        dossier=event.partitionkey, cpas=state.cpas, file=data.file, refund=data.refund, on=one.on, amount=one.amount
    )


def _modified(state: GeneralFile, event: CloudEvent, data: ModifyRefund, before: Refund, one: Refund) -> Event:
    return RefundModified(
        dossier=event.partitionkey,
        cpas=state.cpas,
        file=data.file,
        refund=data.refund,
        on=one.on,
        amount=one.amount,
        made=one.made,
        on_before=before.on,
        amount_before=before.amount,
        made_before=before.made,
    )


def deleted(state: GeneralFile, event: CloudEvent, data: DeleteRefund, rules: DebtRules) -> Decision[GeneralFile]:
    """Gone at once; automatic stays automatic, even with no refund left (A6)."""
    file = state.files[data.file]
    one = file.refunds.get(data.refund)
    if one is None:
        return refused(state, event, data.cpas, "refund-unknown")
    left = {name: refund for name, refund in file.refunds.items() if name != data.refund}
    fact = RefundDeleted(
        dossier=event.partitionkey,
        cpas=state.cpas,
        file=data.file,
        refund=data.refund,
        on=one.on,
        amount=one.amount,
        made=one.made,
    )
    after = file.model_copy(update={"refunds": left})
    row = refund_row(event, file, data.file, data.refund, deleted=True)
    return changed(state, event, data.file, after, rules, fact, what="refund-deleted", rows=(row,))


def _with(file: DebtFile, name: str, refund: Refund) -> DebtFile:
    return file.model_copy(update={"refunds": {**file.refunds, name: refund}})
