"""How a party is reached: through the register or on paper, and on paper in which form (arts. 1675/15bis and 1675/16).

What the hub knows are acts, so a party is registered for a procedure when one says so: it confirmed, somebody accepted
to act for it, or it acted through the register itself. Whether it is registered in an earlier procedure, the mediator
knows: then the first communication goes through the register and asks for confirmation.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

Channel = Literal["register", "paper"]
Step = Literal["registered", "asked", "lapsed", "unregistered"]
Form = Literal["pli-judiciaire", "registered-letter", "registered-letter-ar", "ar-or-dated-receipt", "ordinary-post"]
By = Literal["greffier", "mediator", "creditor"]


class StepRow(NamedTuple):
    """The channel of a step, where it stands in the law, and what comes next."""

    channel: Channel
    article: str
    then: str


STEPS: Mapping[Step, StepRow] = {
    "registered": StepRow("register", "1675/15bis §1", "every communication goes through the register"),
    "asked": StepRow("register", "1675/15bis §1", "confirmed: registered; three working days without: lapsed"),
    "lapsed": StepRow("paper", "1675/15bis §1", "the communication is deemed not done: on paper, until it confirms"),
    "unregistered": StepRow(
        "paper", "1675/15bis §1", "registered in an earlier procedure: ask it to confirm; otherwise on paper"
    ),
}
"""Steps 1 to 3 of rcd-justrestart §2.4."""


class FormRow(NamedTuple):
    """The form of a communication on paper, and who sends it."""

    form: Form
    by: By


_GREFFE = FormRow("registered-letter", "greffier")
_PLI = FormRow("pli-judiciaire", "greffier")
_AR = FormRow("registered-letter-ar", "mediator")
FORMS: Mapping[str, FormRow] = {
    **dict.fromkeys(("declared-inadmissible", "revoked", "ended-at-request", "remission-revoked"), _PLI),
    **dict.fromkeys(
        (
            *("admissibility-notified", "plan-homologated", "judicial-plan", "judicial-plan-remission"),
            *("total-remission", "plan-rejected", "mediator-replaced", "mediator-recused"),
        ),
        _GREFFE,
    ),
    **dict.fromkeys(("reminder-sent", "plan-sent", "surety-informed"), _AR),
    "claim-submitted": FormRow("ar-or-dated-receipt", "creditor"),
}
"""Step 3, by the act that is communicated; another one goes by ordinary post of the mediator."""
OTHERWISE = FormRow("ordinary-post", "mediator")

_OWN = frozenset({"claim-submitted", "objection-raised", "discharge-asked"})
"""Acts of a party itself."""
_TERM = "confirmation/"


class _Act(Protocol):
    @property
    def act(self) -> str: ...
    @property
    def ref(self) -> str: ...
    @property
    def party(self) -> str | None: ...
    @property
    def channel(self) -> str: ...


class _Case(Protocol):
    @property
    def acts(self) -> tuple[_Act, ...]: ...
    @property
    def unplaced(self) -> Mapping[str, str]: ...
    @property
    def regions(self) -> Mapping[str, str]: ...
    @property
    def acts_for(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def paper(self) -> tuple[str, ...]: ...


def form_of(communication: str) -> FormRow:
    """How a communication goes on paper."""
    return FORMS.get(communication, OTHERWISE)


def lapsed(told: Iterable[str], regions: Mapping[str, str]) -> tuple[str, ...]:
    """Parties whose confirmation did not come in time, by what was told of terms, unless they have confirmed (I9)."""
    parties = dict.fromkeys(key.removeprefix(_TERM).rpartition(":")[0] for key in told if key.startswith(_TERM))
    return tuple(party for party in parties if regions.get(f"channel/{party}") != "REGISTER")


def steps(case: _Case) -> dict[str, Step]:
    """The step on which each party stands that an act names, sorted by party."""
    acts = [act for act in case.acts if act.party and act.ref not in case.unplaced]
    themselves = {act.party for act in acts if act.act in _OWN and act.channel == "register"}
    return {party: _step(case, party, themselves) for party in sorted({act.party for act in acts if act.party})}


def _step(case: _Case, party: str, themselves: Collection[str | None]) -> Step:
    asked = case.regions.get(f"channel/{party}")
    if asked == "REGISTER" or case.acts_for.get(party):
        return "registered"
    if party in case.paper:
        return "lapsed"
    if party in themselves:
        return "registered"
    return "asked" if asked == "ASKED" else "unregistered"
