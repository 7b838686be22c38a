"""The SOAP adapter against the simulated bank, over TLS."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lxml import etree

from hub.adapters.soap.bank import SoapBank
from hub.adapters.soap.signature import Signer, Verifier
from hub.bootstrap.bank import soap_bank
from hub.settings import BcssSettings
from sandbox.bcss.authority import Authority
from sandbox.bcss.bank import SERVICES, SandboxBank
from sandbox.bcss.server import Listening, Question, Said, listening
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


@dataclass(frozen=True, kw_only=True)
class SignedAnswers:
    """In front of the simulated bank: wants signed questions of its SOA services, signs what goes back."""

    answers: Callable[[Question], Awaitable[Said]]
    clients: Verifier
    signer: Signer
    spoil: Callable[[bytes], bytes] = bytes

    async def __call__(self, question: Question) -> Said:
        if question.path != "/classic":
            self.clients.verify(etree.fromstring(question.body), datetime.now(UTC))
        said = await self.answers(question)
        if question.path == "/classic" or not said.body:
            return said
        return replace(said, body=self.spoil(self._signed(said.body)))

    def _signed(self, body: bytes) -> bytes:
        return etree.tostring(self.signer.sign(etree.fromstring(body), datetime.now(UTC)))


@asynccontextmanager
async def signing(
    folder: Path, people: Sequence[Person], spoil: Callable[[bytes], bytes] = bytes
) -> AsyncIterator[Both]:
    """Both, with signatures both ways under one authority."""
    authority = Authority("Sandbox signatures")
    bank, client = authority.identity("bank"), authority.identity("hub")
    certificate, key = client.write(folder / "signing", "hub")
    anchors = authority.write(folder / "signing")

    def wrapped(answers: Callable[[Question], Awaitable[Said]]) -> SignedAnswers:
        return SignedAnswers(
            answers=answers,
            clients=Verifier(anchors=(authority.certificate,)),
            signer=Signer(key=bank.key, certificate=bank.certificate),
            spoil=spoil,
        )

    given = {"sign_certificate": certificate, "sign_key": key, "anchors": anchors, "wrapped": wrapped}
    async with both(folder, people, **given) as parts:
        yield parts


@asynccontextmanager
async def both(folder: Path, people: Sequence[Person], **changed: object) -> AsyncIterator[Both]:
    """Both, running."""
    today = changed.pop("today", date(2026, 3, 2))
    assert isinstance(today, date)
    sandbox = SandboxBank(people, codes={OURS: "63023", THEIRS: "62063"}, today=lambda: today)
    basic = changed.pop("basic", None)
    wrapped = changed.pop("wrapped", None)
    async with listening(
        wrapped(sandbox.answer) if callable(wrapped) else sandbox.answer,
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
