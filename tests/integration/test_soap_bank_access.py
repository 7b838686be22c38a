"""ManageAccess over TLS against the simulated bank (bcss-primaweb §1.2, §1.5, §2.1)."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from hub.application.consult.ports import AccessOperation, AccessRequest, AnswerUnusableError, BankSubject, Days
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from hub.domain.persons.reasons import REASONS
from sandbox.bcss.authority import Authority
from sandbox.people import Population
from tests.support.soap_bank import Both, both, settings

pytestmark = pytest.mark.integration

PEOPLE = Population.of(seed=5, people=3, offices=1, cpas=1).people
DEBTOR = PEOPLE[0]
SUBJECT = BankSubject(niss=DEBTOR.niss, name=DEBTOR.name, first_name=DEBTOR.first_name, born=DEBTOR.born)
MARCH = Days(begin=date(2026, 3, 2), end=date(2026, 4, 1))


def asked(operation: AccessOperation, cpas: str = "cpas-1", period: Days | None = MARCH) -> AccessRequest:
    listing = operation == "list"
    return AccessRequest(
        cpas=cpas,
        operation=operation,
        subject=SUBJECT,
        ticket=uuid4(),
        consultation="c-1",
        attempt=1,
        code=None if listing else 31,
        period=None if listing else period,
    )


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, PEOPLE) as made:
        yield made


async def test_inscriptions_of_another_cpas_that_overlap_come_back_and_are_not_our_own(parts: Both) -> None:
    await parts.bank.access(asked("register", "cpas-2"))

    answer = await parts.bank.access(asked("register"))

    assert answer.done
    assert [(one.organisation, one.own, one.period) for one in answer.registrations] == [("62063", False, MARCH)]


async def test_days_taken_inside_a_period_leave_its_two_ends(parts: Both) -> None:
    await parts.bank.access(asked("register"))

    await parts.bank.access(asked("unregister", period=Days(begin=date(2026, 3, 10), end=date(2026, 3, 20))))

    listed = await parts.bank.access(asked("list"))
    assert [one.period for one in listed.registrations] == [
        Days(begin=date(2026, 3, 2), end=date(2026, 3, 9)),
        Days(begin=date(2026, 3, 21), end=date(2026, 4, 1)),
    ]


async def test_proof_of_identity_that_does_not_match_is_refused_and_registers_nothing(parts: Both) -> None:
    answer = await parts.bank.access(replace(asked("register"), subject=replace(SUBJECT, name="Somebody Else")))

    assert (answer.done, answer.reasons) == (False, ("22007007",))
    assert (await parts.bank.access(asked("list"))).registrations == ()


async def test_change_without_proof_of_identity_never_leaves(parts: Both) -> None:
    with pytest.raises(PartnerRefusedError) as refused:
        await parts.bank.access(replace(asked("register"), subject=replace(SUBJECT, name=None)))

    assert refused.value.rule == "proof-of-identity-missing"
    assert parts.sandbox.asked == 0


async def test_request_that_no_contract_allows_never_leaves(parts: Both) -> None:
    with pytest.raises(PartnerRefusedError) as refused:
        await parts.bank.access(replace(asked("register"), subject=replace(SUBJECT, niss="123")))

    assert refused.value.rule == "contract-broken"
    assert "123" not in str(refused.value)
    assert parts.sandbox.asked == 0


@pytest.mark.parametrize("code", [code for code in REASONS if code not in {"MSG00000", "12007001"}])
async def test_every_reason_code_is_an_answer_that_was_not_done(parts: Both, code: str) -> None:
    parts.sandbox.fates.order(code)

    answer = await parts.bank.access(asked("register"))

    assert (answer.done, answer.reasons) == (False, (code,))
    assert answer.ticket_bcss


@pytest.mark.parametrize(
    ("fate", "rule", "uncertain"),
    [
        ("http:503", "http-503", False),
        ("http:401", "http-401", False),
        ("http:502", "http-502", True),
        ("fault:MSG00003", "soap-fault", True),
        ("cut", "connection-cut", True),
        ("cut-after", "connection-cut", True),
    ],
)
async def test_no_answer_says_whether_it_may_have_been_done(
    parts: Both, fate: str, rule: str, *, uncertain: bool
) -> None:
    parts.sandbox.fates.order(fate)

    with pytest.raises(PartnerAwayError) as away:
        await parts.bank.access(asked("register"))

    assert (away.value.rule, away.value.uncertain) == (rule, uncertain)


async def test_silence_ends_after_the_configured_wait_and_the_change_may_have_been_done(tmp_path: Path) -> None:
    async with both(tmp_path, PEOPLE, answer_wait=timedelta(milliseconds=300)) as parts:
        parts.sandbox.fates.order("silence-after")

        with pytest.raises(PartnerAwayError) as away:
            await parts.bank.access(asked("register"))

        assert (away.value.rule, away.value.uncertain) == ("no-answer", True)
        assert len((await parts.bank.access(asked("list"))).registrations) == 1


async def test_half_an_answer_is_not_believed(parts: Both) -> None:
    parts.sandbox.fates.order("garbage")

    with pytest.raises(AnswerUnusableError) as unusable:
        await parts.bank.access(asked("register"))

    assert unusable.value.rule == "answer-not-xml"


async def test_bank_that_shows_a_strange_certificate_gets_nothing(tmp_path: Path) -> None:
    stranger = Authority("Somebody else").write(tmp_path / "stranger")
    async with both(tmp_path / "other", PEOPLE, authority=stranger) as other:
        with pytest.raises(PartnerAwayError) as away:
            await other.bank.access(asked("list"))

    assert (away.value.rule, away.value.uncertain) == ("no-connection", False)
    assert other.sandbox.asked == 0


async def test_client_without_a_certificate_is_not_served(tmp_path: Path) -> None:
    async with both(tmp_path, PEOPLE, certificate=None, key=None) as parts:
        with pytest.raises(PartnerAwayError):
            await parts.bank.access(asked("list"))

    assert parts.sandbox.asked == 0


async def test_basic_credentials_are_sent_where_configured(tmp_path: Path) -> None:
    given = {"basic": ("hub", "s3cret"), "basic_user": "hub", "basic_password": "s3cret"}
    async with both(tmp_path, PEOPLE, **given) as parts:
        assert (await parts.bank.access(asked("list"))).done


async def test_cpas_or_service_that_is_not_configured_is_refused_by_name(parts: Both) -> None:
    with pytest.raises(PartnerRefusedError) as refused:
        await parts.bank.access(asked("list", "cpas-9"))

    assert refused.value.rule == "organisation-not-configured"
    assert "cpas-9" in str(refused.value)


async def test_sandbox_is_told_over_its_own_socket_what_befalls_questions(parts: Both) -> None:
    import ssl  # noqa: PLC0415 - this test alone speaks to it by hand

    context = ssl.create_default_context(cafile=str(parts.listening.authority))
    context.load_cert_chain(parts.listening.certificate, parts.listening.key)
    async with httpx.AsyncClient(verify=context) as client:
        told = await client.post(f"{parts.listening.url}/sandbox/fates", json={"rates": {"MSG00001": 1.0}})

    assert told.status_code == 200
    assert (await parts.bank.access(asked("list"))).reasons == ("MSG00001",)


async def test_nothing_of_a_person_is_logged_even_at_debug(parts: Both, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await parts.bank.access(asked("register"))

    assert caplog.records
    assert DEBTOR.niss not in caplog.text
    assert DEBTOR.name.upper() not in caplog.text.upper()


def test_settings_show_no_password(tmp_path: Path) -> None:
    from sandbox.bcss.server import Listening  # noqa: PLC0415 - this test alone needs no bank

    place = Listening(url="https://127.0.0.1:1", authority=tmp_path, certificate=tmp_path, key=tmp_path)

    assert "s3cret" not in repr(settings(place, basic_user="hub", basic_password="s3cret"))
