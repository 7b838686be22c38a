"""A state goes on without a case that was erased."""

from hub.adapters.postgres.case_erasures import forgotten
from hub.domain.accounts.state import Account
from hub.domain.notices.state import PersonNotices

CASE, OTHER = "c" + "1" * 32, "c" + "2" * 32


def test_account_forgets_the_case_and_its_news_and_keeps_the_others() -> None:
    before = {
        "institution": "cpas-1",
        "groups": {"g": {"administrators": ["u"], "members": ["u"], "contact": "u"}},
        "cases": {CASE: "g", OTHER: ""},
        "news": [{"case": CASE, "ref": "1", "kind": "plan"}, {"case": OTHER, "ref": "2", "kind": "plan"}],
    }
    after = Account.model_validate(forgotten(before, CASE))

    assert after.cases == {OTHER: ""}
    assert [one.case for one in after.news] == [OTHER]
    assert after.groups["g"].members == ("u",)


def test_person_without_anything_else_has_no_state_left() -> None:
    assert forgotten({"settlements": {CASE: {"running": False}}}, CASE) == {}
    both = forgotten({"settlements": {CASE: {"running": False}, OTHER: {"running": True}}}, CASE)
    assert list(PersonNotices.model_validate(both).settlements) == [OTHER]
