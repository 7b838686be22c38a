"""An outage of the whole register: told to every case of that register (AR 11 Oct 2023, art. 7; ADR 0026)."""

from datetime import datetime, timedelta

from hub.sdk import Element, Envelope, Fact, MappingRefusedError, Problem
from schemas.rcd import RegisterActRecorded

_AHEAD = timedelta(minutes=5)
"""How far a register's clock may go before the sending."""
_ANY = "c" + "0" * 32
"""Stands for each case."""


def outage(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Its start and, once it is over, its end, as acts of a case."""
    name = element.attrib["reference"]
    moments = {
        part: datetime.fromisoformat(element.attrib[part])
        for part in ("startedAt", "endedAt")
        if part in element.attrib
    }
    problems = tuple(_problems(element, moments, envelope))
    if problems:
        raise MappingRefusedError(problems)
    start = _act("outage-started", name, moments["startedAt"])
    if "endedAt" not in moments:
        return (start,)
    return (start, _act("outage-ended", f"{name}/end", moments["endedAt"], outage=name))


def _act(act: str, reference: str, at: datetime, **more: str) -> Fact:
    said = {"case": _ANY, "act": act, "register_ref": reference, "occurred_at": at, **more}
    return Fact(data=RegisterActRecorded.model_validate(said), time=at)


def _problems(element: Element, moments: dict[str, datetime], envelope: Envelope) -> list[Problem]:
    bare = [part for part, at in moments.items() if at.tzinfo is None]
    if bare:
        return [Problem(code="moment-offset", element=element, attribute=part) for part in bare]
    ahead = [part for part, at in moments.items() if at > envelope.sent_at + _AHEAD]
    found = [Problem(code="date-order", element=element, attribute=part, limit="@sentAt") for part in ahead]
    if moments.get("endedAt", moments["startedAt"]) < moments["startedAt"]:
        found.append(Problem(code="date-order", element=element, attribute="endedAt", limit="@startedAt"))
    return found


def reference(element: Element) -> str:
    """The register's name of the outage."""
    return element.get("reference", "")
