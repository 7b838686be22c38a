"""A case that was kept long enough, and the State Archives that take it."""

import json
from hashlib import sha256
from pathlib import Path

import httpx

from connectors.justrestart.cases import case_of
from hub.bootstrap.hub import Hub
from tests.support.documents import niss_of

REFERENCE = "2015/LIEGE/7"
CASE = case_of(REFERENCE)
PERSON = 77
HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
LIFE = (
    ("petition-filed", "2015-01-05T09:00:00+01:00", ""),
    ("admitted", "2015-01-12T09:00:00+01:00",
     f'institution="cpas-1" court="TT-LIEGE" roleNumber="15/7/B" niss="{niss_of(PERSON)}"'),
    ("admissibility-notified", "2015-01-13T09:00:00+01:00", 'party="cred-1"'),
    ("revoked", "2016-03-01T09:00:00+01:00", ""),
    ("closed", "2016-05-02T09:00:00+02:00", ""),
    ("operations-ended", "2016-06-01T09:00:00+02:00", ""),
)  # fmt: skip


def items(case: str, *which: tuple[str, str, str]) -> str:
    """Acts of a case."""
    return "".join(f'<Act case="{case}" reference="{name}" act="{name}" at="{at}" {more}/>' for name, at, more in which)


def document(message: str, *of_cases: str) -> bytes:
    """A document of acts."""
    return f'<Acts {HEAD} messageId="{message}">{"".join(of_cases)}</Acts>'.encode()


def single(message: str, case: str, name: str, at: str) -> bytes:
    """A document of one act."""
    return f'<Act {HEAD} messageId="{message}" case="{case}" reference="{name}" act="{name}" at="{at}"/>'.encode()


async def told(register: httpx.AsyncClient, *documents: bytes) -> None:
    """The register tells acts."""
    for body in documents:
        answer = await register.post(
            "/v1/connectors/justrestart/documents", content=body, headers={"content-type": "application/xml"}
        )
        assert answer.status_code == 201, answer.text


def receipt(folder: Path, package: Path, **changes: str) -> Path:
    """What the Archives answer to a package."""
    said = {"reference": "ARA-2026-11", "date": "2026-06-15", "sha256": sha256(package.read_bytes()).hexdigest()}
    file = folder / "receipt.json"
    file.write_text(json.dumps({**said, **changes}))
    return file


async def words_of(hub: Hub, word: str) -> dict[str, int]:
    """In which tables, in how many rows, a word stands anywhere."""
    tables = await hub.database.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    found = {}
    for (table,) in tables:
        rows = await hub.database.pool.fetch(f'SELECT to_jsonb(one)::text AS text FROM "{table}" AS one')
        number = sum(word in row["text"] or word.encode().hex() in row["text"] for row in rows)
        if number:
            found[table] = number
    return found
