"""One bounded pool of TLS connections to the bank, and what its failures mean (bcss-primaweb §1.3, §1.4).

Bodies are never logged; zeep only writes messages, it never calls anybody.
"""

import re
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
from lxml import etree

from hub.application.consult.ports import AnswerUnusableError
from hub.domain.messaging.errors import PartnerAwayError

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MOST_BYTES = 16 * 1024 * 1024
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
_CODE = re.compile(r"[A-Za-z]{0,8}[0-9]{1,8}")
UNREADABLE = "code-unreadable"
"""Said in place of a reason code that is none: what is told in events may hold nobody's number."""


def codes_of(found: Iterable[etree._Element]) -> tuple[str, ...]:
    """Reason codes as they came (§1.5: letters, then at most eight digits); anything else is not repeated."""
    texts = [one.text.strip() for one in found if one.text]
    return tuple(one if _CODE.fullmatch(one) else UNREADABLE for one in texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """How the bank is reached. Paths are PEM files; ``password`` belongs to ``user`` (HTTP Basic)."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    connections: int = 8
    connect_wait: timedelta = timedelta(seconds=10)
    answer_wait: timedelta = timedelta(seconds=30)


class Wire:
    """Posts a SOAP 1.1 envelope and gives the answer's root element."""

    def __init__(self, line: Line) -> None:
        connect, answer = line.connect_wait.total_seconds(), line.answer_wait.total_seconds()
        self._http = httpx.AsyncClient(
            verify=_context(line),
            auth=(line.user, line.password or "") if line.user else None,
            limits=httpx.Limits(max_connections=line.connections, max_keepalive_connections=line.connections),
            timeout=httpx.Timeout(answer, connect=connect, pool=None),
            trust_env=False,
            follow_redirects=False,
        )

    async def post(self, address: str, action: str, envelope: bytes) -> tuple[etree._Element, bytes]:
        """The answer, a fault too, and its bytes.

        Raises:
            PartnerAwayError: not taken, or (``uncertain``) perhaps taken.
            AnswerUnusableError: what came back is no SOAP.
        """
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
        try:
            answer = await self._http.post(address, content=envelope, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise PartnerAwayError("no-connection") from error
        except httpx.TimeoutException as error:
            raise PartnerAwayError("no-answer", uncertain=True) from error
        except httpx.TransportError as error:
            raise PartnerAwayError("connection-cut", uncertain=True) from error
        return _root(answer)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


def _context(line: Line) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(line.authority) if line.authority else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if line.certificate is not None:
        context.load_cert_chain(line.certificate, line.key)
    return context


def _root(answer: httpx.Response) -> tuple[etree._Element, bytes]:
    """SOAP of a 200 or of a fault (500); every other status is a proxy's."""
    status = answer.status_code
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise PartnerAwayError("http-503")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        raise PartnerAwayError(f"http-{status}")
    if status not in {HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR}:
        raise PartnerAwayError(f"http-{status}", uncertain=True)
    try:
        root = parsed(answer.content)
    except AnswerUnusableError:
        if status == HTTPStatus.OK:
            raise
        raise PartnerAwayError("http-500", uncertain=True) from None
    if root.tag != f"{{{SOAP}}}Envelope":
        raise AnswerUnusableError("answer-not-soap")
    return root, answer.content


def parsed(data: bytes) -> etree._Element:
    """A hardened parse.

    Raises:
        AnswerUnusableError: it is no XML, too large, or has a document type.
    """
    if len(data) > MOST_BYTES:
        raise AnswerUnusableError("answer-too-large")
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError:
        raise AnswerUnusableError("answer-not-xml") from None
    if root.getroottree().docinfo.doctype:
        raise AnswerUnusableError("answer-has-doctype")
    return root


def body_of(root: etree._Element) -> etree._Element:
    """The one element of the one Body.

    Raises:
        AnswerUnusableError: there is none, or more than one.
    """
    bodies = root.findall(f"{{{SOAP}}}Body")
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise AnswerUnusableError("answer-without-one-body")
    return bodies[0][0]
