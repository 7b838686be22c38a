import pytest

from hub.domain.access.roles import ROLES, rights_of


def test_viewer_looks_and_does_nothing() -> None:
    assert rights_of(["viewer"]) == {"look"}


def test_no_single_role_both_acts_and_approves() -> None:
    assert [role for role in ROLES if {"act", "approve"} <= rights_of([role])] == []


def test_roles_together_allow_what_each_allows() -> None:
    assert rights_of(["operator", "approver"]) == {"look", "act", "reveal", "approve"}


@pytest.mark.parametrize("roles", [[], ["root"]])
def test_nobody_and_unknown_roles_may_do_nothing(roles: list[str]) -> None:
    assert rights_of(roles) == set()
