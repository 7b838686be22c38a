"""News of the day kept for its overviews, and the overviews as mails (rcd-justrestart §3.1, §3.2)."""

import json
from collections.abc import Mapping
from datetime import date, time

from hub.domain.accounts.digests import Digest, digests, next_run
from hub.domain.accounts.state import Account, News
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery, Emission, Timer
from schemas.accounts import AccountNewsTold, DigestDue, DigestScheduled

_TIMER = "digest"
_LINES = 200
"""Cases one mail names; what is more stands in the register."""


def noted(account: Account, event: CloudEvent, data: AccountNewsTold, at: time) -> Decision[Account]:
    """Kept for the next overview; an account without users has nobody to tell."""
    if not account.users:
        return Decision(state=account)
    one = News(case=data.case, ref=data.case_ref or data.case, kind=data.kind, invitation=data.invitation)
    after = account.model_copy(update={"news": (*account.news, one)})
    return Decision(state=after, timers=() if account.news else (_timer(after, event, at),))


def due(account: Account, event: CloudEvent, at: time) -> Decision[Account]:
    """The overviews of what is kept, dated by the day they go; one day has one, however late the last one went."""
    day = local_date(event.recordedtime)
    if not account.news:
        return Decision(state=account)
    if account.digested is not None and account.digested >= day:
        return Decision(state=account, timers=(_timer(account, event, at),))
    sent = digests(account, account.news)
    after = account.model_copy(update={"news": (), "digested": day})
    return Decision(
        state=after,
        events=tuple(_told(account, event, one, day) for one in sent),
        deliveries=tuple(one for digest in sent if (one := _mail(account, digest, day))),
    )


def _timer(account: Account, event: CloudEvent, at: time) -> Timer:
    moment = next_run(event.recordedtime, at, account.digested)
    return Timer(name=_TIMER, due=moment, event=DigestDue(institution=account.institution), key=event.partitionkey)


def _told(account: Account, event: CloudEvent, one: Digest, day: date) -> Emission:
    data = DigestScheduled(
        institution=account.institution,
        user=one.user,
        digest=one.kind,
        on=day,
        cases=len({item.case for item in one.items}),
    )
    return Emission(data=data, key=event.partitionkey, feeds=(account.institution,))


def default_missing(account: Account) -> list[Delivery]:
    """To each administrator of an account that has several groups and chose none for its cases."""
    said = {"template": "default-group", "reference": account.default_group}
    mails = [_to(account, user, f"default-group/{user}", said) for user in account.administrators]
    return [one for one in mails if one]


def _to(account: Account, name: str, effect: str, content: Mapping[str, str]) -> Delivery | None:
    """A mail to a user's own address, in her language; an erased user gets none."""
    user = account.users.get(name)
    if user is None or user.told is None:
        return None
    return Delivery(
        effect=effect,
        kind="mail",
        partner="mail",
        key=f"{account.institution}/{name}",
        content={"language": user.language, "user": name, **content},
        personal=user.told.sealed,
    )


def _mail(account: Account, one: Digest, day: date) -> Delivery | None:
    """An overview: a line a case."""
    lines: dict[str, dict[str, int]] = {}
    for item in one.items:
        kinds = lines.setdefault(item.ref, {})
        kinds[item.kind] = kinds.get(item.kind, 0) + 1
    told = list(lines.items())
    content = {
        "template": "digest",
        "digest": one.kind,
        "reference": day.isoformat(),
        "lines": json.dumps(told[:_LINES]),
        "more": str(max(len(told) - _LINES, 0)),
    }
    return _to(account, one.user, f"digest/{one.kind}/{one.user}/{day.isoformat()}", content)
