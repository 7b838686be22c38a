"""The register's counter over HTTP: accounts act, the operator opens accounts and works the outage switch."""

import json
import secrets
from collections.abc import Mapping
from typing import get_args

from sandbox.bcss.server import Question, Said
from sandbox.register.book import Account, Act, Book, RefusedError, Role
from sandbox.register.mails import Postman

ACTS, CEDE, EXPORT = "/acts", "/cede", "/export"
ACCOUNTS, OUTAGE, JOURNAL, OVERVIEWS = "/accounts", "/outage", "/journal", "/overviews"
_JSON = "application/json; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Desk:
    """Answers questions over one book. ``operator``: the token of who runs the register; ``postman``: of its mails."""

    def __init__(self, book: Book, postman: Postman | None = None) -> None:
        self.postman = postman
        self.operator = secrets.token_urlsafe(24)
        self._book = book
        self._accounts: dict[str, Account] = {}

    def open(self, account: Account) -> str:
        """An account for somebody; its token."""
        token = secrets.token_urlsafe(24)
        self._accounts[token] = account
        return token

    async def answer(self, question: Question) -> Said:
        """One question."""
        try:
            if question.path == EXPORT:
                case = str(json.loads(question.body)["case"])
                return Said(body=self._book.export(self._account(question), case), kind=_XLSX)
            status, body = self._answered(question)
        except RefusedError as error:
            status, body = error.status, {"rule": error.rule, "text": str(error)}
        except (ValueError, TypeError, KeyError):
            status, body = 400, {"rule": "not-understood", "text": "Cette demande n'est pas lisible."}
        return Said(body=json.dumps(body, ensure_ascii=False).encode(), status=status, kind=_JSON)

    def _answered(self, question: Question) -> tuple[int, Mapping[str, object]]:
        said = json.loads(question.body or b"{}")
        token = _token(question)
        if question.path == ACTS:
            account = self._account(question)
            case, act = str(said.pop("case")), str(said.pop("act"))
            texts = {str(name): str(value) for name, value in said.items()}
            return 201, shown(self._book.act(account, case, act, texts))
        if question.path == CEDE:
            ceded = self._book.cede(self._account(question), str(said["case"]), str(said["to"]))
            return 201, {"reference": ceded.reference, "place": str(said["to"])}
        if not secrets.compare_digest(token.encode(), self.operator.encode()):
            raise RefusedError(401, "operator-only", "Identifiez-vous.")
        return self._operated(question.path, said)

    def _account(self, question: Question) -> Account:
        account = self._accounts.get(_token(question))
        if account is None:
            raise RefusedError(401, "account-unknown", "Identifiez-vous.")
        return account

    def _operated(self, path: str, said: Mapping[str, object]) -> tuple[int, Mapping[str, object]]:
        if path == OUTAGE:
            return 200, {"outage": self._book.switch(away=bool(said["away"])), "away": self._book.away is not None}
        if path == ACCOUNTS:
            role = next(one for one in get_args(Role) if one == said["role"])
            texts = {name: str(said[name]) for name in ("institution", "party") if name in said}
            return 201, {"token": self.open(Account(name=str(said["name"]), role=role, **texts))}
        if path == OVERVIEWS and self.postman:
            return 200, {"mails": self.postman.rounds()}
        if path == JOURNAL:
            return 200, {"acts": [shown(act) for act in self._book.acts]}
        raise RefusedError(404, "no-such-place", "Rien ici.")


def _token(question: Question) -> str:
    return question.headers.get("authorization", "").removeprefix("Bearer ")


def shown(act: Act) -> Mapping[str, object]:
    """An act as the register tells it, without the number of the requérant."""
    said = {name: value for name, value in act.said.items() if name != "niss"}
    when = {"at": act.at.isoformat(), "entered": act.entered.isoformat()}
    return {"case": act.case, "reference": act.reference, "act": act.act, **when, **said}
