"""What every ``CrossroadsBank`` keeps, whoever answers behind it. An adapter joins by one line in ``BANKS``."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from hub.application.consult.ports import AccessOperation, AccessRequest, BankSubject, CrossroadsBank, Days, FlowRequest
from sandbox.numbers import niss
from sandbox.people import Population
from schemas.persons import FLOWS, FlowName
from tests.support.fake_bank import FakeBank
from tests.support.soap_bank import both

SUBJECT = BankSubject(niss=niss(date(1975, 11, 10), 991), name="Zebulon", first_name="Test", born=date(1975, 11, 10))
MARCH = Days(begin=date(2026, 3, 2), end=date(2026, 4, 1))
_SOMEBODY = Population.of(seed=1, people=1, offices=1, cpas=1).people[0]
DEBTOR = replace(_SOMEBODY, niss=SUBJECT.niss, name="Zebulon", born=date(1975, 11, 10))


@asynccontextmanager
async def fake(folder: Path) -> AsyncIterator[CrossroadsBank]:
    yield FakeBank(folder / "books.json")


@asynccontextmanager
async def soap(folder: Path) -> AsyncIterator[CrossroadsBank]:
    async with both(folder, (DEBTOR,), today=MARCH.begin) as parts:
        yield parts.bank


Opened = Callable[[Path], AbstractAsyncContextManager[CrossroadsBank]]
BANKS = (pytest.param(fake, marks=pytest.mark.unit), pytest.param(soap, marks=pytest.mark.integration))


@pytest.fixture(params=BANKS)
async def bank(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CrossroadsBank]:
    opened: Opened = request.param
    async with opened(tmp_path) as made:
        yield made


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


@pytest.mark.unit
def test_nothing_of_a_person_is_in_what_a_request_shows_of_itself() -> None:
    shown = repr(access("register"))

    assert SUBJECT.niss not in shown
    assert "Zebulon" not in shown
