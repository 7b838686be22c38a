"""What institutions asked the hub and the hub prepared: the register records it, as at its own counter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from sandbox.register.book import Account, Book, RefusedError

_TYPE = "be.mediationhub.register-act.prepared.v1"
_NAMESPACE = UUID("6d656469-6174-5f69-8f6e-2d687562a001")
"""Of every id that the hub derives; published, so that partners can derive them too (ADR 0004)."""


def hub_case(reference: str) -> str:
    """The hub's id of a case, from the register's reference."""
    return "c" + uuid5(_NAMESPACE, f"rcd\x1f{reference}").hex


class Clerk:
    """Hears the register's feed. ``refused``: rules that a prepared act met."""

    def __init__(self, book: Book) -> None:
        self.refused: list[str] = []
        self._book = book

    def hear(self, event: Mapping[str, Any]) -> None:
        """Record what was prepared; everything else is none of the clerk's business."""
        if event["type"] != _TYPE:
            return
        data = event["data"]
        account = Account(name="hub", role="creditor", institution=data["institution"], party=data["party"])
        try:
            case = next((one for one in self._book.cases if hub_case(one) == data["case"]), "")
            if data["act"] == "invitation-ceded":
                self._book.cede(account, case, data["target"])
            else:
                self._book.act(account, case, data["act"], {})
        except RefusedError as error:
            self.refused.append(error.rule)
