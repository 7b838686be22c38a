from datetime import date

from hub.bootstrap.gate import gate_rules, legal_contexts
from hub.settings import PersonsSettings


def test_defaults_are_the_stated_decisions() -> None:
    rules = gate_rules(PersonsSettings())

    assert (rules.code, rules.with_file, rules.file_needed, rules.end_with_file, rules.tries) == (
        31,
        True,
        True,
        False,
        3,
    )
    assert rules.last_day(date(2015, 6, 5)) == date(2015, 7, 4)
    assert rules.warn.before(date(2015, 7, 4)) == date(2015, 6, 29)
    assert rules.legal_context("income") == ""


def test_legal_contexts_are_by_flow_and_code_and_empty_ones_count_as_missing() -> None:
    text = "self-employed/31=PCSA:DEBT_RECOVERY; handicap/31=debt recovery;income/31="

    assert legal_contexts(text) == {"self-employed/31": "PCSA:DEBT_RECOVERY", "handicap/31": "debt recovery"}
    rules = gate_rules(PersonsSettings(legal_contexts=text))
    assert rules.legal_context("handicap") == "debt recovery"
    assert gate_rules(PersonsSettings(legal_contexts=text, code=7)).legal_context("handicap") == ""
