"""A case destroyed: what names it goes, in one transaction under the lock of its state (ADR 0028)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text

from hub.adapters.postgres.database import Connection
from hub.adapters.postgres.erasures import PostgresErasure
from hub.adapters.postgres.metadata import METADATA
from hub.application.transfer.erase_ports import Gone, Traces

GROUP = "hub.rcd"
LONGEST = 3600.0
"""Seconds a statement may take: some look through a whole table."""
_NAMED = """(position(convert_to($1, 'UTF8') in value) > 0)"""
_BY_CASE: tuple[tuple[str, str], ...] = (
    ("timeline", f"consumer_group = '{GROUP}' AND key = $1"),
    ("timeline", f"consumer_group = 'hub.accounts' AND ({_NAMED} OR position($1 in attributes) > 0)"),
    ("feed", f"{_NAMED} OR position($1 in attributes) > 0"),
    ("outbox", f"key = $1 OR {_NAMED}"),
    ("delivery_attempt", "delivery IN (SELECT id FROM delivery WHERE key = $1 OR effect LIKE '%/' || $1)"),
    ("delivery", "key = $1 OR effect LIKE '%/' || $1"),
    ("effect", "effect LIKE '%/' || $1"),
    ("timer", f"(consumer_group = '{GROUP}' AND key = $1) OR position($1 in data) > 0"),
    ("letter_edit", f"letter IN (SELECT id FROM dead_letter WHERE key = $1 OR {_NAMED})"),
    ("projection_rcd_case", "case_id = $1"),
    ("projection_rcd_term", "case_id = $1"),
    ("projection_rcd_claim", "case_id = $1"),
    ("projection_rcd_action", "case_id = $1"),
    ("projection_rcd_outage", "case_id = $1"),
    ("projection_account_case", "case_id = $1"),
)
"""What goes, by the case's id; letters before their bodies."""
_LETTERS = f"UPDATE dead_letter SET value = NULL, record_key = NULL WHERE key = $1 OR {_NAMED}"
_OF_PERSONS = f"""
DELETE FROM timeline
WHERE consumer_group = 'hub.notices' AND key = ANY ($2::text[]) AND ({_NAMED} OR position($1 in attributes) > 0)
"""
_CAUSED = "UPDATE {} SET correlationid = key WHERE correlationid = $1"
"""Overviews to come, and done, of which it was the first news."""
_DIGESTS = """
SELECT id, content FROM delivery WHERE position('"digest"' in content) > 0 AND position($1 in content) > 0 FOR UPDATE
"""
_STATES = """
SELECT consumer_group, key, data FROM state WHERE consumer_group <> $2 AND position($1 in data) > 0
ORDER BY consumer_group, key FOR UPDATE
"""
_STATE = "UPDATE state SET data = $3 WHERE consumer_group = $1 AND key = $2"
_NO_STATE = "DELETE FROM state WHERE consumer_group = $1 AND key = $2"
_DOCUMENTS = (
    ("document", "UPDATE document SET wrapped_key = NULL WHERE id = ANY ($1::uuid[])"),
    ("document_chunk", "DELETE FROM document_chunk WHERE document = ANY ($1::uuid[])"),
    ("document_slice", "DELETE FROM document_slice WHERE document = ANY ($1::uuid[])"),
    ("document_refusal", "DELETE FROM document_refusal WHERE document = ANY ($1::uuid[])"),
)
_TELLING = {"subject", "member"}
_NOT_A_NEED = {"person_key", "person_alias"}
"""The key itself; and whose number leads to whom, which needs no key."""
_WAITING = """
EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(headers) WHEN 'array' THEN headers ELSE '[]' END) AS one
        WHERE decode(one->>1, 'base64') = convert_to($1, 'UTF8'))
"""


