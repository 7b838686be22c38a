import os
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from hub.adapters.crypto.secrets import ensure_secrets, read_secrets
from hub.adapters.postgres.database import Database
from hub.adapters.soap import identify_person
from hub.adapters.soap.bank import SoapBank
from hub.adapters.soap.contracts import OFFICIAL, ContractBrokenError, Contracts, KitUnreadableError
from hub.application.consult.no_bank import NoBank
from hub.application.consult.searching import Search
from hub.bootstrap.bank import CONTRACTS, BankSettingError, endpoints, organisations, soap_bank
from hub.bootstrap.outward import OutwardParts
from hub.bootstrap.places import Where
from hub.settings import BcssSettings, Settings

pytestmark = pytest.mark.unit

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
DSN = "postgresql://u:p@localhost:1/x"


def test_address_without_tls_is_refused_by_name() -> None:
    with pytest.raises(BankSettingError, match="classic"):
        endpoints("classic=http://127.0.0.1/; self-employed=https://127.0.0.1/")


def test_organisation_has_an_enterprise_number_and_perhaps_the_code_replies_name_it_by() -> None:
    found = organisations("cpas-1=0100000196/63023; cpas-2=0100000295")

    assert found["cpas-1"].names == {"0100000196", "63023"}
    assert found["cpas-2"].names == {"0100000295"}
    with pytest.raises(BankSettingError, match="cpas-3"):
        organisations("cpas-3=12345")


def test_kit_or_key_that_cannot_be_used_stops_the_start_by_name(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.pem"

    with pytest.raises(KitUnreadableError, match="HUB_BCSS__KIT"):
        soap_bank(BcssSettings(kit=tmp_path), lambda: MOMENT)
    with pytest.raises(BankSettingError, match="HUB_BCSS__SIGN_KEY"):
        soap_bank(BcssSettings(sign_certificate=nothing, sign_key=nothing), lambda: MOMENT)


def test_official_kit_is_held_against_messages_beside_our_own_contracts(tmp_path: Path) -> None:
    """A kit that allows nothing: what our own contract takes is then refused, whichever way it goes."""
    for space, name in OFFICIAL.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{space}"/>'
        file.write_text(f"<d><types>{schema}</types></d>" if file.suffix == ".wsdl" else schema)
    asked = identify_person.request(Search(niss="75111099168"))

    Contracts(CONTRACTS).check(asked)
    with pytest.raises(ContractBrokenError):
        Contracts(CONTRACTS, tmp_path).check(asked)


def test_contracts_that_are_shipped_are_our_own() -> None:
    ours = [file for file in CONTRACTS.iterdir() if file.suffix in {".xsd", ".wsdl"}]
    kit = os.environ.get("HUB_BCSS__KIT")
    theirs = {file.read_bytes() for file in Path(kit).rglob("*") if file.is_file()} if kit else set()

    assert len(ours) > 10
    assert [file.name for file in ours if "Our own" not in file.read_text(encoding="utf-8")] == []
    assert [file.name for file in ours if file.read_bytes() in theirs] == []


@pytest.mark.parametrize(("asked", "kind"), [(None, NoBank), ("classic=https://127.0.0.1:1/", SoapBank)])
async def test_bank_is_reached_only_where_addresses_are_set(tmp_path: Path, asked: str | None, kind: type) -> None:
    ensure_secrets(tmp_path)
    settings = Settings(home=tmp_path, bcss=BcssSettings(endpoints=asked))
    engine = create_async_engine(DSN.replace("postgresql://", "postgresql+asyncpg://"))
    database = Database(DSN, asyncpg.create_pool(DSN, min_size=0), engine)  # nothing connects here

    parts = OutwardParts(
        settings, Where("localhost:1", DSN, "smtp://localhost:1"), read_secrets(tmp_path, {}), database
    )

    assert isinstance(parts.bank, kind)
    await engine.dispose()


def test_time_is_asked_of_the_hubs_clock() -> None:
    assert soap_bank(BcssSettings(), lambda: MOMENT)._reach.now() == MOMENT
