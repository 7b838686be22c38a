"""The fold of an account: what its institution asks, and which cases it has a place in."""

import json
from collections.abc import Callable, Mapping
from datetime import time

from hub.domain.accounts import overviews
from hub.domain.accounts.rules import forbidden, told
from hub.domain.accounts.state import Account, AccountCaseRow, Group, GroupRow, User, UserRow
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, ProcessManager, Row
from hub.domain.messaging.errors import RuleError
from hub.domain.messaging.identity import Identity
from schemas.accounts import (
    AccountCaseTold,
    AccountChanged,
    AccountNewsTold,
    ChangeAccount,
    DefaultGroupMissing,
    DigestDue,
    TellUser,
)
from schemas.event import Event
from schemas.mediation import CommandRefused

_SEVERAL = 2
_HANDLED = (TellUser, ChangeAccount, AccountCaseTold, AccountNewsTold, DigestDue)


def accounts(at: time) -> Callable[[Account | None, CloudEvent], Decision[Account]]:
    """The fold of an account; ``at``: the local time of day of overviews (U9: the register's own is unknown)."""

    def fold(state: Account | None, event: CloudEvent) -> Decision[Account]:
        known = state or Account(institution=getattr(event.data, "institution", ""))
        match event.data:
            case TellUser() as data:
                return _told(known, event, data)
            case ChangeAccount() as data:
                return _changed(known, event, data)
            case AccountCaseTold() as data:
                return _case(known, event, data)
            case AccountNewsTold() as data:
                return overviews.noted(known, event, data, at)
            case DigestDue():
                return overviews.due(known, event, at)
            case _:
                raise RuleError("event-not-handled", "an account does not know this event")

    return fold


def _told(account: Account, event: CloudEvent, data: TellUser) -> Decision[Account]:
    if rule := told(account, data):
        return _refused(account, event, rule)
    user = User(language=data.language, overview=data.overview, told=Identity.of(event))
    after = account.model_copy(
        update={
            "users": {**account.users, data.user: user},
            "administrators": account.administrators or (data.user,),
        }
    )
    fact = AccountChanged(institution=account.institution, change="tell-user", by=data.by, user=data.user)
    return _decided(account, after, event, fact)


def _changed(account: Account, event: CloudEvent, data: ChangeAccount) -> Decision[Account]:
    if rule := forbidden(account, data):
        return _refused(account, event, rule)
    after = account.model_copy(update=dict(_CHANGES[data.change](account, data)))
    fact = AccountChanged(
        institution=account.institution,
        change=data.change,
        by=data.by,
        user=data.user,
        group=data.group,
        case=data.case,
    )
    return _decided(account, after, event, fact)


def _case(account: Account, event: CloudEvent, data: AccountCaseTold) -> Decision[Account]:
    """A new place goes to the default group for such cases (S1); one that is lost is nobody's."""
    cases = {case: group for case, group in account.cases.items() if case != data.case}
    if data.linked:
        cases[data.case] = account.cases.get(data.case) or account.default_group
    after = account.model_copy(update={"cases": cases})
    return Decision(state=after, rows=tuple(_rows(account, after, event)))


def _refused(account: Account, event: CloudEvent, rule: str) -> Decision[Account]:
    data = CommandRefused(institution=account.institution, command=str(event.id), rule=rule)
    return Decision(state=account, events=(Emission(data=data, key=event.partitionkey, feeds=(account.institution,)),))


def _decided(before: Account, after: Account, event: CloudEvent, fact: AccountChanged) -> Decision[Account]:
    facts: list[Event] = [fact]
    missing = len(before.groups) < _SEVERAL <= len(after.groups) and not after.chosen
    if missing:
        facts.append(DefaultGroupMissing(institution=after.institution, group=after.default_group))
    return Decision(
        state=after,
        rows=tuple(_rows(before, after, event)),
        events=tuple(Emission(data=one, key=event.partitionkey, feeds=(after.institution,)) for one in facts),
        deliveries=tuple(overviews.default_missing(after)) if missing else (),
    )


def _group_changed(account: Account, name: str, **update: object) -> dict[str, object]:
    group = account.groups[name].model_copy(update=update)
    return {"groups": {**account.groups, name: group}}


