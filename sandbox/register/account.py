"""A client of the register: a court, a mediator, a creditor, or its operator."""

from typing import Any

import httpx

from sandbox.register.desk import ACTS, CEDE, EXPORT, OUTAGE, OVERVIEWS

_CREATED = 201


class RegisterAccount:
    """One account. ``refused``: rules it met."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._head = {"Authorization": f"Bearer {token}"}
        self.refused: list[str] = []

    async def act(self, case: str, name: str, **said: str) -> str | None:
        """Do something in a case; the register's reference, or None when it refuses. ``at``: of a catch-up."""
        return await self._posted(ACTS, {"case": case, "act": name, **said})

    async def cede(self, case: str, to: str) -> str | None:
        """Give this place of a creditor to another institution."""
        return await self._posted(CEDE, {"case": case, "to": to})

    async def _posted(self, path: str, body: dict[str, str]) -> str | None:
        answer = await self._http.post(path, json=body, headers=self._head)
        found: dict[str, Any] = answer.json()
        if answer.status_code != _CREATED:
            self.refused.append(found["rule"])
            return None
        return str(found["reference"])

    async def export(self, case: str) -> bytes:
        """The claims of a case as a workbook."""
        answer = await self._http.post(EXPORT, json={"case": case}, headers=self._head)
        answer.raise_for_status()
        return answer.content

    async def overviews(self) -> int:
        """The operator sends the daily mails that are due; how many."""
        answer = await self._http.post(OVERVIEWS, json={}, headers=self._head)
        answer.raise_for_status()
        return int(answer.json()["mails"])

    async def switch(self, *, away: bool) -> str:
        """The operator's outage switch."""
        answer = await self._http.post(OUTAGE, json={"away": away}, headers=self._head)
        answer.raise_for_status()
        return str(answer.json()["outage"])
