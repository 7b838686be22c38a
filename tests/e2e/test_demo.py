"""The whole story in small: real servers, real processes, every count held against the ledgers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
@pytest.mark.timeout(280)
def test_story_of_thirty_people_agrees_with_its_ledgers(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    command = [sys.executable, "-m", "hub", "demo", "--people", "30", "--json", "--home", str(tmp_path / "demo")]

    played = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=260, check=False
    )

    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-3000:]
    summary = json.loads(played.stdout)
    checks = {(check["where"], check["name"]): check for check in summary["checks"]}
    assert summary["ok"] is True
    assert [check for check in summary["checks"] if not check["ok"]] == []
    assert [name for name, held in summary["facts"].items() if not held] == []
    assert {mail["kind"] for mail in summary["mails"]} == {"invitation", "reminder", "closing", "settlement", "digest"}
    assert summary["dossier"]["for_cpas"]["totals"]["claims"] > 0
    assert len(summary["dossier"]["for_office"]["participations"]) == 1
    assert int(checks["hub", "claims.living"]["found"]) > 200
    assert checks["hub", "letters.replayed"]["found"] == "13"  # one by hand, twelve of the administrator's day
    assert int(checks["read by CPAS", "debt files with every amount right, to the cent"]["found"]) == 6
    assert checks["hub", "settlements.CLAIMS_REMINDER"]["found"] == "2"
    assert checks["feeds of CPAS", "foreclosure.proposed"]["found"] == "3"  # late, silent, silent through an outage
    assert checks["hub", "settlement-claims"]["found"] == "3"  # of two Excel exports, each sent again
    assert (
        checks["feeds of offices", "rcd-access.changed"]["found"] == "7"
    )  # four accepted, one invited, ceded from, to
    assert int(checks["mailboxes", "mails.digest"]["found"]) > 1
    assert int(checks["feeds of CPAS", "rcd-action.suggested"]["found"]) > 5
    assert checks["feeds of CPAS", "closing-proposal.lapsed"]["found"] == "1"
    assert int(checks["feeds of offices", "rcd-avis.told"]["found"]) > 3
    assert int(checks["the bank's own ledger", "consultations answered"]["found"]) == 28  # two CPAS, two debtors each
    assert int(checks["the bank's own ledger", "refused by the bank (MSG00012)"]["found"]) == 2
    assert int(checks["feeds of CPAS", "mutations, each pushed twice"]["found"]) == 2
    assert int(checks["mailboxes", "mails.reminder"]["found"]) > 0
    assert int(checks["read by CPAS", "dossiers with every total right, to the cent"]["found"]) >= 12
