"""The state machine T1 to T34 row by row: every row leads where it says, from where it says, and from nowhere else."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from hub.domain.rcd.access import ACCESS, TO_ANOTHER
from hub.domain.rcd.case import Case, misplaced, placed, read_again
from hub.domain.rcd.recorded import RecordedAct, RunningTerm
from hub.domain.rcd.table import ANY, TABLE
from hub.domain.rcd.terms import RULES
from schemas.rcd import Act, CaseState
from schemas.rcd_access import AccessAct

START = datetime(2024, 3, 13, 9, 0, tzinfo=UTC)
PARTY = "cred-1"
CAUGHT_UP = {"outage": "o-1", "evidence": "doc-1"}


def act(name: str, days: int = 0, *, ref: str = "", **said: object) -> RecordedAct:
    """An act so many days after the beginning."""
    at = START + timedelta(days=days)
    return RecordedAct.model_validate({"act": name, "ref": ref or f"{name}.{days}", "at": at, "party": PARTY, **said})


def ready(name: str) -> dict[str, object]:
    """What a case must know for the rows that have a rule of their own."""
    over = RunningTerm(early=date(2024, 1, 2), late=date(2024, 1, 2), started=date(2024, 1, 1))
    needed: dict[str, dict[str, object]] = {
        "foreclosure-confirmed": {"reminded": (PARTY,), "terms": {f"last-claim/{PARTY}": over}},
        "plan-agreed": {"terms": {"objection": over}},
        "plan-revised": {"resumes": "JUDICIAL_PLAN_RUNNING"},
        "outage-ended": {"outages": {"o": (START, None)}},
        "invitation-refused": {"invited": {PARTY: ("office-1",)}},
        **{one: {"acts_for": {PARTY: ("office-1",)}} for one in TO_ANOTHER},
    }
    return needed.get(name, {})


def test_table_names_every_act_and_every_state_is_reached() -> None:
    assert set(TABLE) == {*get_args(Act), *get_args(AccessAct)}
    assert {row.to for row in TABLE.values() if row.to} | {"DRAFT", "REVISION"} == set(get_args(CaseState))
    assert set(get_args(CaseState)) == ANY
    assert {f"T{n}" for n in range(1, 35)} - {"T3a"} - {row.t for row in TABLE.values()} == {"T6", "T12"}
    started = {name.rstrip("/") for row in TABLE.values() for name in (*row.start, *row.end)}
    assert started == set(RULES)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_row_leads_from_its_states_to_its_state_and_from_no_other(name: str) -> None:
    row = TABLE[name]
    access = {"institution": "office-1", "target": "office-2", "target_party": "cred-2"} if name in ACCESS else {}
    one = act(name, months=row.months[1] if row.months else None).model_copy(update=access)
    for state in get_args(CaseState):
        case = Case.model_validate({"state": state, **ready(name)})
        assert misplaced(case, one) == (None if state in row.source else "state"), state
        if state in row.source:
            after = placed(case, one).state
            assert after == (row.to or (case.resumes if name == "plan-revised" else state)), state


def walk(*acts: RecordedAct) -> Case:
    return read_again(acts)


ADMITTED = (act("petition-filed", -10), act("admitted", 0, institution="mediator-1"))
CLAIMS = (*ADMITTED, act("admissibility-notified", 0))
REMINDED = (*CLAIMS, act("reminder-sent", 37), act("reminder-received", 40))
PLAN = (*REMINDED, act("drafting-started", 60), act("plan-sent", 99))


def test_admission_starts_the_terms_of_the_greffe_and_of_the_mediator() -> None:
    case = walk(*ADMITTED)

    assert (case.state, case.regions["mediator"], case.institutions) == ("ADMITTED", "DESIGNATED", ("mediator-1",))
    assert case.terms["avis"].late == date(2024, 3, 14)
    assert case.terms["notify-admissible"].late == date(2024, 3, 18)
    assert case.terms["carence"].late == date(2024, 9, 13)
    assert case.terms["annual-report"].late == date(2025, 3, 13)
    assert "decision" not in case.terms


@pytest.mark.parametrize(
    ("residence", "claim", "last"),
    [
        ("BE", date(2024, 4, 15), date(2024, 5, 7)),
        ("EU", date(2024, 6, 13), date(2024, 5, 22)),
        ("NON_EU", date(2024, 8, 13), date(2024, 6, 17)),
    ],
)
def test_terms_of_claims_by_residence(residence: str, claim: date, last: date) -> None:
    """Vectors of §2.3b: notified 13-03-2024; the reminder received 22-04-2024."""
    case = walk(*ADMITTED, act("admissibility-notified", 0, residence=residence))
    assert case.terms[f"claim/{PARTY}"].late == claim
    reminded = walk(*ADMITTED, act("admissibility-notified", 0), act("reminder-received", 40, residence=residence))
    assert reminded.terms[f"last-claim/{PARTY}"].late == last


def test_contredit_counts_from_the_sending_and_silence_agrees_only_after_it() -> None:
    """I2: sent 20-06-2024, last day 20-08-2024 (§2.3b)."""
    case = walk(*PLAN)
    assert case.terms["objection"].late == date(2024, 8, 20)
    early = walk(*PLAN, act("plan-agreed", 150))
    assert (early.state, list(early.unplaced.values())) == ("PLAN_PROPOSED", ["term-runs"])
    assert walk(*PLAN, act("plan-agreed", 161)).state == "PLAN_AGREED"
    objected = walk(*PLAN, act("objection-raised", 110), act("plan-agreed", 161))
    assert (objected.state, objected.objectors) == ("PLAN_PROPOSED", (PARTY,))


def test_foreclosure_needs_a_received_reminder_an_elapsed_term_and_no_claim() -> None:
    confirmed = act("foreclosure-confirmed", 56)
    assert walk(*REMINDED, confirmed).foreclosed == (PARTY,)
    assert walk(*REMINDED, act("foreclosure-confirmed", 55)).foreclosed == ()
    assert walk(*CLAIMS, confirmed).foreclosed == ()
    assert walk(*REMINDED, act("claim-submitted", 50), confirmed).foreclosed == ()


def test_claim_after_the_last_term_saves_no_right() -> None:
    """Art. 1675/9 §3: late is forclos; a claim entered afterwards for a day within the term is in time."""
    late, confirmed = act("claim-submitted", 56), act("foreclosure-confirmed", 58)
    case = walk(*REMINDED, late)
    assert (case.claimed, case.late, f"last-claim/{PARTY}" in case.terms) == ((), (PARTY,), True)
    assert walk(*REMINDED, late, confirmed).foreclosed == (PARTY,)
    after = walk(*REMINDED, confirmed, act("claim-submitted", 60))
    assert (after.claimed, after.late, after.foreclosed) == ((), (PARTY,), (PARTY,))
    in_time = walk(*REMINDED, late, confirmed, act("claim-converted", 55))
    assert (in_time.claimed, in_time.late, in_time.foreclosed) == ((PARTY,), (), ())


def test_claim_after_the_first_term_but_within_the_last_is_in_time() -> None:
    case = walk(*REMINDED, act("claim-submitted", 55))
    assert (case.claimed, case.late, f"last-claim/{PARTY}" in case.terms) == ((PARTY,), (), False)


def test_second_claim_of_a_creditor_who_claimed_in_time_is_not_late() -> None:
    assert walk(*REMINDED, act("claim-submitted", 50), act("claim-submitted", 90)).late == ()


def test_case_that_ended_keeps_no_term_of_its_claims() -> None:
    ended = walk(*REMINDED, act("revoked", 45))
    assert set(ended.terms) == {"mention", "petition-bar"}
    assert set(walk(*REMINDED, act("revoked", 45), act("mention-told", 46), act("closed", 60)).terms) == {
        "petition-bar"
    }


def test_former_mediator_is_linked_no_more_unless_it_acts_for_a_party() -> None:
    replaced = act("mediator-replaced", 70, institution="mediator-2")
    case = walk(*CLAIMS, replaced)
    assert (case.mediator, case.institutions) == ("mediator-2", ("mediator-2",))
    also = walk(*CLAIMS, act("invitation-accepted", 20, institution="mediator-1"), replaced)
    assert also.institutions == ("mediator-1", "mediator-2")
    nameless = walk(*CLAIMS, act("mediator-recused", 70))
    assert (nameless.mediator, nameless.institutions) == ("mediator-1", ("mediator-1",))


def test_blocked_institution_is_linked_in_no_quality() -> None:
    linked = (*CLAIMS, act("invitation-accepted", 20, institution="office-1"))
    blocked = walk(*linked, act("access-blocked", 30, institution="office-1"))
    assert walk(*linked).acts_for == {PARTY: ("office-1",)}
    assert (blocked.institutions, blocked.acts_for) == (("mediator-1",), {PARTY: ()})
    assert walk(*linked, act("access-blocked", 30, institution="mediator-1")).mediator is None


def test_foreclosure_waits_for_the_end_of_an_open_outage() -> None:
    down, up = act("outage-started", 54, ref="o-1"), act("outage-ended", 58, outage="o-1")
    confirmed = act("foreclosure-confirmed", 56)

    waiting = walk(*REMINDED, down, confirmed)
    assert (waiting.foreclosed, waiting.unplaced) == ((), {confirmed.ref: "outage"})
    assert walk(*REMINDED, down, confirmed, up).foreclosed == (PARTY,)
    caught_up = act("claim-submitted", 55, **CAUGHT_UP)
    assert walk(*REMINDED, down, confirmed, up, caught_up).foreclosed == ()


def test_action_is_regained_on_revocation() -> None:
    assert walk(*REMINDED, act("foreclosure-confirmed", 56), act("revoked", 90)).foreclosed == ()


def test_carence_is_extended_once_by_six_months_at_the_most() -> None:
    """Designated 15-01-2024: 15-07-2024, extended 15-01-2025 (§2.3b)."""
    admitted = (act("petition-filed", -70), act("admitted", -58))
    assert walk(*admitted).terms["carence"].late == date(2024, 7, 15)
    once = (*admitted, act("carence-extended", 10, months=6))
    assert walk(*once).terms["carence"].late == date(2025, 1, 15)
    twice = walk(*once, act("carence-extended", 20, months=6))
    assert list(twice.unplaced.values()) == ["extended-before"]
    assert list(walk(*admitted, act("carence-extended", 10, months=7)).unplaced.values()) == ["months"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [("judicial-plan", 60, 61), ("judicial-plan-remission", 36, 35), ("total-remission", 60, 61)],
)
def test_months_of_judicial_plans_are_those_of_the_law(name: str, good: int, bad: int) -> None:
    hearing = (*PLAN, act("carence-recorded", 120), act("hearing-fixed", 130))
    assert walk(*hearing, act(name, 150, months=good)).state == TABLE[name].to
    assert walk(*hearing, act(name, 150, months=bad)).state == "JUDICIAL_HEARING"


def test_revision_goes_back_to_the_plan_that_ran() -> None:
    running = (*PLAN, act("plan-agreed", 161), act("plan-homologated", 170, months=60))
    revised = walk(*running, act("brought-back", 300), act("plan-revised", 330))
    assert (walk(*running, act("brought-back", 300)).state, revised.state) == ("REVISION", "AMICABLE_PLAN_RUNNING")


def test_back_dated_act_outside_the_outage_it_names_has_no_place() -> None:
    """I7."""
    down, up = act("outage-started", 20, ref="o-1"), act("outage-ended", 22, outage="o-1")
    inside, outside = act("claim-submitted", 21, **CAUGHT_UP), act("claim-submitted", 23, ref="x", **CAUGHT_UP)
    case = walk(*CLAIMS, down, up, inside, outside)
    assert (case.claimed, case.unplaced) == ((PARTY,), {"x": "outage"})
    assert walk(*CLAIMS, act("claim-submitted", 21, outage="unknown", evidence="doc-1")).claimed == ()


def test_back_dated_act_without_evidence_has_no_place() -> None:
    """AR 11 Oct 2023, art. 7 (§4.3)."""
    down, up = act("outage-started", 20, ref="o-1"), act("outage-ended", 22, outage="o-1")
    case = walk(*CLAIMS, down, up, act("claim-submitted", 21, ref="x", outage="o-1"))
    assert (case.claimed, case.unplaced) == ((), {"x": "evidence"})


def test_court_and_role_number_are_those_of_the_latest_act_that_names_them() -> None:
    moved = act("mediator-replaced", 12, court="TT-NAMUR", role_number="27/5/B")
    named = act("petition-filed", 0, court="TT-LIEGE", role_number="26/123/B")
    assert (walk(named).court, walk(named).role_number) == ("TT-LIEGE", "26/123/B")
    case = walk(named, *ADMITTED[1:], moved)
    assert (case.court, case.role_number) == ("TT-NAMUR", "27/5/B")


def test_archive_is_due_five_years_after_the_closing_operations() -> None:
    ended = (*ADMITTED, act("ended-at-request", 30), act("closed", 60), act("operations-ended", 90))
    case = walk(*ended)
    assert (case.state, case.terms["retention"].late) == ("RETENTION", date(2029, 6, 11))
    assert walk(*ended, act("archived", 2000)).state == "ARCHIVED"
