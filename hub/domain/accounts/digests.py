"""The overviews of a day: who gets D1, D2, D3, of what, once a day (rcd-justrestart §3.2; S1). Pure.

D1: invitations, to the contact of the default group. D2: the day of a group's cases, to its contact, always. D3: the
same to other members who want it. A contact gets D2 and never D3 beside it. At most one mail a (user, kind, local day):
what comes after it waits for the next day's, also when the clock was away and fires late.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from hub.domain.accounts.state import Account, News
from hub.domain.messaging.calendar import BRUSSELS, local_date

DigestKind = Literal["D1", "D2", "D3"]


class Digest(NamedTuple):
    """One mail: whose, which, of what."""

    user: str
    kind: DigestKind
    items: tuple[News, ...]


def next_run(after: datetime, at: time, last: date | None) -> datetime:
    """The next moment at a local time of day, later than ``after`` and on a day after ``last``.

    A time that a change of clocks leaves out is reckoned with the offset before it; one that comes twice, as its first.
    """
    day = local_date(after)
    while True:
        moment = datetime.combine(day, at, BRUSSELS).astimezone(UTC)
        if moment > after and (last is None or day > last):
            return moment
        day += timedelta(days=1)


def digests(account: Account, news: Iterable[News]) -> list[Digest]:
    """The mails of a day, none of them empty."""
    items = tuple(news)
    found: list[Digest] = []
    invitations = tuple(one for one in items if one.invitation)
    inbox = account.groups.get(account.default_group)
    if inbox and invitations:
        found.append(Digest(inbox.contact, "D1", invitations))
    contacts = {group.contact for group in account.groups.values()}
    for user in sorted(account.users):
        own = tuple(one for one in items if not one.invitation and _handles(account, user, one))
        if user in contacts and (mine := tuple(one for one in own if account.contact_of(one.case) == user)):
            found.append(Digest(user, "D2", mine))
        elif user not in contacts and account.users[user].overview and own:
            found.append(Digest(user, "D3", own))
    return found


def _handles(account: Account, user: str, one: News) -> bool:
    group = account.groups.get(account.cases.get(one.case) or account.default_group)
    return group is not None and user in group.members