def _and(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else (*known, one)


def _without(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(other for other in known if other != one)


def _removed(account: Account, data: ChangeAccount) -> dict[str, object]:
    user = data.user or ""
    groups = {
        name: group.model_copy(
            update={
                "members": _without(group.members, user),
                "administrators": _without(group.administrators, user),
            }
        )
        for name, group in account.groups.items()
    }
    users = {name: one for name, one in account.users.items() if name != user}
    return {"users": users, "groups": groups, "administrators": _without(account.administrators, user)}


def _created(account: Account, data: ChangeAccount) -> dict[str, object]:
    """Its first user administers it and is its contact; the first group takes the account's cases."""
    user, name = data.user or "", data.group or ""
    group = Group(administrators=(user,), members=(user,), contact=user)
    return {"groups": {**account.groups, name: group}, "default_group": account.default_group or name}


def _left(account: Account, data: ChangeAccount) -> dict[str, object]:
    user, group = data.user or "", account.groups[data.group or ""]
    return _group_changed(
        account,
        data.group or "",
        members=_without(group.members, user),
        administrators=_without(group.administrators, user),
    )


_CHANGES: Mapping[str, Callable[[Account, ChangeAccount], Mapping[str, object]]] = {
    "remove-user": _removed,
    "appoint-administrator": lambda account, data: {"administrators": _and(account.administrators, data.user or "")},
    "dismiss-administrator": lambda account, data: {
        "administrators": _without(account.administrators, data.user or "")
    },
    "create-group": _created,
    "join-group": lambda account, data: _group_changed(
        account, data.group or "", members=_and(account.groups[data.group or ""].members, data.user or "")
    ),
    "leave-group": _left,
    "appoint-group-administrator": lambda account, data: _group_changed(
        account,
        data.group or "",
        administrators=_and(account.groups[data.group or ""].administrators, data.user or ""),
    ),
    "dismiss-group-administrator": lambda account, data: _group_changed(
        account,
        data.group or "",
        administrators=_without(account.groups[data.group or ""].administrators, data.user or ""),
    ),
    "default-contact": lambda account, data: _group_changed(account, data.group or "", contact=data.user or ""),
    "default-group": lambda _account, data: {"default_group": data.group or "", "chosen": True},
    "hand-over-case": lambda account, data: {"cases": {**account.cases, data.case or "": data.group or ""}},
}


def _rows(before: Account, after: Account, event: CloudEvent) -> list[Row]:
    """What differs, as it is read."""
    at, institution = event.recordedtime, after.institution
    users = [
        _user_row(before, after, name, event)
        for name in sorted(before.users.keys() | after.users.keys())
        if _of_user(before, name) != _of_user(after, name)
    ]
    groups = [
        _group_row(after, name, event) for name in after.groups if _of_group(before, name) != _of_group(after, name)
    ]
    cases = [
        AccountCaseRow(institution, case, after.cases.get(case, ""), case in after.cases, at)
        for case in sorted(before.cases.keys() | after.cases.keys())
        if before.cases.get(case) != after.cases.get(case)
    ]
    return [*users, *groups, *cases]


def _of_group(account: Account, name: str) -> tuple[Group | None, bool]:
    return account.groups.get(name), account.default_group == name


def _group_row(account: Account, name: str, event: CloudEvent) -> GroupRow:
    group = account.groups[name]
    return GroupRow(
        account.institution,
        name,
        json.dumps(group.members),
        json.dumps(group.administrators),
        group.contact,
        account.default_group == name,
        event.recordedtime,
    )


def _of_user(account: Account, name: str) -> tuple[User | None, bool]:
    return account.users.get(name), name in account.administrators


def _user_row(before: Account, after: Account, name: str, event: CloudEvent) -> UserRow:
    user = after.users.get(name) or before.users[name]
    told_ = user.told
    return UserRow(
        after.institution,
        name,
        told_.subject if told_ else "",
        told_.event if told_ else event.id,
        told_.box if told_ and name in after.users else None,
        user.language,
        user.overview,
        name in after.administrators,
        name not in after.users,
        event.recordedtime,
    )


def process_manager(at: time) -> ProcessManager[Account]:
    """The consumer group of accounts."""
    return ProcessManager(
        group="hub.accounts",
        state=Account,
        fold=accounts(at),
        handles=frozenset(
            {TellUser.type, ChangeAccount.type, AccountCaseTold.type, AccountNewsTold.type, DigestDue.type}
        ),
    )