async def destroy(connection: Connection, traces: Traces, at: datetime) -> Gone:
    """Everything of a case but its state, its tombstone and the log of accesses to it."""
    case = traces.case
    rows: dict[str, int] = {}

    async def run(table: str, statement: str, *arguments: object) -> None:
        tag = await connection.execute(statement, *arguments, timeout=LONGEST)
        rows[table] = rows.get(table, 0) + int(tag.rpartition(" ")[2])

    for table, where in _BY_CASE:
        await run(table, f"DELETE FROM {table} WHERE {where}", case)
    await run("dead_letter", _LETTERS, case)
    for table in ("delivery", "timer"):
        await run(table, _CAUSED.format(table), case)
    await run("timeline", _OF_PERSONS, case, traces.persons)
    for table, statement in _DOCUMENTS:
        await run(table, statement, traces.documents)
    if traces.case_ref:
        rows["delivery"] += await _forget_in_overviews(connection, traces.case_ref)
    rows["state"] = await _forget_in_states(connection, case)
    return Gone(rows, await _persons(connection, traces, at))


async def _forget_in_overviews(connection: Connection, reference: str) -> int:
    """Its lines in mails that tell of other cases too."""
    changed = 0
    for row in await connection.fetch(_DIGESTS, reference, timeout=LONGEST):
        content = json.loads(row["content"])
        lines = json.loads(content.get("lines", "[]"))
        left = [line for line in lines if line[0] != reference]
        if left != lines:
            content["lines"] = json.dumps(left)
            await connection.execute("UPDATE delivery SET content = $2 WHERE id = $1", row["id"], json.dumps(content))
            changed += 1
    return changed


async def _forget_in_states(connection: Connection, case: str) -> int:
    """Accounts and persons' notices go on without it; a state that holds nothing else goes."""
    found = await connection.fetch(_STATES, case, GROUP, timeout=LONGEST)
    for row in found:
        data = forgotten(json.loads(row["data"]), case)
        place = (row["consumer_group"], row["key"])
        if data:
            await connection.execute(_STATE, *place, json.dumps(data))
        else:
            await connection.execute(_NO_STATE, *place)
    return len(found)


def forgotten(data: Any, case: str) -> Any:
    """A state without a case: neither under its id nor in a list of things that name it; what becomes empty goes."""
    if isinstance(data, Mapping):
        kept = {name: forgotten(one, case) for name, one in data.items() if name != case}
        return {name: one for name, one in kept.items() if one not in ({}, []) or data[name] in ({}, [])}
    if isinstance(data, list):
        return [forgotten(one, case) for one in data if one != case and not _names(one, case)]
    return data


def _names(one: Any, case: str) -> bool:
    return isinstance(one, Mapping) and case in one.values()


async def _persons(connection: Connection, traces: Traces, at: datetime) -> Mapping[str, int]:
    """Keys of persons that nothing else needs; with how many documents' keys."""
    gone: dict[str, int] = {}
    erasure = PostgresErasure(connection)
    for person in traces.persons:
        if not await _needed(connection, person, traces.case):
            keys, documents = await erasure.destroy(person, at)
            if keys:
                gone[person] = documents
    return gone


async def _needed(connection: Connection, person: str, case: str) -> bool:
    """Whether a row, a state or a waiting record elsewhere speaks of a person."""
    columns: Sequence[tuple[str, str]] = [
        (table.name, column.name)
        for table in METADATA.sorted_tables
        if table.name not in _NOT_A_NEED
        for column in table.columns
        if column.name in _TELLING and isinstance(column.type, Text)
    ]
    wheres = [f"SELECT FROM {table} WHERE {column} = $1" for table, column in columns]
    wheres += [
        "SELECT FROM state WHERE NOT (consumer_group = $2 AND key = $3) AND (key = $1 OR position($1 in data) > 0)",
        "SELECT FROM outbox WHERE position($1 in headers) > 0",
        f"SELECT FROM parked_record WHERE {_WAITING}",
        f"SELECT FROM dead_letter WHERE state IN ('waiting', 'archived') AND {_WAITING}",
    ]
    asked = " OR ".join(f"EXISTS ({where})" for where in wheres)
    found: bool = await connection.fetchval(f"SELECT {asked}", person, GROUP, case, timeout=LONGEST)
    return found
