"""Debt files: opening, changing, manual and automatic, closing and reactivating (bcss-primaweb §4.2, §4.4, §4.5)."""

from hub.domain.debts.changing import changed
from hub.domain.debts.rules import DebtRules
from hub.domain.debts.state import NOTHING, DebtFile, GeneralFile
from hub.domain.debts.told import refused, standings
from hub.domain.identifiers import bare, iban_problem
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from schemas.debt_commands import CloseDebtFile, ModifyDebtFile, OpenDebtFile, ReactivateDebtFile
from schemas.debts import (
    AlreadyRepaidModeChanged,
    DebtFileClosed,
    DebtFileModified,
    DebtFileOpened,
    DebtFileReactivated,
)


def opened(state: GeneralFile, event: CloudEvent, data: OpenDebtFile, rules: DebtRules) -> Decision[GeneralFile]:
    """A new file, active, under the next number; the gate is told of it (I3)."""
    name = str(event.id)
    if name in state.files:
        return Decision(state=state)
    if rule := _unfit(data):
        return refused(state, event, data.cpas, rule)
    file = DebtFile(
        number=1 + max((one.number for one in state.files.values()), default=0),
        opened_on=data.opened_on or local_date(event.recordedtime),
        due=data.due,
        typed=NOTHING if data.repaid is None else data.repaid,
    )
    fact = DebtFileOpened(
        dossier=event.partitionkey,
        cpas=state.cpas,
        file=name,
        number=file.number,
        opened_on=file.opened_on,
        due=file.due,
        mode=file.mode,
        repaid=file.typed,
    )
    decision = changed(state, event, name, file, rules, fact, what="opened", details=True)
    if name not in decision.state.files:
        return decision
    gate = standings(decision.state, name, active=True, created=True)
    return decision._replace(events=(*decision.events, *gate))


def _unfit(data: OpenDebtFile) -> str | None:
    if data.mode == "automatic":
        return "automatic-needs-refund"  # A1: there is none yet
    if data.niss and not data.description:
        return "description-required"
    return iban_problem(bare(data.iban)) if data.iban else None


def modified(state: GeneralFile, event: CloudEvent, data: ModifyDebtFile, rules: DebtRules) -> Decision[GeneralFile]:
    """General data, amounts and mode; what is absent stays."""
    file = state.files[data.file]
    if rule := _forbidden(file, data, rules):
        return refused(state, event, data.cpas, rule)
    mode = data.mode or file.mode
    typed = file.typed if data.repaid is None else data.repaid
    if mode == "manual" and file.mode == "automatic" and data.repaid is None:
        typed = file.repaid(rules)
    update = {
        "opened_on": data.opened_on or file.opened_on,
        "due": file.due if data.due is None else data.due,
        "typed": typed if mode == "manual" else NOTHING,
        "mode": mode,
    }
    after = file.model_copy(update=update)
    details = bool(data.description)
    fields = tuple(name for name in ("opened_on", "due") if getattr(after, name) != getattr(file, name))
    if after.mode == file.mode == "manual" and after.typed != file.typed:
        fields = (*fields, "repaid")
    fields = (*fields, "details") if details else fields
    facts = (
        DebtFileModified(dossier=event.partitionkey, cpas=state.cpas, file=data.file, fields=fields)
        if fields
        else None,
        _switched(event, data, file, after, rules) if after.mode != file.mode else None,
    )
    said = [fact for fact in facts if fact is not None]
    if not said:
        return Decision(state=state)
    return changed(state, event, data.file, after, rules, *said, what="modified", details=details)


def _forbidden(file: DebtFile, data: ModifyDebtFile, rules: DebtRules) -> str | None:
    """The rule that a change breaks."""
    mode = data.mode or file.mode
    if mode == "automatic" and data.repaid is not None:
        return "repaid-is-computed"
    if mode == "automatic" and file.mode == "manual" and not file.refunds:
        return "automatic-needs-refund"  # A1
    if mode == "manual" and file.mode == "automatic" and data.repaid is None and rules.retype_manual:
        return "repaid-must-be-typed"
    if (data.iban or data.payment_reference) and not data.description:
        return "description-required"
    return iban_problem(bare(data.iban)) if data.iban else None


def _switched(
    event: CloudEvent, data: ModifyDebtFile, before: DebtFile, after: DebtFile, rules: DebtRules
) -> AlreadyRepaidModeChanged:
    return AlreadyRepaidModeChanged(
        dossier=event.partitionkey,
        cpas=data.cpas,
        file=data.file,
        mode_before=before.mode,
        mode=after.mode,
        repaid_before=before.repaid(rules),
        repaid=after.repaid(rules),
    )


def closed(state: GeneralFile, event: CloudEvent, data: CloseDebtFile, rules: DebtRules) -> Decision[GeneralFile]:
    """*Clôturer*: whatever is still due; the gate is told."""
    file = state.files[data.file]
    if not file.active:
        return refused(state, event, data.cpas, "debt-file-closed")
    day = data.closed_on or local_date(event.recordedtime)
    if day < file.opened_on and not rules.close_before_opening:
        return refused(state, event, data.cpas, "closed-before-opened")
    after = file.model_copy(update={"closed_on": day})
    fact = DebtFileClosed(
        dossier=event.partitionkey, cpas=state.cpas, file=data.file, closed_on=day, remaining=file.remaining(rules)
    )
    decision = changed(state, event, data.file, after, rules, fact, what="closed")
    gate = standings(decision.state, data.file, active=False)
    return decision._replace(events=(*decision.events, *gate))


def reactivated(
    state: GeneralFile, event: CloudEvent, data: ReactivateDebtFile, rules: DebtRules
) -> Decision[GeneralFile]:
    """*Réactiver*: active, without a closing date; it integrates nobody."""
    file = state.files[data.file]
    if file.closed_on is None:
        return refused(state, event, data.cpas, "debt-file-active")
    after = file.model_copy(update={"closed_on": None})
    fact = DebtFileReactivated(
        dossier=event.partitionkey, cpas=state.cpas, file=data.file, closed_on_before=file.closed_on
    )
    decision = changed(state, event, data.file, after, rules, fact, what="reactivated")
    gate = standings(decision.state, data.file, active=True)
    return decision._replace(events=(*decision.events, *gate))
