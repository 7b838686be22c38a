"""The SOAP adapter against the simulated bank, over TLS."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hub.adapters.soap.bank import SoapBank
from hub.bcss_settings import BcssSettings
from hub.bootstrap.bank import soap_bank
from sandbox.bcss.authority import Authority
from sandbox.bcss.bank import SERVICES, SandboxBank
from sandbox.bcss.server import Listening, listening
from sandbox.numbers import enterprise_number
from sandbox.people import Person

OURS, THEIRS = enterprise_number(1), enterprise_number(2)
KIT = os.environ.get("HUB_BCSS__KIT") or None


@dataclass(frozen=True, kw_only=True)
class Both:
    """The adapter and the bank it asks."""

    bank: SoapBank
    sandbox: SandboxBank
    listening: Listening
    settings: BcssSettings


def settings(place: Listening, **changed: object) -> BcssSettings:
    """How the adapter reaches a simulated bank."""
    given = {
        "endpoints": ";".join(f"{name}={place.url}/{name}" for name in SERVICES),
        "organisations": f"cpas-1={OURS}/63023; cpas-2={THEIRS}/62063",
        "authority": place.authority,
        "certificate": place.certificate,
        "key": place.key,
        "kit": KIT,
        "answer_wait": timedelta(seconds=20),
    }
    return BcssSettings.model_validate({**given, **changed})


@asynccontextmanager
async def both(folder: Path, people: Sequence[Person], **changed: object) -> AsyncIterator[Both]:
    """Both, running."""
    today = changed.pop("today", date(2026, 3, 2))
    assert isinstance(today, date)
    sandbox = SandboxBank(people, codes={OURS: "63023", THEIRS: "62063"}, today=lambda: today)
    basic = changed.pop("basic", None)
    async with listening(
        sandbox.answer,
        folder,
        authority=Authority(),
        basic=basic if isinstance(basic, tuple) else None,
    ) as place:
        given = settings(place, **changed)
        bank = soap_bank(given, lambda: datetime.now(UTC))
        try:
            yield Both(bank=bank, sandbox=sandbox, listening=place, settings=given)
        finally:
            await bank.close()
