"""The FCA view of one person: notices with their state, dossiers that wait for known offices.

Source: fca-cpc §3.2 (states and transitions), §3.3 (terms), manual CPC §3.3 ("huissiers connus": every office that
appears in the FCA for the client).
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, ProcessManager, Row, Timer
from hub.domain.messaging.errors import RuleError
from hub.domain.notices.settlement import changed, detected, noted
from hub.domain.notices.state import Notice, NoticeRow, PersonNotices, Watcher
from schemas.event import Event
from schemas.mediation import DossierClosed, DossierOpened
from schemas.notices import (
    KnownBailiffsFound,
    KnownOffice,
    NoticeExpired,
    NoticeHolderChanged,
    NoticeReactivated,
    NoticeRegistered,
    NoticeRenewed,
    NoticeStruck,
    NoticeSuspended,
    NoticeVersioned,
)
from schemas.rcd import RcdStandingChanged

BRUSSELS = ZoneInfo("Europe/Brussels")


def fold(state: PersonNotices | None, event: CloudEvent) -> Decision[PersonNotices]:
    """What one event makes of a person's notices."""
    known = state or PersonNotices()
    match event.data:
        case NoticeRegistered() as data:
            return _registered(known, event, data)
        case DossierOpened() as data:
            watcher = Watcher(cpas=data.cpas)
            watching = known.model_copy(update={"watchers": {**known.watchers, data.dossier: watcher}})
            news = detected(watching, data.dossier, watcher, event.person)
            return Decision(state=watching, events=(_found(watching, data.dossier, watcher, event.person), *news))
        case RcdStandingChanged() as data:
            after = noted(known, data)
            return Decision(state=after, **changed(known, after, event))
        case DossierClosed() as data:
            others = {dossier: one for dossier, one in known.watchers.items() if dossier != data.dossier}
            return Decision(state=known.model_copy(update={"watchers": others}))
        case other:
            return _changed(known, event, other)


def _registered(known: PersonNotices, event: CloudEvent, data: NoticeRegistered) -> Decision[PersonNotices]:
    before = known.notices.get(data.notice)
    if before and before.version > data.version:
        return Decision(state=known)  # an older version that arrives late changes nothing
    notice = Notice(
        kind=data.kind,
        office=data.office,
        version=data.version,
        expires_on=data.expires_on,
        state=before.state if before else "active",
        since=local_date(data.registered_at) if data.kind == "N10" else None,
        origin=event.id,
    )
    return _with(known, event, data.notice, notice, event.box)


def _changed(known: PersonNotices, event: CloudEvent, data: Event) -> Decision[PersonNotices]:
    number: str = getattr(data, "notice", "")
    before = known.notices.get(number)
    if before is None:
        raise RuleError("notice-unknown", "the notice was never registered: its registration must come first")
    match data:
        case NoticeRenewed():
            update: dict[str, object] = {"expires_on": data.expires_on, "state": "active"}
        case NoticeSuspended():
            update = {"state": "suspended"}
        case NoticeStruck():
            update = {"state": "struck"}
        case NoticeReactivated():
            update = {"state": "active"}
        case NoticeHolderChanged():
            update = {"office": data.office}
        case NoticeExpired() if data.expires_on == before.expires_on and before.state in {"active", "suspended"}:
            update = {"state": "expired"}
        case _:
            update = {}  # the term of a notice that was renewed or struck meanwhile
    return _with(known, event, number, before.model_copy(update=update), None)


def _with(
    known: PersonNotices, event: CloudEvent, number: str, notice: Notice, box: str | None
) -> Decision[PersonNotices]:
    after = known.model_copy(update={"notices": {**known.notices, number: notice}})
    person = event.person
    news = after.offices() != known.offices()
    found = tuple(_found(after, dossier, one, person) for dossier, one in after.watchers.items()) if news else ()
    told = changed(known, after, event)
    return Decision(
        state=after,
        rows=(_row(person, number, notice, box),),
        events=(*found, *told["events"]),
        deliveries=told["deliveries"],
        timers=(_term(person, number, notice),),
    )


def _row(person: str, number: str, notice: Notice, box: str | None) -> Row:
    return NoticeRow(
        subject=person,
        notice=number,
        kind=notice.kind,
        office=notice.office,
        state=notice.state,
        version=notice.version,
        expires_on=notice.expires_on,
        event_id=notice.origin,
        box=box,
    )


def _term(person: str, number: str, notice: Notice) -> Timer:
    """The notice's term: the end of its last day in Brussels; cancelled once it no longer runs."""
    if notice.state not in {"active", "suspended"}:
        return Timer(name=f"term/{number}", due=None)
    due = datetime.combine(notice.expires_on, time.max, tzinfo=BRUSSELS).astimezone(UTC)
    term = NoticeExpired(notice=number, expires_on=notice.expires_on)
    return Timer(name=f"term/{number}", due=due, event=term, key=person, subject=person)


def _found(known: PersonNotices, dossier: str, watcher: Watcher, person: str) -> Emission:
    offices = tuple(KnownOffice(office=office, notices=numbers) for office, numbers in sorted(known.offices().items()))
    return Emission(
        data=KnownBailiffsFound(dossier=dossier, cpas=watcher.cpas, offices=offices), key=dossier, subject=person
    )


NOTICES = ProcessManager(
    group="hub.notices",
    state=PersonNotices,
    fold=fold,
    aggregate="subject",
    handles=frozenset(
        kind.type
        for kind in (
            NoticeRegistered,
            NoticeVersioned,
            NoticeRenewed,
            NoticeSuspended,
            NoticeStruck,
            NoticeReactivated,
            NoticeHolderChanged,
            NoticeExpired,
            DossierOpened,
            DossierClosed,
            RcdStandingChanged,
        )
    ),
)
