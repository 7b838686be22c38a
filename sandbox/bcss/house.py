"""The simulated bank at home: it listens over TLS, signs what it says, pushes mutations, and keeps a ledger."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from lxml import etree

from sandbox.bcss.authority import Authority, Identity
from sandbox.bcss.bank import CONTROL, SERVICES, SandboxBank
from sandbox.bcss.pusher import Change, Mutation, Pusher
from sandbox.bcss.server import Listening, Question, Said, listening
from sandbox.bcss.signing import signed
from sandbox.numbers import enterprise_number
from sandbox.people import Cpas, Person
from schemas.persons import FLOWS

BANK = "bcss"
"""The institution that pushes mutations."""
PUSH = "/sandbox/mutations"
"""POST a mutation there, with the hub and the key of its institution, and it is signed and pushed."""
_ACTION = re.compile(rb"Action&gt;([A-Z]+)")
_CODE = re.compile(rb"(?:<code>|ReasonCode&gt;|<reasonCode>)(\w+)")
_FOUND = "MSG00000"


@dataclass(kw_only=True)
class BankHouse:
    """``ledger``: what was asked and how it ended, ``register``, ``list``, ``flow.MSG00000``, ``flow.MSG00012``."""

    bank: SandboxBank
    pusher: Pusher
    organisations: Mapping[str, str]
    url: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    ledger: Counter[str] = field(default_factory=Counter)

    def forget(self, cpas: str, person: Person) -> None:
        """Somebody took an integration away at the bank, and told nobody."""
        entries = self.bank.books.overlapping(person.niss, date.min, None)
        own = self.organisations[cpas]
        for one in [one for one in entries if one.organisation == own]:
            self.bank.books.cut(one)

    def flows(self, code: str) -> int:
        """How many consultations ended with a code."""
        return self.ledger[f"flow.{code}"]


@asynccontextmanager
async def bank_house(
    people: Sequence[Person], cpas: Sequence[Cpas], folder: Path, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[BankHouse]:
    """A bank that knows these people and CPAS; its files in a folder."""
    authority = Authority()
    identity = authority.identity("bcss-signatures")
    numbers = {one.id: enterprise_number(n) for n, one in enumerate(cpas, 1)}
    house = BankHouse(bank=SandboxBank(people), pusher=Pusher(identity, sender=BANK), organisations=numbers)

    async def answer(question: Question) -> Said:
        if question.path == PUSH:
            return await _pushed(house.pusher, question.body)
        said = await house.bank.answer(question)
        if question.path == CONTROL:
            return said
        house.ledger[_what(question, said)] += 1
        return said if question.path == "/classic" else _signed(said, identity)

    async with listening(answer, folder, authority=authority, host=host, port=port) as place:
        house.url = place.url
        house.variables.update(_variables(place, numbers, identity.write(folder, "signatures")[0]))
        yield house


def _signed(said: Said, identity: Identity) -> Said:
    """Signed, unless it is no envelope: what a gateway says, half an answer."""
    try:
        return replace(said, body=signed(said.body, identity))
    except etree.XMLSyntaxError:
        return said


async def _pushed(pusher: Pusher, body: bytes) -> Said:
    """A mutation that somebody orders: ``hub`` and ``key`` say where to, the rest what of whom."""
    told = json.loads(body)
    changes = tuple(Change(**one) for one in told["changes"])
    mutation = Mutation(
        recipient=told["recipient"],
        niss=told["niss"],
        order=int(told["order"]),
        changes=changes,
        source=told.get("source", "RN"),
        notification=UUID(told["notification"]) if "notification" in told else uuid4(),
    )
    headers = {"Authorization": f"Bearer {told['key']}"}
    async with httpx.AsyncClient(base_url=told["hub"], headers=headers, timeout=30) as http:
        answer = await pusher.push(http, mutation)
    said = {"status": answer.status_code, "notification": str(mutation.notification), "answer": answer.text}
    return Said(body=json.dumps(said).encode(), kind="application/json")


def _what(question: Question, said: Said) -> str:
    if action := _ACTION.search(question.body):
        return action[1].decode().lower()
    code = _CODE.search(said.body)
    return f"flow.{code[1].decode() if code else _FOUND}"


def _variables(place: Listening, numbers: Mapping[str, str], signatures: Path) -> dict[str, str]:
    """Settings of a hub that asks this bank and believes what it pushes."""
    return {
        "HUB_BCSS__ENDPOINTS": ";".join(f"{name}={place.url}/{name}" for name in SERVICES),
        "HUB_BCSS__ORGANISATIONS": ";".join(f"{name}={number}" for name, number in numbers.items()),
        "HUB_BCSS__AUTHORITY": str(place.authority),
        "HUB_BCSS__CERTIFICATE": str(place.certificate),
        "HUB_BCSS__KEY": str(place.key),
        "HUB_BCSS__SIGN_CERTIFICATE": str(place.certificate),
        "HUB_BCSS__SIGN_KEY": str(place.key),
        "HUB_BCSS__ANCHORS": str(place.authority),
        "HUB_BCSS__MUTATION_CERTIFICATES": str(signatures),
        "HUB_PERSONS__LEGAL_CONTEXTS": ";".join(f"{flow}/31=PCSA:DEBT_RECOVERY" for flow in FLOWS),
    }
