"""Documents made to harm are refused quickly, with a good error, and kept as rejected.

The XML attacks are those of defusedxml's list: billion laughs, quadratic blow-up, external entities, DTD retrieval.
"""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import process_time

import httpx
import pytest

from hub.bootstrap.hub import Hub
from tests.integration.intake_documents import single, synchronisation
from tests.integration.intake_parts import count, door, key_of, post

pytestmark = pytest.mark.integration
OPEN, CLOSE = synchronisation(0)
MEGABYTE = 1024 * 1024


def bomb(text: str = "&l11;", attribute: str = "") -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><x {attribute}>{text}</x>'.encode()


def declared(declaration: str, root: str = "<x>&e;</x>") -> bytes:
    return f'<?xml version="1.0"?>\n<!DOCTYPE x {declaration}>{root}'.encode()


DTDS: dict[str, Callable[[], bytes]] = {
    "billion laughs": bomb,
    "billion laughs in an attribute": lambda: bomb("", 'a="&l11;"'),
    "quadratic blow-up": lambda: declared(f'[<!ENTITY e "{"a" * 50_000}">]', f"<x>{'&e;' * 50_000}</x>"),
    "external entity by file": lambda: declared('[<!ENTITY e SYSTEM "file:///etc/passwd">]'),
    "external entity by address": lambda: declared('[<!ENTITY e SYSTEM "http://127.0.0.1:9/e.xml">]'),
    "external DTD": lambda: declared('SYSTEM "http://127.0.0.1:9/e.dtd"', "<x/>"),
    "parameter entity": lambda: declared('[<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]', "<x/>"),
    "entities in a circle": lambda: declared('[<!ENTITY a "&e;"><!ENTITY e "&a;">]'),
    "behind a long comment": lambda: b"<!--" + b"c" * 70_000 + b"-->" + bomb()[21:],
    "with the byte order mark": lambda: b"\xef\xbb\xbf" + bomb(),
}

BROKEN: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "UTF-16": (lambda: single(1).decode().encode("utf-16"), 415, "encoding-unsupported"),
    "UTF-7 declared": (lambda: b'<?xml version="1.0" encoding="utf-7"?><x/>', 415, "encoding-unsupported"),
    "EBCDIC declared": (lambda: b'<?xml version="1.0" encoding="cp037"?><x/>', 415, "encoding-unsupported"),
    "Latin-1 bytes called UTF-8": (lambda: single(1).replace(b"Exemple", b"Ex\xe9mple"), 400, "not-wellformed"),
    "cut off": (lambda: single(1)[:-30], 400, "not-wellformed"),
    "bulk cut off": (lambda: b"".join(synchronisation(2000))[:-30], 400, "not-wellformed"),
    "two roots": (lambda: single(1) * 2, 400, "not-wellformed"),
    "NUL byte": (lambda: single(1).replace(b"Exemple", b"Ex\x00mple"), 400, "not-wellformed"),
    "JSON": (lambda: b'{"a": 1}', 400, "not-wellformed"),
    "empty": (lambda: b"", 400, "empty"),
    "spaces": (lambda: b"  \n ", 400, "empty"),
    "unknown entity": (lambda: b"<x>&nothing;</x>", 400, "not-wellformed"),
    "nested deeply": (lambda: OPEN + b"<a>" * 100_000, 422, "xml-limits"),
    "nested in an item": (
        lambda: OPEN + b"<Entry>" + b"<a>" * 100 + b"</a>" * 100 + b"</Entry>" + CLOSE,
        422,
        "nothing-accepted",
    ),
    "many attributes": (
        lambda: OPEN + b"<Entry" + b"".join(b' a%d=""' % n for n in range(5000)) + b"/>" + CLOSE,
        422,
        "nothing-accepted",
    ),
    "many attributes on the root": (
        lambda: OPEN[:-2] + b"".join(b' a%d=""' % n for n in range(5_000)) + b">" + CLOSE,
        422,
        "not-valid",
    ),
    "endless item": (lambda: OPEN + b"<Entry>" + b"<a/>" * 400_000 + b"</Entry>" + CLOSE, 422, "item-too-large"),
    "endless text": (lambda: OPEN + b"a" * (12 * MEGABYTE) + CLOSE, 422, "item-too-large"),
    "endless junk in the root": (lambda: OPEN + b"<a/>" * MEGABYTE + CLOSE, 422, "item-too-large"),
    "endless root tag": (lambda: b"<x a='" + b"a" * (2 * MEGABYTE) + b"'/>", 422, "xml-limits"),
    "single document of two megabytes": (
        lambda: single(1).replace(b"</Claim>", b" " * 2 * MEGABYTE + b"</Claim>"),
        413,
        "too-large",
    ),
    "unknown root": (lambda: b"<Nothing/>", 422, "document-kind-unknown"),
    "without envelope": (lambda: b'<Synchronisation xmlns="urn:be:mediationhub:cia:1"/>', 422, "not-valid"),
}


