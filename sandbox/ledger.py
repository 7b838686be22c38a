"""What a simulator sent and what it was answered: its own memory, against which the hub is held."""

from collections import Counter
from dataclasses import dataclass

from sandbox.wire import Answer, UnexpectedAnswerError


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A document that was sent, with its answer."""

    connector: str
    message_id: str
    content: bytes
    answer: Answer


class DocumentLedger:
    """Documents by message id; a document that was sent twice stands here once."""

    def __init__(self, sender: str, run: str) -> None:
        self._sender = sender
        self._run = run
        self._count = 0
        self.sent: dict[str, Sent] = {}

    def next_id(self) -> str:
        """A message id that was never used."""
        self._count += 1
        return f"{self._run}.{self._sender}.{self._count:05d}"

    def keep(self, connector: str, message_id: str, content: bytes, answer: Answer, *, state: str = "accepted") -> Sent:
        """Write down a document that must have been answered with ``state``.

        Raises:
            UnexpectedAnswerError: it was not.
        """
        if answer.state != state:
            raise UnexpectedAnswerError(
                f"{connector} document {message_id}: expected {state}, got {answer.status} {dict(answer.body)}"
            )
        sent = Sent(connector=connector, message_id=message_id, content=content, answer=answer)
        self.sent[message_id] = sent
        return sent

    @property
    def states(self) -> Counter[str]:
        """How many documents were accepted, partial, rejected."""
        return Counter(sent.answer.state for sent in self.sent.values())

    @property
    def receipts(self) -> list[str]:
        """Receipts of what was taken."""
        return [sent.answer.receipt for sent in self.sent.values() if sent.answer.ok]
