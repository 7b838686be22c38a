from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.adapters.soap.contracts import Contracts, KitUnreadableError
from hub.bootstrap.bank import CONTRACTS, BankSettingError, endpoints, organisations

pytestmark = pytest.mark.unit


def test_address_without_tls_is_refused_by_name() -> None:
    with pytest.raises(BankSettingError, match="classic"):
        endpoints("classic=http://127.0.0.1/; self-employed=https://127.0.0.1/")


def test_organisation_has_an_enterprise_number_and_perhaps_the_code_replies_name_it_by() -> None:
    found = organisations("cpas-1=0100000196/63023; cpas-2=0100000295")

    assert found["cpas-1"].names == {"0100000196", "63023"}
    assert found["cpas-2"].names == {"0100000295"}
    with pytest.raises(BankSettingError, match="cpas-3"):
        organisations("cpas-3=12345")


def test_kit_that_is_not_there_is_named(tmp_path: Path) -> None:
    from lxml import etree  # noqa: PLC0415 - only here

    with pytest.raises(KitUnreadableError, match="HUB_BCSS__KIT"):
        Contracts(CONTRACTS, tmp_path).check(etree.Element("{http://www.ksz-bcss.fgov.be/XSD/SSDN/Service}SSDNReply"))


def test_time_is_asked_of_the_hubs_clock() -> None:
    from hub.bcss_settings import BcssSettings  # noqa: PLC0415
    from hub.bootstrap.bank import soap_bank  # noqa: PLC0415 - loads zeep

    moment = datetime(2026, 3, 2, tzinfo=UTC)

    assert soap_bank(BcssSettings(), lambda: moment)._reach.now() == moment
