"""What every ``CrossroadsBank`` keeps, whoever answers behind it. An adapter joins by one line in ``BANKS``."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from hub.application.consult.ports import AccessOperation, AccessRequest, BankSubject, CrossroadsBank, Days, FlowRequest
from sandbox.numbers import niss
from schemas.persons import FLOWS, FlowName
from tests.support.fake_bank import FakeBank

pytestmark = pytest.mark.unit

SUBJECT = BankSubject(niss=niss(date(1975, 11, 10), 991), name="Zebulon", first_name="Test", born=date(1975, 11, 10))
MARCH = Days(begin=date(2026, 3, 2), end=date(2026, 4, 1))
BANKS: tuple[Callable[[Path], CrossroadsBank], ...] = (lambda folder: FakeBank(folder / "books.json"),)


@pytest.fixture(params=BANKS)
def bank(request: pytest.FixtureRequest, tmp_path: Path) -> CrossroadsBank:
    made: CrossroadsBank = request.param(tmp_path)
    return made


def access(operation: AccessOperation) -> AccessRequest:
    listing = operation == "list"
    return AccessRequest(
        cpas="cpas-1",
        operation=operation,
        subject=SUBJECT,
        ticket=uuid4(),
        consultation="c-1",
        attempt=1,
        code=None if listing else 31,
        period=None if listing else MARCH,
    )


async def test_what_was_registered_is_listed_as_our_own_until_it_is_unregistered(bank: CrossroadsBank) -> None:
    assert (await bank.access(access("list"))).registrations == ()

    assert (await bank.access(access("register"))).done
    listed = await bank.access(access("list"))
    assert [(one.code, one.period, one.own) for one in listed.registrations] == [(31, MARCH, True)]
    assert listed.done

    assert (await bank.access(access("unregister"))).done
    assert (await bank.access(access("list"))).registrations == ()


async def test_registering_again_for_the_same_days_leaves_one_registration(bank: CrossroadsBank) -> None:
    await bank.access(access("register"))

    assert (await bank.access(access("register"))).done
    assert len((await bank.access(access("list"))).registrations) == 1


@pytest.mark.parametrize("flow", FLOWS)
async def test_every_flow_is_answered_with_a_status_and_the_banks_own_ticket(
    bank: CrossroadsBank, flow: FlowName
) -> None:
    await bank.access(access("register"))

    answer = await bank.consult(
        FlowRequest(
            cpas="cpas-1",
            flow=flow,
            subject=SUBJECT,
            legal_context="PCSA:DEBT_RECOVERY",
            ticket=uuid4(),
            consultation="c-2",
            attempt=1,
            period=MARCH,
            day=MARCH.begin,
            focus="reference-period" if flow == "pensions" else None,
        )
    )

    assert answer.status in {"DATA_FOUND", "NO_DATA_FOUND", "INCOMPLETE_DATA"}
    assert answer.ticket_bcss
    assert answer.raw


def test_nothing_of_a_person_is_in_what_a_request_shows_of_itself() -> None:
    shown = repr(access("register"))

    assert SUBJECT.niss not in shown
    assert "Zebulon" not in shown
