"""Who may change what of an account, row by row of rcd-justrestart §1.3 (RS-GRP, S1). Pure."""

from collections.abc import Callable, Mapping

from hub.domain.accounts.state import Account, Group
from schemas.accounts import ChangeAccount, TellUser

Rule = str | None
"""What forbids it; None: nothing does."""


def told(account: Account, data: TellUser) -> Rule:
    """An account administrator adds users; a user changes herself; the first one opens the account."""
    if not account.users:
        return None if data.by == data.user else "account-unknown"
    if data.by in account.administrators or (data.by == data.user and data.user in account.users):
        return None
    return "not-account-administrator"


def forbidden(account: Account, data: ChangeAccount) -> Rule:
    """The rule that forbids a change."""
    if not account.users:
        return "account-unknown"
    if data.by not in account.users:
        return "user-unknown"
    return _ROWS[data.change](account, data)


def _administrator(account: Account, data: ChangeAccount) -> Rule:
    """Only an account administrator adds or removes another one, users, and creates groups."""
    return None if data.by in account.administrators else "not-account-administrator"


def _user(account: Account, data: ChangeAccount) -> Rule:
    return None if data.user in account.users else "user-unknown"


def _group(account: Account, data: ChangeAccount) -> Rule:
    return None if data.group in account.groups else "group-unknown"


def _of_group(account: Account, data: ChangeAccount) -> Rule:
    """An administrator of the group, or of the account."""
    known = _group(account, data)
    if known:
        return known
    group = account.groups[data.group or ""]
    return None if data.by in {*group.administrators, *account.administrators} else "not-group-administrator"


def _removed(account: Account, data: ChangeAccount) -> Rule:
    """Nobody leaves an account without administrator, a group without administrator or without contact."""
    if account.administrators == (data.user,):
        return "last-administrator"
    groups = [group for group in account.groups.values() if data.user in group.members]
    return next((rule for group in groups if (rule := _left_group(group, data.user or ""))), None)


def _left_group(group: Group, user: str) -> Rule:
    if group.administrators == (user,):
        return "last-group-administrator"
    return "default-contact-needed" if group.contact == user else None


def _dismissed(account: Account, data: ChangeAccount) -> Rule:
    return "last-administrator" if account.administrators == (data.user,) else None


def _leaves(account: Account, data: ChangeAccount) -> Rule:
    group = account.groups[data.group or ""]
    return _left_group(group, data.user or "") if data.user in group.members else "not-a-member"


def _member(account: Account, data: ChangeAccount) -> Rule:
    return None if data.user in account.groups[data.group or ""].members else "not-a-member"


def _not_last(account: Account, data: ChangeAccount) -> Rule:
    group = account.groups[data.group or ""]
    return "last-group-administrator" if group.administrators == (data.user,) else None


def _new(account: Account, data: ChangeAccount) -> Rule:
    if not data.group:
        return "group-unknown"
    return "group-known" if data.group in account.groups else None


def _case(account: Account, data: ChangeAccount) -> Rule:
    """A case is handed over by a member of the group that has it, or by an account administrator."""
    if data.case not in account.cases:
        return "case-not-of-account"
    may = data.by in account.administrators or account.sees(data.by, data.case or "")
    return None if may else "not-of-the-group"


def _all(*rules: Callable[[Account, ChangeAccount], Rule]) -> Callable[[Account, ChangeAccount], Rule]:
    def first(account: Account, data: ChangeAccount) -> Rule:
        return next((found for rule in rules if (found := rule(account, data))), None)

    return first


_ROWS: Mapping[str, Callable[[Account, ChangeAccount], Rule]] = {
    "remove-user": _all(_administrator, _user, _removed),
    "appoint-administrator": _all(_administrator, _user),
    "dismiss-administrator": _all(_administrator, _user, _dismissed),
    "create-group": _all(_administrator, _user, _new),
    "join-group": _all(_of_group, _user),
    "leave-group": _all(_of_group, _user, _leaves),
    "appoint-group-administrator": _all(_of_group, _member),
    "dismiss-group-administrator": _all(_of_group, _member, _not_last),
    "default-contact": _all(_of_group, _member),
    "default-group": _all(_administrator, _group),
    "hand-over-case": _all(_group, _case),
}
