from datetime import date
from string import ascii_uppercase, digits

import pytest
import stdnum.be.bis
import stdnum.be.nn
import stdnum.be.ogm_vcs
import stdnum.be.vat
import stdnum.iso11649
from hypothesis import given, settings
from hypothesis import strategies as st
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from hub.domain.identifiers import (
    bare,
    enterprise_number_problem,
    iban_problem,
    niss_century,
    niss_problem,
    ogm_problem,
    person_number_problem,
    rf_problem,
)
from hub.domain.messaging.messages import MESSAGES

pytestmark = pytest.mark.unit

TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    "niss",
    ["61021399111", "74081999446", "88110699769", "01052399351", "07091299647", "59000099550", "01052399322"],
)
def test_valid_register_number_has_no_problem(niss: str) -> None:
    assert niss_problem(niss, TODAY) is None


@pytest.mark.parametrize("niss", ["69430899134", "83522799412", "90261599248", "03411799340", "05300499505"])
def test_valid_bis_number_has_no_problem(niss: str) -> None:
    assert niss_problem(niss, TODAY) is None


@pytest.mark.parametrize(
    ("niss", "code"),
    [
        ("61021399112", "niss-checksum"),
        ("07091296947", "niss-checksum"),
        ("69430899135", "niss-checksum"),
        ("88130699783", "niss-date"),
        ("83352799487", "niss-date"),
        ("6102139911", "niss-form"),
        ("610213991111", "niss-form"),
        ("61.02.13-991", "niss-form"),
        ("6102139911١", "niss-form"),
        ("6102139911²", "niss-form"),
        ("", "niss-form"),
    ],
)
def test_invalid_niss_names_the_broken_rule(niss: str, code: str) -> None:
    assert niss_problem(niss, TODAY) == code


def _niss(fields: str, century: int) -> str:
    base = int(fields) + (2_000_000_000 if century == 2000 else 0)
    return f"{fields}{97 - base % 97:02d}"


@pytest.mark.parametrize(
    ("fields", "century", "code"),
    [
        ("260115991", 2000, None),
        ("260116991", 2000, "niss-date"),
        ("261200991", 2000, "niss-date"),
        ("270101991", 2000, "niss-date"),
        ("270000991", 2000, "niss-date"),
        ("260000991", 2000, None),
        ("270101991", 1900, None),
        ("000229991", 2000, None),
        ("000229991", 1900, "niss-date"),
        ("610230991", 1900, "niss-date"),
        ("610431991", 1900, "niss-date"),
        ("610032991", 1900, "niss-date"),
        ("610200991", 1900, None),
        ("612000991", 1900, None),
        ("615300991", 1900, "niss-date"),
        ("616100991", 1900, "niss-date"),
        ("610213999", 1900, "niss-order"),
        ("610213000", 1900, "niss-order"),
    ],
)
def test_birth_date_rule_at_its_edges(fields: str, century: int, code: str | None) -> None:
    assert niss_problem(_niss(fields, century), TODAY) == code


def test_check_digits_reveal_the_century() -> None:
    assert niss_century("01052399322") == 1900
    assert niss_century("01052399351") == 2000
    assert niss_century("01052399350") is None


@pytest.mark.parametrize("number", ["0100001753", "0123456551", "1990000134", "1990123462", "1999999844"])
def test_valid_enterprise_number_has_no_problem(number: str) -> None:
    assert enterprise_number_problem(number) is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("1990123463", "enterprise-number-checksum"),
        ("0990000134", "enterprise-number-checksum"),
        ("2990000155", "enterprise-number-form"),
        ("990000134", "enterprise-number-form"),
        ("BE0123456551", "enterprise-number-form"),
    ],
)
def test_invalid_enterprise_number_names_the_broken_rule(number: str, code: str) -> None:
    assert enterprise_number_problem(number) == code


def test_person_number_is_a_niss_or_an_enterprise_number() -> None:
    assert person_number_problem("61021399111", TODAY) is None
    assert person_number_problem("0123456551", TODAY) is None
    assert person_number_problem("61021399112", TODAY) == "niss-checksum"
    assert person_number_problem("123", TODAY) == "enterprise-number-form"


@pytest.mark.parametrize(
    "iban",
    [
        "BE26138000001729",
        "BE73138123456760",
        "BE40138765432163",
        "BE52152000097009",
        "BE83152990099015",
        "FR1420041010050500013M02606",
        "NL91ABNA0417164300",
    ],
)
def test_valid_iban_of_any_bank_has_no_problem(iban: str) -> None:
    assert iban_problem(iban) is None


@pytest.mark.parametrize(
    ("iban", "code"),
    [
        ("BE74138123456760", "iban-checksum"),
        ("BE44138123456700", "iban-national-checksum"),
        ("BE7313812345676", "iban-form"),
        ("BE73 1381 2345 6760", "iban-form"),
        ("be73138123456760", "iban-form"),
        ("BE7313812345676A", "iban-form"),
        ("BEAA138123456760", "iban-form"),
        ("1E73138123456760", "iban-form"),
        ("NL92ABNA0417164300", "iban-checksum"),
        ("NL91ABNA041716430É", "iban-form"),
    ],
)
def test_invalid_iban_names_the_broken_rule(iban: str, code: str) -> None:
    assert iban_problem(iban) == code


