"""The register tells the hub: its acts as documents of the exchange contract, by REST, SOAP or folder.

What the hub did not take stays first in the queue, under its message id and with its bytes, until it does.
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import httpx

from sandbox.drop import FolderDrop
from sandbox.ledger import DocumentLedger
from sandbox.register.book import Act
from sandbox.wire import Answer, HubClient
from sandbox.xml import JUSTRESTART, Element, Vocabulary, canonical, envelope

CONNECTOR = "justrestart"
Way = Literal["rest", "soap", "folder"]
x = Vocabulary(JUSTRESTART)


class Push:
    """Queue and ledger of what the register tells one hub; ``now`` is the register's own time."""

    def __init__(self, client: HubClient, drop: FolderDrop | None, *, run: str, now: Callable[[], datetime]) -> None:
        self.documents = DocumentLedger(client.institution, run)
        self._client, self._drop, self._now = client, drop, now
        self._acts: deque[Act] = deque()
        self._document: tuple[str, bytes, Way] | None = None

    def hear(self, act: Act) -> None:
        """An act that the hub must know."""
        self._acts.append(act)

    @property
    def waiting(self) -> int:
        """Acts that the hub has not confirmed."""
        return len(self._acts)

    async def once(self, way: Way = "rest", *, most: int = 500) -> int:
        """Tell what waits, in one document; how many acts the hub took. A hub that is away is told later."""
        acts = [*self._acts][:most]  # by their legal dates, whenever they were entered
        if not acts:
            return 0
        if self._document is None:
            message_id = self.documents.next_id()
            self._document = (message_id, self._content(message_id, acts), way)
        message_id, content, way = self._document
        taken = content.count(b"<Act ")
        try:
            answer = await self._sent(message_id, content, way)
        except httpx.TransportError:
            return 0
        self.documents.keep(CONNECTOR, message_id, content, answer)
        self._document = None
        for _ in range(taken):
            self._acts.popleft()
        return taken

    async def _sent(self, message_id: str, content: bytes, way: Way) -> Answer:
        if way == "folder" and self._drop:
            return await self._drop.send(message_id, content)
        if way == "soap":
            return await self._client.send_soap(CONNECTOR, content)
        return await self._client.send_document(CONNECTOR, content)

    def _content(self, message_id: str, acts: Sequence[Act]) -> bytes:
        acts = sorted(acts, key=lambda one: one.at)
        head = envelope(message_id, self._client.institution, sentAt=self._now())
        if len(acts) == 1:
            return canonical(x("Act", {**head, **_attributes(acts[0])}))
        return canonical(x("Acts", head, *(_element(act) for act in acts)))


def _element(act: Act) -> Element:
    return x("Act", _attributes(act))


def _attributes(act: Act) -> dict[str, object]:
    return {"case": act.case, "reference": act.reference, "act": act.act, "at": act.at, **act.said}