@pytest.fixture
async def office(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of an office."""
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as client:
        yield client


@pytest.mark.parametrize("name", DTDS)
async def test_document_type_declarations_are_refused_before_anything_in_them_unfolds(
    hub: Hub, office: httpx.AsyncClient, name: str
) -> None:
    body = DTDS[name]()
    start = process_time()
    answer = await post(office, body)
    assert process_time() - start < 1
    assert (answer.status_code, answer.json()["code"]) == (400, "dtd-forbidden")
    assert await count(hub, "document", "state = 'rejected'") == 1


@pytest.mark.parametrize("name", BROKEN)
async def test_what_cannot_be_read_is_refused_with_its_rule_and_kept(
    hub: Hub, office: httpx.AsyncClient, name: str
) -> None:
    make, status, code = BROKEN[name]
    body = make()
    start = process_time()
    answer = await post(office, body)
    assert process_time() - start < 3
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert await count(hub, "document", "state = 'rejected'") == 1
    assert await count(hub, "outbox") == 0


async def test_gzip_bombs_are_refused_long_before_they_unfold(hub: Hub, office: httpx.AsyncClient) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = (
        packer.compress(OPEN) + b"".join(packer.compress(b"<Entry/>" * 100_000) for _ in range(500)) + packer.flush()
    )
    twice = gzip.compress(zeros)
    start = process_time()
    for body, code in ((zeros, "gzip-ratio"), (twice, "not-wellformed"), (zeros[:-9], "gzip-ratio")):
        answer = await post(office, body, content_encoding="gzip")
        assert answer.json()["code"] == code
    for body in (gzip.compress(single(1))[:-9], b"no gzip at all", gzip.compress(single(1))[:40]):
        answer = await post(office, body, content_encoding="gzip")
        assert (answer.status_code, answer.json()["code"]) == (400, "gzip-broken")
    assert process_time() - start < 3
    assert await count(hub, "document", "state = 'rejected'") == 6


async def test_body_beyond_the_limit_is_refused_announced_or_not(hub: Hub, office: httpx.AsyncClient) -> None:
    limit = hub.limits.most

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(limit // MEGABYTE + 2):
            yield b" " * MEGABYTE

    reader, writer = await asyncio.open_connection(office.base_url.host, office.base_url.port)
    head = f"POST /v1/connectors/cia/documents HTTP/1.1\r\nhost: x\r\ncontent-length: {limit + 1}\r\n"
    writer.write(f"{head}authorization: {office.headers['authorization']}\r\n\r\n".encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    answer = await office.post("/v1/connectors/cia/documents", content=endless(), headers={"content-type": "text/xml"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_contract_files_are_not_reachable_from_a_document(
    hub: Hub, office: httpx.AsyncClient, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody may read this")
    hint = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {secret.as_uri()}"'
    answer = await post(office, single(1).replace(b"<Claim ", f"<Claim {hint} ".encode()))
    assert "nobody may read" not in answer.text
    assert await count(hub, "document") == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "image/png"])
async def test_other_content_types_and_encodings_are_refused(office: httpx.AsyncClient, kind: str) -> None:
    answer = await post(office, single(1), content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type")
    answer = await post(office, single(1), content_encoding="br")
    assert (answer.status_code, answer.json()["code"]) == (415, "content-encoding")
