"""Traps of the bank's wire, one by one (bcss-primaweb §1.2, §1.3, §2)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from lxml import etree
from pydantic import ValidationError

from hub.adapters.soap import flows, identify_person, manage_access, ssdn
from hub.adapters.soap.clients import Clients
from hub.adapters.soap.content import content
from hub.adapters.soap.contracts import ContractBrokenError, Contracts
from hub.adapters.soap.soa import SOA
from hub.adapters.soap.wire import body_of
from hub.application.consult.ports import AnswerUnusableError, BankSubject, Days, FlowRequest
from hub.application.consult.searching import Phonetic, Search
from hub.bootstrap.bank import CONTRACTS
from hub.domain.messaging.errors import PartnerAwayError
from hub.settings import BcssSettings
from sandbox.numbers import enterprise_number, niss
from schemas.persons import FlowName

pytestmark = pytest.mark.unit

HELD = Contracts(CONTRACTS)
CLIENTS = Clients(HELD)
NUMBER, OTHER = niss(date(1975, 11, 10), 991), niss(date(1977, 2, 3), 992)
TICKET = UUID("6b7e1d1e-6c43-4a9e-9f57-0d6b8a3f1c11")
NOW = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
SERVICE, COMMON = ssdn.SERVICE, ssdn.COMMON
OK, WARNED, FAILED = ("YES", 0, ""), ("WARNING", 1, "20000001"), ("NO", 10000, "22007007")


def request(flow: FlowName, **changed: Any) -> FlowRequest:
    asked = FlowRequest(
        cpas="cpas-1",
        flow=flow,
        subject=BankSubject(niss=NUMBER),
        legal_context="PCSA:DEBT_RECOVERY",
        ticket=TICKET,
        consultation="c-1",
        attempt=1,
        day=NOW.date(),
    )
    return replace(asked, **changed)


def sent(flow: FlowName, **changed: Any) -> etree._Element:
    """What leaves for a SOA service; our own contract allows it."""
    service, asked = SOA[flow], request(flow, **changed)
    filled = flows.arguments(service, asked, enterprise_number(1), NOW)
    body = body_of(CLIENTS.message(service.file, service.operation, **filled))
    HELD.check(body)
    return body


def summary(ok: str, code: int, reason: str) -> str:
    detail = (
        f"<c:Detail><c:Severity>ERROR</c:Severity><c:ReasonCode>{reason}</c:ReasonCode>"
        "<c:Diagnostic>text</c:Diagnostic></c:Detail>"
    )
    return f'<c:ResultSummary ok="{ok}"><c:ReturnCode>{code}</c:ReturnCode>{detail if reason else ""}</c:ResultSummary>'


def reply(context: tuple[str, int, str], service: tuple[str, int, str] | None, inner: str = "") -> ssdn.Reply:
    """A reply of ManageAccess with these results, read."""
    of = manage_access.MANAGE_ACCESS
    answer = (
        ""
        if service is None
        else (
            f"<ServiceReply>{summary(*service)}<ServiceId>{of.id}</ServiceId><Version>{of.version}</Version>"
            f"{inner}</ServiceReply>"
        )
    )
    text = (
        f'<SSDNReply xmlns="{SERVICE}" xmlns:c="{COMMON}"><ReplyContext>{summary(*context)}<Message>'
        f"<Reference>{TICKET}</Reference><Ticket>T1</Ticket><TimeRequest>20260302T090507</TimeRequest>"
        "<TimeReceive>20260302T090507</TimeReceive><TimeResponse>20260302T090508</TimeResponse>"
        f"</Message></ReplyContext>{answer}</SSDNReply>"
    )
    return ssdn.read(text, of, TICKET, HELD)


def answered(flow: FlowName, told: str) -> Any:
    """A SOA answer about our person, read."""
    body = etree.fromstring(
        f"<r><informationCustomer><ticket>{TICKET}</ticket></informationCustomer>"
        f"<criteria><ssin>{NUMBER}</ssin></criteria>{told}</r>"
    )
    return flows.of_answer(body, SOA[flow], request(flow))


def test_result_of_the_service_decides_and_the_sum_in_the_context_does_not() -> None:
    assert reply(FAILED, OK).done
    assert not reply(OK, FAILED).done
    assert reply(FAILED, FAILED).reasons == ("22007007",)


def test_warning_is_done_and_tells_its_code() -> None:
    warned = reply(WARNED, WARNED)

    assert (warned.done, warned.reasons) == (True, ("20000001",))


def test_error_without_a_service_reply_or_an_inner_element_is_a_normal_answer() -> None:
    assert (reply(FAILED, None).done, reply(FAILED, None).reasons) == (False, ("22007007",))
    assert reply(FAILED, FAILED).inner is None


def test_times_of_the_classic_channel_have_no_separators_and_its_mail_address_is_never_empty() -> None:
    asker = ssdn.Asker(user="00000000097", email="a@b.invalid", organisation=enterprise_number(1))
    root = ssdn.request(manage_access.MANAGE_ACCESS, asker, TICKET, NOW, etree.Element("x"))

    assert root.findtext(f".//{{{SERVICE}}}TimeRequest") == "20260302T090507"
    with pytest.raises(ValidationError):
        BcssSettings(email="")


@pytest.mark.parametrize("text", ["2012-05-24+02:00", "2012-05-24Z", "2012-05-24", " 2012-05-24+02:00 "])
def test_offset_of_a_date_says_nothing_of_its_day(text: str) -> None:
    assert manage_access.day(text) == date(2012, 5, 24)


def test_number_is_sent_without_the_name_that_would_only_be_warned_about() -> None:
    root = identify_person.request(Search(niss=NUMBER, phonetic=Phonetic(name="Zebulon", born="1975-11-10")))

    assert root.findtext(".//{*}SSIN") == NUMBER
    assert root.find(".//{*}PhoneticCriteria") is None


def test_search_by_sound_sends_an_empty_middle_name_a_tolerance_and_a_most_the_contract_allows() -> None:
    heard = Phonetic(name="Zébulon", born="1975-11-10")
    root = identify_person.request(Search(phonetic=heard))

    HELD.check(root)
    assert root.findtext(".//{*}MiddleName") == ""
    assert (root.findtext(".//{*}Tolerance"), root.findtext(".//{*}LastName")) == ("0", "ZEBULON")
    with pytest.raises(ContractBrokenError, match="maxinclusive"):
        HELD.check(identify_person.request(Search(phonetic=replace(heard, most=81))))


def test_both_selections_of_tax_data_are_there_even_when_one_is_empty() -> None:
    selection = sent("income").find(".//fiscalDataSelection")

    assert selection is not None
    assert [one.tag for one in selection] == ["elements", "groups"]
    assert selection.findtext("elements/element") == "GLOBAL_TAXABLE_INCOME"
    assert len(selection[1]) == 0


def test_access_to_employment_is_never_forced_and_its_period_has_both_ends() -> None:
    root = sent("employment", period=Days(begin=date(2026, 1, 1)))

    assert root.find(".//forceDataAccess") is None
    assert [one.text for one in root.findall("criteria/period/*")] == ["2026-01-01", "2026-03-02"]


def test_only_the_source_and_the_parts_that_debts_need_are_asked_of_the_handicap_service() -> None:
    root = sent("handicap")

    asked = {one.tag: one.text for one in [*root.findall(".//parts/*"), *root.findall(".//handicapAuthenticSources/*")]}
    wanted = {name for name, value in asked.items() if value == "true"}
    assert wanted == {"evolutionOfRequest", "handicapRecognitions", "rights", "DGPH"}


@pytest.mark.parametrize("item", ["error", "detail"])
def test_fault_is_read_whether_its_item_is_called_error_or_detail(item: str) -> None:
    fault = etree.fromstring(
        f"<f><faultcode>x</faultcode><detail><{item}><severity>FATAL</severity><reasonCode>MSG00012</reasonCode>"
        f"</{item}><informationCBSS><ticketCBSS>T2</ticketCBSS></informationCBSS></detail></f>"
    )

    answer = flows.of_fault(fault, b"")

    assert (answer.reasons, answer.ticket_bcss, answer.status) == (("MSG00012",), "T2", "NO_RESULT")


def test_fault_without_a_code_is_no_answer() -> None:
    with pytest.raises(PartnerAwayError) as away:
        flows.of_fault(etree.fromstring("<f><faultcode>x</faultcode></f>"), b"")

    assert away.value.uncertain


@pytest.mark.parametrize("language", ["FR", "fr"])
def test_language_of_a_description_may_be_written_either_way(language: str) -> None:
    read = content(etree.fromstring(f'<quality><description language="{language}">text</description></quality>'))

    assert read == {"description": [{"@language": language, "value": "text"}]}


def test_tax_value_that_is_absent_is_not_zero_and_joint_ones_are_marked() -> None:
    told = (
        "<status><value>DATA_FOUND</value><code>MSG00000</code></status><result><fiscalDataList><fiscalData>"
        '<element communalInformation="true">GLOBAL_TAXABLE_INCOME</element><noValue reason="NOT_AVAILABLE"/>'
        "</fiscalData></fiscalDataList></result>"
    )

    (row,) = answered("income", told).content["result"]["fiscalDataList"]["fiscalData"]
    assert row["noValue"] == {"@reason": "NOT_AVAILABLE"}
    assert row["element"]["@communalInformation"] == "true"
    assert "value" not in row


def test_spouse_in_tax_data_is_another_person_and_out_of_the_subjects_content() -> None:
    told = (
        "<status><value>DATA_FOUND</value><code>MSG00000</code></status><result>"
        f"<requestedFiscalPerson><ssin>{NUMBER}</ssin></requestedFiscalPerson>"
        f"<relatedFiscalPerson><ssin>{OTHER}</ssin><fiscalState>SECONDARY</fiscalState></relatedFiscalPerson></result>"
    )

    answer = answered("income", told)

    assert [(one.niss, one.role) for one in answer.others] == [(OTHER, "fiscal-partner")]
    assert OTHER not in str(answer.content)


def test_household_is_somebody_else_in_the_identification_alone_and_data_not_to_be_told_stay_marked() -> None:
    flows_of_register: tuple[FlowName, ...] = ("identification", "addresses")
    for flow in flows_of_register:
        told = (
            "<status><value>DATA_FOUND</value><code>MSG00000</code></status><rrn_it_implicit>"
            f"<FamilyMembers>{member(NUMBER)}{member(OTHER)}{member('')}</FamilyMembers>"
            f"<HeadOfFamily>{member(OTHER).replace('FamilyMember', 'HeadOfFamily')}</HeadOfFamily>"
            f"<Filiations><Filiation>{OTHER}</Filiation></Filiations>"
            "<NotCommunicable><Code>1</Code></NotCommunicable></rrn_it_implicit>"
        )
        answer = answered(flow, told)

        assert answer.content["rrn_it_implicit"] == {"NotCommunicable": {"Code": "1"}}
        assert OTHER.encode() not in answer.raw
        roles = ["household-member", "head-of-household"] if flow == "identification" else []
        assert [(one.niss, one.role) for one in answer.others] == [(OTHER, role) for role in roles]
        assert all(one.content["FamilyRole"] == {"Code": "02"} for one in answer.others)


def member(number: str) -> str:
    """Of a household; without a number nothing of her is kept."""
    numbered = f"<NationalNumber><NationalNumber>{number}</NationalNumber></NationalNumber>" if number else ""
    return f"<FamilyMember><FamilyRole><Code>02</Code></FamilyRole>{numbered}</FamilyMember>"


def test_incomplete_data_of_the_handicap_service_is_a_status_and_technical_errors_stay_visible() -> None:
    told = (
        "<status><value>INCOMPLETE_DATA</value><code>HAN00031</code></status><results><dgphResult>"
        "<status><value>TECHNICAL_ERROR</value></status></dgphResult></results>"
    )

    answer = answered("handicap", told)

    assert (answer.status, answer.reasons) == ("INCOMPLETE_DATA", ("HAN00031",))
    assert answer.content["results"]["dgphResult"]["status"]["value"] == "TECHNICAL_ERROR"


def test_status_nobody_knows_is_not_believed() -> None:
    with pytest.raises(AnswerUnusableError) as unusable:
        answered("income", "<status><value>PERHAPS</value></status>")

    assert unusable.value.rule == "answer-without-status"


def test_ended_and_cancelled_contracts_come_as_the_source_says_and_are_not_judged() -> None:
    told = (
        "<status><value>DATA_FOUND</value><code>MSG00000</code></status><result><employment>"
        "<lastDimonaAction>cancellation</lastDimonaAction><inServiceDate>2020-01-06</inServiceDate>"
        "<cancelled>true</cancelled></employment></result>"
    )

    (contract,) = answered("employment", told).content["result"]["employment"]
    assert contract == {"lastDimonaAction": "cancellation", "inServiceDate": "2020-01-06", "cancelled": "true"}


def test_negative_corrections_and_months_of_pensions_stay_texts() -> None:
    read = content(
        etree.fromstring(
            "<PaymentsInformation><ReferencePeriod><StartMonth>2025-03-00</StartMonth></ReferencePeriod>"
            "<Contributions><RealAmount>-12.50</RealAmount></Contributions></PaymentsInformation>"
        )
    )

    assert read["ReferencePeriod"]["StartMonth"] == "2025-03-00"
    assert read["Contributions"]["RealAmount"] == "-12.50"


def test_every_attempt_names_its_own_ticket_and_the_cpas_by_its_number() -> None:
    first, second = (sent("income", ticket=uuid4()).findtext("informationCustomer/ticket") for _ in range(2))

    assert first != second
    number = sent("income").findtext("informationCustomer/customerIdentification/cbeNumber")
    assert number == enterprise_number(1)


@pytest.mark.parametrize("text", [NUMBER, f"SSIN {NUMBER}", "75.11.10-991.68", "not in the list"])
def test_what_is_no_reason_code_is_not_repeated_since_it_may_be_somebodys_number(text: str) -> None:
    fault = etree.fromstring(f"<Fault><detail><reasonCode>{text}</reasonCode></detail></Fault>")

    assert flows.of_fault(fault, b"").reasons == ("code-unreadable",)
    assert reply(("NO", 10000, "30000001"), ("NO", 10000, text)).reasons == ("code-unreadable",)
