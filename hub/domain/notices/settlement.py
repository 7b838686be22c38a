"""A collective settlement among a person's notices: her dossiers are told of it, and the offices that hold notices.

It is known by the register's acts, else by a notice N10 of the FCA. A settlement that ends, or that a later act takes
back, is told to the same (art. 1390quater §3; 1390septies; fca-cpc §6.2, 42; ADR 0024).
"""

from typing import Literal, NamedTuple, TypedDict

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Delivery, Emission
from hub.domain.notices.state import PersonNotices, Settlement, Watcher
from schemas.rcd import AvisState, RcdAvisTold, RcdDetected, RcdStandingChanged


class Told(TypedDict):
    """What a decision adds."""

    events: tuple[Emission, ...]
    deliveries: tuple[Delivery, ...]


class _Known(NamedTuple):
    """What is known of a running settlement."""

    told_by: Literal["register", "fca"]
    settlement: Settlement


def noted(known: PersonNotices, data: RcdStandingChanged) -> PersonNotices:
    """A person's notices with what the register says of one case."""
    others = {case: one for case, one in known.settlements.items() if case != data.case}
    if data.standing != "withdrawn":
        others[data.case] = Settlement(
            running=data.standing == "running",
            admitted_on=data.admitted_on,
            court=data.court,
            avis=data.avis,
            effects_from=data.effects_from,
        )
    return known.model_copy(update={"settlements": others})


def detected(known: PersonNotices, dossier: str, watcher: Watcher, person: str) -> tuple[Emission, ...]:
    """What a dossier that is opened learns at once; nothing when there is no settlement."""
    running = _running(known)
    return (_detected(running, dossier, watcher, person),) if running else ()


def changed(before: PersonNotices, after: PersonNotices, event: CloudEvent) -> Told:
    """News for the person's open dossiers, and for each office whose notices run."""
    was, now = _running(before), _running(after)
    dossiers = after.watchers.items() if (was is None) != (now is None) else ()
    news = _news(before, after)
    told = tuple(_told(before if case not in after.settlements else after, case, office) for case, office in news)
    told = tuple(one.model_copy(update={"avis": avis}) for one, avis in zip(told, news.values(), strict=True))
    return Told(
        events=(
            *(_detected(now, dossier, one, event.person) for dossier, one in dossiers),
            *(Emission(data=one, key=event.person, subject=event.person, feeds=(one.office,)) for one in told),
        ),
        deliveries=tuple(_mail(case, one, event.person) for (case, _), one in zip(news, told, strict=True)),
    )


def _news(before: PersonNotices, after: PersonNotices) -> dict[tuple[str, str], AvisState]:
    """What offices do not know yet, by case: of a notice that is gone only who was told of it.

    A settlement that was taken back, or was somebody else's, is gone as a notice that was struck is.
    """
    was, now = _avis(before), _avis(after)
    new = {pair: avis for pair, avis in now.items() if was.get(pair) != avis and (avis != "radiated" or pair in was)}
    taken_back: dict[tuple[str, str], AvisState] = {
        (case, office): "radiated"
        for (case, office), avis in was.items()
        if avis != "radiated" and case not in after.settlements
    }
    return new | taken_back


def _running(known: PersonNotices) -> _Known | None:
    """The settlement that runs: by the register, else by a notice N10 that was not struck."""
    for _, one in sorted(known.settlements.items()):
        if one.running:
            return _Known("register", one)
    notices = [one for _, one in sorted(known.notices.items()) if one.kind == "N10" and one.state != "struck"]
    return _Known("fca", Settlement(running=True, admitted_on=notices[0].since)) if notices else None


def _detected(running: _Known | None, dossier: str, watcher: Watcher, person: str) -> Emission:
    data = RcdDetected(
        dossier=dossier,
        cpas=watcher.cpas,
        running=running is not None,
        told_by=running.told_by if running else "register",
        admitted_on=running.settlement.admitted_on if running else None,
        court=running.settlement.court if running else None,
    )
    return Emission(data=data, key=dossier, subject=person)


def _avis(known: PersonNotices) -> dict[tuple[str, str], AvisState]:
    """What each office that holds running notices may know, by case."""
    return {
        (case, office): one.avis
        for case, one in sorted(known.settlements.items())
        for office in known.offices()
        if one.avis
    }


def _told(known: PersonNotices, case: str, office: str) -> RcdAvisTold:
    one = known.settlements[case]
    return RcdAvisTold(
        office=office,
        notices=known.offices()[office],
        avis=one.avis or "posted",
        admitted_on=one.admitted_on,
        court=one.court,
        effects_from=one.effects_from,
    )


def _mail(case: str, told: RcdAvisTold, person: str) -> Delivery:
    """An office has no access to the register of a case it is no party to: it gets a mail too, without any name."""
    content = {"template": "settlement", "office": told.office, "reference": ", ".join(told.notices), "avis": told.avis}
    if told.court:
        content["court"] = told.court
    if told.effects_from:
        content["effects_from"] = told.effects_from.isoformat()
    return Delivery(
        effect=f"settlement/{told.office}/{case}",
        kind="mail",
        partner="mail",
        key=f"{person}.{told.office}",
        content=content,
    )
