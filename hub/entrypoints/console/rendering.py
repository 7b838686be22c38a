"""Pages from templates: escaped, in the visitor's language, times in Belgium's."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from hub.entrypoints.console.visitor import Visitor, asked_language
from hub.entrypoints.console.words import maybe, word

_HERE = Path(__file__).parent
_BRUSSELS = ZoneInfo("Europe/Brussels")
_STEPS = ((60, "seconds", 1), (3600, "minutes", 60), (86_400, "hours", 3600), (10**12, "days", 86_400))
STATIC = _HERE / "static"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(moment=moment, number=number, kind=kind, plain=plain, short=short, query=query)
    made.globals["asset"] = asset
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with its content, so browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def page(request: Request, who: Visitor | None, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page, or a fragment of one."""
    language = who.language if who else asked_language(request)
    html = (
        _environment()
        .get_template(template)
        .render(
            t=partial(_said, language),
            maybe=partial(_maybe, language),
            ago=partial(ago, language),
            lasted=partial(lasted, language),
            language=language,
            who=who.who if who else None,
            token=who.form_token if who else "",
            path=request.url.path,
            here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            said=request.query_params.get("said", ""),
            **context,
        )
    )
    return HTMLResponse(html, status)


def _said(language: str, key: str, **fill: object) -> str:
    return word(key, language, **fill)


def _maybe(language: str, key: str, otherwise: str) -> str:
    return maybe(key, language, otherwise)


def moment(value: datetime | str | None) -> str:
    """A moment as it is read in Belgium."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(_BRUSSELS).strftime("%Y-%m-%d %H:%M:%S")


def local_moment(text: str) -> datetime | None:
    """What a form's date and time mean: Belgium's, unless it says otherwise. None: it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=_BRUSSELS)


def ago(language: str, value: datetime | str | None, *, now: datetime | None = None) -> str:
    """How long ago, or how long from now, in one unit."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    return _span(language, "ago" if seconds >= 0 else "in", abs(seconds))


def lasted(language: str, start: datetime | None, end: datetime | None) -> str:
    """How long something took, in one unit."""
    if start is None or end is None:
        return "–"
    return _span(language, "lasts", max(0.0, (end - start).total_seconds()))


def _span(language: str, kind: str, seconds: float) -> str:
    name, size = next((name, size) for most, name, size in _STEPS if seconds < most)
    return word(f"{kind}.{name}", language, n=int(seconds // size))


def number(value: float | None) -> str:
    """A count with thin spaces between thousands."""
    return "–" if value is None else f"{int(value):,}".replace(",", "\u202f")


def kind(value: str | None) -> str:
    """An event type without what all have in common."""
    return (value or "–").removeprefix("be.mediationhub.")


def plain(value: object) -> str:
    """A value of an event, without the signs of a data format."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value)) or "–"
    if value is None:
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)


def short(value: object) -> str:
    """The beginning of an id."""
    return str(value)[:8]


def query(values: Mapping[str, object], **changed: object) -> str:
    """Query parameters, some changed, empty ones left out; with the question mark."""
    found = {name: str(value) for name, value in {**values, **changed}.items() if value not in {None, ""}}
    return f"?{urlencode(found)}" if found else ""
