"""A partner's side of the hub's HTTP interface."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from lxml import etree

_BATCH = "application/cloudevents-batch+json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_OK = 200
_BAD = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the hub answered to a document or to events: the HTTP status and the JSON body."""

    status: int
    body: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether it was taken, at least in part."""
        return _OK <= self.status < _BAD

    @property
    def state(self) -> str:
        """accepted, partial or rejected."""
        return str(self.body.get("state", ""))

    @property
    def events(self) -> int:
        """How many events it became."""
        return int(self.body.get("events", 0))

    @property
    def receipt(self) -> str:
        """The signed receipt."""
        return str(self.body.get("receipt", ""))

    @property
    def refused(self) -> Sequence[Mapping[str, Any]]:
        """The rules that were broken: code, line, xpath, text, and of which item."""
        found: Sequence[Mapping[str, Any]] = self.body.get("refused") or self.body.get("errors") or ()
        return found


class UnexpectedAnswerError(Exception):
    """The hub answered what the simulator's ledger cannot accept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of a feed: events in order, and where the next one begins."""

    events: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    cursor: str = ""


class HubClient:
    """One institution's connection to a hub."""

    def __init__(self, base: str, *, institution: str, key: str) -> None:
        self.institution = institution
        self._http = httpx.AsyncClient(
            base_url=base,
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(90.0),
            limits=httpx.Limits(max_connections=24),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send_document(
        self,
        connector: str,
        content: bytes,
        *,
        language: str = "en",
        compressed: bool = False,
        corrects: str | None = None,
    ) -> Answer:
        """Hand in an XML document; ``compressed``: the content is gzip; ``corrects``: of a returned document."""
        headers = {"Content-Type": "application/xml", "Accept": "application/json", "Accept-Language": language}
        if compressed:
            headers["Content-Encoding"] = "gzip"
        if corrects:
            headers["Corrects"] = corrects
        return _answer(await self._http.post(f"/v1/connectors/{connector}/documents", content=content, headers=headers))

    async def send_workbook(self, connector: str, content: bytes) -> Answer:
        """Hand in an Excel workbook."""
        headers = {"Content-Type": _XLSX, "Accept": "application/json"}
        return _answer(await self._http.post(f"/v1/connectors/{connector}/documents", content=content, headers=headers))

    async def send_soap(self, connector: str, content: bytes) -> Answer:
        """Hand in an XML document in a SOAP 1.2 envelope; the answer's words by their local names."""
        body = b'<s:Envelope xmlns:s="%b"><s:Body>%b</s:Body></s:Envelope>' % (_SOAP.encode(), content)
        headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
        answer = await self._http.post(f"/v1/connectors/{connector}/soap", content=body, headers=headers)
        words = {etree.QName(one).localname: one.text or "" for one in etree.fromstring(answer.content).iter("{*}*")}
        return Answer(status=answer.status_code, body=words)

    async def send_events(self, events: Sequence[Mapping[str, Any]]) -> Answer:
        """Publish CloudEvents, as a batch."""
        headers = {"Content-Type": _BATCH, "Accept": "application/json"}
        return _answer(await self._http.post("/v1/events", json=list(events), headers=headers))

    async def feed(self, after: str, *, wait: int = 0, limit: int = 500) -> Page:
        """What follows a cursor; waits so many seconds when nothing does yet."""
        query: dict[str, str | int] = {"wait": wait, "limit": limit}
        if after:
            query["after"] = after
        answer = await self._http.get("/v1/feed", params=query)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return Page(cursor=answer.headers.get("HUB-Cursor", after))
        _expect(answer)
        return Page(events=answer.json(), cursor=answer.headers["HUB-Cursor"])

    async def get(self, path: str, **query: str | int) -> Any:
        """Something to read, as JSON."""
        answer = await self._http.get(path, params=query)
        _expect(answer)
        return answer.json()

    async def status_of(self, path: str, *, purpose: str = "") -> int:
        """The HTTP status of reading something: what is another's must not be found."""
        return (await self._http.get(path, headers={"Purpose": purpose} if purpose else None)).status_code

    async def push(self, connector: str, envelope: bytes) -> None:
        """Hand in a document by SOAP.

        Raises:
            UnexpectedAnswerError: it was not taken.
        """
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        _expect(await self._http.post(f"/v1/connectors/{connector}/soap", content=envelope, headers=headers))


def _answer(answer: httpx.Response) -> Answer:
    """The hub's answer; anything but JSON is a fault of the hub."""
    try:
        body = answer.json()
    except ValueError as error:
        text = f"{answer.request.method} {answer.request.url.path} answered {answer.status_code} without JSON"
        raise UnexpectedAnswerError(text) from error
    return Answer(status=answer.status_code, body=body if isinstance(body, dict) else {"answers": body})


def _expect(answer: httpx.Response) -> None:
    if answer.status_code != _OK:
        what = f"{answer.request.method} {answer.request.url.path}"
        raise UnexpectedAnswerError(f"{what} answered {answer.status_code}: {answer.text[:500]}")
