"""``hub institution`` and ``hub receipt`` as an administrator and a partner use them."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.intake_documents import single
from tests.integration.intake_parts import door, post
from tests.support.commands import command

pytestmark = pytest.mark.integration


def run(settings: Settings, *words: str, code: int = 0) -> Any:
    """Run a command of the hub; its JSON, or what it said on stderr when it wrote nothing else."""
    done = command(settings, *words)
    assert done.code == code, done.error
    return json.loads(done.out) if done.out else done.error


async def test_institution_gets_a_key_that_works_until_it_is_revoked(
    hub: Hub, settings: Settings, tmp_path: Path
) -> None:
    run(settings, "institution", "add", "etude-001", "--kind", "office", "--name", "Test", "--json")
    made = run(settings, "institution", "key", "etude-001", "--connector", "cia", "--json")
    assert made["key"].startswith(f"hub_{made['id']}_")
    async with door(hub, {"authorization": f"Bearer {made['key']}"}) as client:
        answer = await post(client, single(1))
        assert answer.status_code == 201
        keys = tmp_path / "keys.json"
        keys.write_bytes((await client.get("/v1/keys")).content)
    (listed,) = run(settings, "institution", "list", "--json")
    assert (listed["institution"], listed["key"], listed["connectors"]) == ("etude-001", made["id"], ["cia"])
    assert "hash" not in listed
    run(settings, "institution", "revoke", made["id"], "--json")
    (listed,) = run(settings, "institution", "list", "--json")
    assert listed["key_revoked"] is not None
    _check_receipts(settings, tmp_path, answer.content, keys)


def _check_receipts(settings: Settings, folder: Path, answer: bytes, keys: Path) -> None:
    receipt, document, other = folder / "answer.json", folder / "claim.xml", folder / "other.xml"
    receipt.write_bytes(answer)
    document.write_bytes(single(1))
    other.write_bytes(single(2))
    verify = ("receipt", "verify", "--json")
    good = run(settings, *verify, str(receipt), "--keys", str(keys), "--document", str(document))
    assert (good["genuine"], good["document_checked"], good["eventCount"]) == (True, True, 1)
    assert run(settings, *verify, str(receipt))["genuine"]
    assert "other bytes" in run(settings, *verify, str(receipt), "--keys", str(keys), "--document", str(other), code=3)
    forged = folder / "forged.jws"
    head, claims, signature = json.loads(answer)["receipt"].split(".")
    forged.write_text(".".join((head, claims[:-4] + "AAAA", signature)))
    assert "changed" in run(settings, *verify, str(forged), "--keys", str(keys), code=3)


async def test_what_an_administrator_asks_wrongly_is_refused_with_a_sentence(settings: Settings) -> None:
    add = ("institution", "add", "cpas-1", "--kind", "cpas", "--name", "Test", "--json")
    run(settings, *add)
    assert "exists already" in run(settings, *add, code=3)
    assert "not for a cpas" in run(settings, "institution", "key", "cpas-1", "--connector", "cia", code=3)
    opened = "be.mediationhub.dossier.opened.v1"
    assert "may not publish" in run(settings, "institution", "key", "cpas-1", "--type", opened, code=3)
    assert "letters" in run(settings, "institution", "add", "../x", "--kind", "cpas", "--name", "x", code=3)
    run(settings, "institution", "key", "nobody", code=3)
    run(settings, "institution", "revoke", "nobody", code=3)