@pytest.mark.parametrize(
    "paper",
    [
        "+++099/0000/01772+++",
        "+++099/0001/23428+++",
        "+++099/0020/26143+++",
        "+++099/0000/08644+++",
        "+++099/1234/56706+++",
        "***099/0000/04297***",
    ],
)
def test_valid_structured_communication_has_no_problem_in_its_bare_form(paper: str) -> None:
    assert ogm_problem(bare(paper)) is None


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("099000004200", "ogm-checksum"),
        ("099000123429", "ogm-checksum"),
        ("099000213428", "ogm-checksum"),
        ("+++099/0000/01772+++", "ogm-form"),
        ("99000001772", "ogm-form"),
    ],
)
def test_invalid_structured_communication_names_the_broken_rule(reference: str, code: str) -> None:
    assert ogm_problem(reference) == code


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("RF18539007547034", None),
        ("RF19539007547034", "rf-checksum"),
        ("RF18", "rf-form"),
        ("RFX8539007547034", "rf-form"),
        ("RF18 5390 0754 7034", "rf-form"),
        ("rf18539007547034", "rf-form"),
        ("XF18539007547034", "rf-form"),
        ("RF18" + "1" * 22, "rf-form"),
    ],
)
def test_rf_reference_is_checked_by_iso_11649(reference: str, code: str | None) -> None:
    assert rf_problem(reference) == code


def test_bare_form_drops_what_people_write_between_the_digits() -> None:
    assert bare(" 61.02.13-991.11 ") == "61021399111"
    assert bare("be26 1380 0000 1729") == "BE26138000001729"


_month = st.integers(0, 59)
_niss_fields = st.builds(
    "{:02d}{:02d}{:02d}{:03d}".format, st.integers(0, 99), _month, st.integers(0, 31), st.integers(1, 998)
)


@settings(deadline=None)  # other work may share the cores
@given(
    st.one_of(
        st.builds(_niss, _niss_fields, st.sampled_from([1900, 2000])), st.from_regex(r"[0-9]{11}", fullmatch=True)
    )
)
def test_niss_that_holds_also_holds_for_the_second_implementation(niss: str) -> None:
    today = date.today()  # noqa: DTZ011 - the oracle asks the machine's clock too

    problem = niss_problem(niss, today)

    oracle = stdnum.be.nn.is_valid(niss) or stdnum.be.bis.is_valid(niss)
    assert oracle or problem is not None
    assert problem in {None, "niss-date", "niss-order"} or not oracle


@settings(deadline=None)  # other work may share the cores
@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_enterprise_number_agrees_with_the_second_implementation(base: str) -> None:
    for number in (base, f"{base[:8]}{97 - int(base[:8]) % 97:02d}"):
        assert (enterprise_number_problem(number) is None) == (
            stdnum.be.vat.is_valid(number) and not number.endswith("00")
        )


@settings(deadline=None)  # other work may share the cores
@given(st.integers(0, 10**10 - 1), st.integers(0, 99))
def test_structured_communication_agrees_with_the_second_implementation(base: int, check: int) -> None:
    for reference in (f"{base:010d}{check:02d}", f"{base:010d}{base % 97 or 97:02d}"):
        assert (ogm_problem(reference) is None) == stdnum.be.ogm_vcs.is_valid(reference)


@settings(deadline=None)  # other work may share the cores
@given(st.text(ascii_uppercase + digits, min_size=1, max_size=21), st.integers(2, 98))
def test_rf_reference_agrees_with_the_second_implementation(text: str, check: int) -> None:
    reference = f"RF{check:02d}{text}"

    assert (rf_problem(reference) is None) == stdnum.iso11649.is_valid(reference)


def _holds_for_schwifty(iban: str) -> bool:
    try:
        IBAN(iban, validate_bban=True)
    except SchwiftyException:
        return False
    return True


@settings(deadline=None)  # other work may share the cores
@given(st.integers(0, 10**10 - 1), st.booleans())
def test_belgian_iban_agrees_with_the_second_implementation(base: int, right: bool) -> None:  # noqa: FBT001
    account = f"{base:010d}{(base % 97 or 97) if right else (base + 1) % 97:02d}"
    iban = f"BE{98 - int(account + '111400') % 97:02d}{account}"

    assert (iban_problem(iban) is None) == _holds_for_schwifty(iban)


@settings(deadline=None)  # other work may share the cores
@given(st.text(max_size=40))
def test_any_text_gets_a_known_code_and_never_an_exception(text: str) -> None:
    found = {
        niss_problem(text, TODAY),
        enterprise_number_problem(text),
        iban_problem(text),
        ogm_problem(text),
        rf_problem(text),
    }

    assert all(code is None or code in MESSAGES for code in found)
