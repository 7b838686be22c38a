"""The seven flows over TLS against the simulated bank (bcss-primaweb §1.3, §1.5, §2.4 to §2.9)."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from lxml import etree

from hub.adapters.soap.content import content
from hub.adapters.soap.flows import pension_request
from hub.application.consult.ports import (
    AccessRequest,
    AnswerUnusableError,
    BankSubject,
    Days,
    FlowAnswer,
    FlowRequest,
)
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from hub.domain.persons.reasons import REASONS
from sandbox.bcss.lives import lives, somebody_whole
from sandbox.people import Population
from schemas.persons import FLOWS, FlowName, PensionFocus
from tests.support.soap_bank import Both, both, signing

pytestmark = pytest.mark.integration

PEOPLE = Population.of(seed=5, people=120, offices=1, cpas=1).people
LIVES = lives(PEOPLE)
DEBTOR = somebody_whole(PEOPLE)
OTHER = next(one for one in PEOPLE if one != DEBTOR)
LIFE = LIVES[DEBTOR.niss]
SUBJECT = BankSubject(niss=DEBTOR.niss, name=DEBTOR.name, first_name=DEBTOR.first_name, born=DEBTOR.born)
MARCH = Days(begin=date(2026, 3, 2), end=date(2026, 4, 1))
_UNSIGNED = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x/></s:Body></s:Envelope>'
SOA_FLOWS = [flow for flow in FLOWS if flow != "pensions"]


def asked(flow: FlowName, subject: BankSubject = SUBJECT) -> FlowRequest:
    return FlowRequest(
        cpas="cpas-1",
        flow=flow,
        subject=subject,
        legal_context="PCSA:DEBT_RECOVERY",
        ticket=uuid4(),
        consultation="c-2",
        attempt=1,
        period=MARCH if flow == "pensions" else None,
        day=MARCH.begin,
        focus="reference-period" if flow == "pensions" else None,
    )


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, PEOPLE) as made:
        await made.bank.access(
            AccessRequest(
                cpas="cpas-1",
                operation="register",
                subject=SUBJECT,
                ticket=uuid4(),
                consultation="c-1",
                attempt=1,
                code=31,
                period=MARCH,
            )
        )
        yield made


@pytest.mark.parametrize("flow", FLOWS)
async def test_flow_gives_data_ready_for_json_and_the_banks_ticket(parts: Both, flow: FlowName) -> None:
    answer = await parts.bank.consult(asked(flow))

    assert (answer.status, answer.reasons) == ("DATA_FOUND", () if flow == "pensions" else ("MSG00000",))
    assert answer.ticket_bcss
    assert json.loads(json.dumps(answer.content)) == answer.content != {}


@pytest.mark.parametrize("flow", FLOWS)
async def test_person_who_is_not_integrated_is_msg00012_in_a_normal_answer(parts: Both, flow: FlowName) -> None:
    stranger = BankSubject(niss=OTHER.niss, name=OTHER.name, born=OTHER.born)

    answer = await parts.bank.consult(asked(flow, stranger))

    assert (answer.status, answer.reasons, answer.content) == ("NO_RESULT", ("MSG00012",), {})


@pytest.mark.parametrize("flow", SOA_FLOWS)
async def test_msg00012_in_a_fault_is_the_same_answer(parts: Both, flow: FlowName) -> None:
    parts.sandbox.fates.order("fault:MSG00012")

    answer = await parts.bank.consult(asked(flow))

    assert (answer.status, answer.reasons) == ("NO_RESULT", ("MSG00012",))


@pytest.mark.parametrize("code", [code for code in REASONS if code != "MSG00000"])
async def test_every_reason_code_comes_through_with_its_ticket(parts: Both, code: str) -> None:
    parts.sandbox.fates.order(code)

    answer = await parts.bank.consult(asked("income"))

    assert answer.reasons == (code,)
    assert answer.content == {}
    assert answer.ticket_bcss


async def test_fault_without_a_reason_may_have_been_answered(parts: Both) -> None:
    parts.sandbox.fates.order("http:500")

    with pytest.raises(PartnerAwayError) as away:
        await parts.bank.consult(asked("income"))

    assert away.value.uncertain


async def test_identification_tells_no_household_as_hers_and_addresses_no_civil_state(
    parts: Both,
) -> None:
    who = await parts.bank.consult(asked("identification"))
    where = await parts.bank.consult(asked("addresses"))

    assert set(who.content["rrn_it_implicit"]) == {"NationalNumber", "CivilStates"}
    assert set(where.content["rrn_it_implicit"]) == {"LegalMainAddresses"}
    assert b"FamilyMember" not in who.raw + where.raw
    assert b"CivilState" not in where.raw


async def test_handicap_keeps_decisions_and_never_the_scores_behind_them(parts: Both) -> None:
    answer = await parts.bank.consult(asked("handicap"))

    decisions = answer.content["results"]["dgphResult"]["file"]["handicapRecognitions"]["handicapRecognition"]
    recognition = LIFE.recognition
    assert recognition is not None
    days = {
        "dateOfDecision": recognition.decided.isoformat(),
        "startDateRecognition": recognition.begin.isoformat(),
    }
    assert decisions == [{"recognitionStatus": days}]
    assert b"mobility" not in answer.raw


async def test_what_the_bank_took_out_is_not_communicated_and_never_none(parts: Both) -> None:
    answer = await parts.bank.consult(asked("self-employed"))

    assert answer.filtered == ("occupation",)
    assert "dataFilters" not in answer.content


async def test_fiscal_partner_is_another_person_and_not_in_the_subjects_content(parts: Both) -> None:
    parts.sandbox.services.partner = OTHER.niss

    answer = await parts.bank.consult(asked("income"))

    assert [(one.niss, one.role) for one in answer.others] == [(OTHER.niss, "fiscal-partner")]
    assert OTHER.niss not in json.dumps(answer.content)
    assert answer.content["result"]["fiscalDataList"]["fiscalData"][0]["value"] == {
        "@type": "INTEGER",
        "value": str(LIFE.incomes[max(LIFE.incomes)]),
    }


async def test_pensions_without_closed_period_or_focus_never_leave(parts: Both) -> None:
    before = parts.sandbox.asked

    for wrong in (
        replace(asked("pensions"), focus=None),
        replace(asked("pensions"), period=Days(begin=MARCH.begin)),
    ):
        with pytest.raises(PartnerRefusedError) as refused:
            await parts.bank.consult(wrong)
        assert refused.value.rule == "period-and-focus-required"
    assert parts.sandbox.asked == before


@pytest.mark.parametrize(
    ("focus", "sent"), [("reference-period", "ReferencePeriod"), ("month-of-payment", "MonthOfPayment")]
)
def test_both_focuses_of_the_pension_register_are_asked_by_their_names(focus: PensionFocus, sent: str) -> None:
    element = pension_request(replace(asked("pensions"), focus=focus))

    assert element.findtext("{*}RequestedData/{*}Focus") == sent


async def test_pension_items_are_a_list_even_when_there_is_one(parts: Both) -> None:
    answer = await parts.bank.consult(asked("pensions"))

    [item] = answer.content["PensionItem"]
    assert len(item["PayingInstitutionItem"]) == 1


def test_incomplete_date_stays_a_text() -> None:
    assert content(etree.fromstring("<period><beginDate>2015-00-00</beginDate></period>")) == {
        "beginDate": "2015-00-00"
    }


@pytest.mark.parametrize("flow", SOA_FLOWS)
async def test_number_of_the_wrong_form_never_leaves_and_is_not_repeated(parts: Both, flow: FlowName) -> None:
    before = parts.sandbox.asked

    with pytest.raises(PartnerRefusedError) as refused:
        await parts.bank.consult(asked(flow, replace(SUBJECT, niss="75111090")))

    assert refused.value.rule == "contract-broken"
    assert "75111090" not in str(refused.value)
    assert parts.sandbox.asked == before


async def test_contracts_in_a_period_are_asked_with_both_days_and_without_forcing_access(parts: Both) -> None:
    answer = await parts.bank.consult(replace(asked("employment"), period=Days(begin=date(2026, 1, 1))))

    root = etree.fromstring(answer.raw)
    assert root.findtext("criteria/scope") == "activeInPeriod"
    assert root.findtext("criteria/period/endDate") == "2026-03-02"
    assert root.find("securityContext/forceDataAccess") is None


async def test_answer_about_somebody_else_is_not_believed(parts: Both) -> None:
    parts.sandbox.services.confuse = OTHER.niss

    with pytest.raises(AnswerUnusableError) as unusable:
        await parts.bank.consult(asked("income"))

    assert unusable.value.rule == "answer-about-another-person"


async def test_flow_whose_address_is_not_configured_is_refused_by_name(tmp_path: Path) -> None:
    async with both(tmp_path, PEOPLE, endpoints="classic=https://127.0.0.1:1/") as parts:
        with pytest.raises(PartnerRefusedError) as refused:
            await parts.bank.consult(asked("income"))

    assert (refused.value.rule, "income" in str(refused.value)) == ("endpoint-not-configured", True)


async def test_questions_and_answers_are_signed_both_ways_and_faults_too(tmp_path: Path) -> None:
    async with signing(tmp_path, PEOPLE) as parts:
        assert (await parts.bank.consult(asked("income"))).reasons == ("MSG00012",)
        parts.sandbox.fates.order("fault:MSG00003")
        assert (await parts.bank.consult(asked("income"))).reasons == ("MSG00003",)


@pytest.mark.parametrize("spoil", [lambda raw: raw.replace(b"NO_RESULT", b"DATA_FOUND"), lambda _raw: _UNSIGNED])
async def test_answer_that_was_changed_or_not_signed_is_not_believed(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    async with signing(tmp_path, PEOPLE, spoil) as parts:
        with pytest.raises(AnswerUnusableError) as unusable:
            await parts.bank.consult(asked("income"))

    assert unusable.value.rule == "signature-refused"


def test_date_in_parts_keeps_what_is_unknown_as_zeros() -> None:
    date_only = etree.fromstring("<Date><Century>20</Century><Year>15</Year></Date>")

    assert content(date_only) == "2015-00-00"


def test_answer_shows_nothing_of_a_person_in_its_own_text() -> None:
    answer = FlowAnswer(
        status="DATA_FOUND", reasons=(), content={"ssin": DEBTOR.niss}, ticket_bcss=None, raw=DEBTOR.niss.encode()
    )

    assert DEBTOR.niss not in repr(answer)


@pytest.mark.parametrize(
    ("fate", "reasons"), [("warning:21007001", ("21007001",)), ("information:12007001", ("12007001",))]
)
async def test_warning_and_information_of_the_classic_channel_come_with_what_was_done(
    parts: Both, fate: str, reasons: tuple[str, ...]
) -> None:
    parts.sandbox.fates.order(fate)

    answer = await parts.bank.consult(asked("pensions"))

    assert answer.status == "DATA_FOUND"
    assert set(reasons) <= set(answer.reasons)


async def test_replaced_number_is_told_with_the_new_one_by_the_services_that_know_it(parts: Both) -> None:
    parts.sandbox.replaced[DEBTOR.niss] = OTHER.niss

    answer = await parts.bank.consult(asked("income"))

    assert (answer.status, answer.reasons) == ("NO_RESULT", ("MSG00006",))
    assert OTHER.niss in json.dumps(answer.content)


async def test_legal_context_that_nobody_agreed_on_is_msg00013(parts: Both) -> None:
    answer = await parts.bank.consult(replace(asked("income"), legal_context="PCSA:NONSENSE"))

    assert answer.reasons == ("MSG00013",)
