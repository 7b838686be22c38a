"""How each party is reached, through the register or on paper (art. 1675/15bis; ADR 0029): reckoned here alone.

What the hub knows are acts. Whether a party is registered in an earlier procedure, the mediator knows: then the first
communication goes through the register and asks for confirmation.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from hub.domain.rcd.case import Case
from hub.domain.rcd.recorded import RecordedAct
from hub.domain.rcd.table import OWN
from hub.domain.rcd.terms import rule_of
from schemas.event import Event
from schemas.rcd import ChannelConfirmed, ChannelLapsed

Channel = Literal["register", "paper"]
Step = Literal["obliged", "registered", "asked", "lapsed", "unregistered"]


class StepRow(NamedTuple):
    """The channel of a step, where it stands in the law, and what comes next."""

    channel: Channel
    article: str
    then: str


STEPS: Mapping[Step, StepRow] = {
    "obliged": StepRow(
        "register", "1675/15bis §1 al. 1 and 3", "always through the register; anything else is without effect"
    ),
    "registered": StepRow("register", "1675/15bis §1 al. 1", "every communication goes through the register"),
    "asked": StepRow("register", "1675/15bis §1 al. 2", "confirmed: registered; three working days without: lapsed"),
    "lapsed": StepRow(
        "paper",
        "1675/15bis §1 al. 2",
        "deemed not done: on paper, until it confirms, acts through the register or is asked again",
    ),
    "unregistered": StepRow(
        "paper", "1675/16 §1", "registered in an earlier procedure: ask it to confirm; otherwise on paper"
    ),
}
"""Steps 1 to 3 of rcd-justrestart §2.4."""

_ASKED = "confirmation-asked"


class Standing(NamedTuple):
    """The step of a party, and the last day for its confirmation if it was asked last."""

    step: Step
    confirm_by: date | None


def standings_of(case: Case) -> dict[str, Standing]:
    """How each party stands that an act names or that somebody acts for, sorted by party."""
    last: dict[str, RecordedAct | None] = dict.fromkeys((*case.obliged, *case.acts_for))
    for act in case.acts:  # by their legal dates
        if act.party and act.ref not in case.unplaced:
            last[act.party] = act if _is_word(act) else last.get(act.party)
    return {party: _standing(case, party, last[party]) for party in sorted(last)}


def steps(case: Case) -> dict[str, Step]:
    """On which step each party stands."""
    return {party: one.step for party, one in standings_of(case).items()}


def channel_changes(before: Case, after: Case, case_id: str, ref: str | None = None) -> list[Event]:
    """Who is on paper because its term is over; who was asked or had lapsed and is reached through the register."""
    then, changed = steps(before), list[Event]()
    for party, (step, day) in standings_of(after).items():
        was = then.get(party)
        if step == "lapsed" and day and was != step:
            changed.append(ChannelLapsed(case=case_id, party=party, last_day=day))
        if ref and step in {"obliged", "registered"} and was in {"asked", "lapsed"}:
            changed.append(ChannelConfirmed(case=case_id, party=party, register_ref=ref))
    return changed


def _is_word(act: RecordedAct) -> bool:
    """Whether an act says something of its party's registration: a question, an answer, an act of its own there."""
    return act.act in {_ASKED, "confirmed"} or (act.act in OWN and act.channel == "register")


def _standing(case: Case, party: str, word: RecordedAct | None) -> Standing:
    """By the last word, unless the party must use the register or somebody acts for it there."""
    day = rule_of("confirmation").last_day(word.on, word.residence).late if word and word.act == _ASKED else None
    if party in case.obliged:
        return Standing("obliged", day)
    if case.acts_for.get(party) or (word and day is None):
        return Standing("registered", day)
    if day is None:
        return Standing("unregistered", None)
    return Standing("lapsed" if f"confirmation/{party}:{day}" in case.told else "asked", day)
