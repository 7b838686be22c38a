"""Mails as people read them: one text per kind and language, laid out as plain text and as HTML.

Both forms come from the same file, so they say the same. Values are escaped in HTML; the subject holds the
reference and nothing about the person.
"""

import json
import re
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.errors import PartnerRefusedError
from hub.domain.messaging.messages import message

LANGUAGES = ("fr", "nl", "de")
KINDS = ("invitation", "reminder", "closing", "returned", "settlement", "digest", "default-group")
_ASKING = frozenset({"invitation", "reminder"})
_TO_INSTITUTIONS = frozenset({"returned"})
"""Mails to any institution, not to a bailiff office about a person."""
_TO_USERS = frozenset({"digest", "default-group"})
"""Mails to a user of an institution's account."""
_FOLDER = Path(__file__).parent / "templates"
_WIDTH = 76
_PARAGRAPH = '<p style="margin:0 0 14px 0;">{}</p>'


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A rendered mail."""

    subject: str
    text: str
    html: str


class Letters:
    """Writes mails. ``hub``: the name at their head; ``guide``: address of the partner guide, or None."""

    def __init__(self, *, hub: str, guide: str | None = None) -> None:
        self._hub, self._guide = hub, guide
        self._html = _environment(html=True)
        self._text = _environment(html=False)

    def write(
        self, kind: str, language: str, *, content: Mapping[str, str], cpas: str, person: Mapping[str, Any] | None
    ) -> Letter:
        """A mail of a kind (``KINDS``) in a language (``LANGUAGES``).

        Raises:
            PartnerRefusedError: no such kind of mail, or nothing to refer to.
        """
        if kind not in KINDS:
            raise PartnerRefusedError("mail-kind-unknown", f"there is no template for mails of kind {kind!r}")
        words, values = _words(language), self._values(kind, language, content, cpas, person)
        name = f"{language}/{kind}.jinja"
        template = self._text.get_template(name)
        subject = template.blocks["subject"](template.new_context(values))
        return Letter(
            subject="".join(subject),
            text=_tidy(template.render(values, layout="layout.txt", words=words)),
            html=self._html.get_template(name).render(values, layout="layout.html", words=words),
        )

    def _values(
        self, kind: str, language: str, content: Mapping[str, str], cpas: str, person: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        words = _words(language)
        reference = content.get("invitation") or content.get("dossier") or content.get("reference")
        if not reference:
            raise PartnerRefusedError("mail-without-reference", "the delivery names neither invitation nor dossier")
        answer_by = _spoken(content["answer_by"], words) if "answer_by" in content else None
        if kind in _TO_USERS:
            return self._to_user(kind, language, content, words)
        facts = [
            (words["reference"], reference),
            (words["client"], _name(person or {})),
            (words["niss"], _niss(person or {})),
            (words["cpas"], cpas),
            (words["answer_by"], answer_by if kind in _ASKING else None),
            (words["what"], message(content["code"], language) if "code" in content else None),
            (words["where"], content.get("where")),
            (words["court"], content.get("court")),
            (words["effects_from"], _day(content["effects_from"], words) if "effects_from" in content else None),
        ]
        usual = "office" if kind not in _TO_INSTITUTIONS else "institution"
        return {
            "hub": self._hub,
            "guide": self._guide,
            "language": language,
            "reference": reference,
            "answer_by": answer_by,
            "facts": [fact for fact in facts if fact[1]],
            "asks": kind in _ASKING,
            "avis": content.get("avis", "posted"),
            **{name: words[usual][name] for name in ("greeting", "farewell", "notice")},
            "options": list(words["options"].items()),
        }

    def _to_user(
        self, kind: str, language: str, content: Mapping[str, str], words: Mapping[str, Any]
    ) -> dict[str, Any]:
        """An overview of a day has a line a case, without any content, for security (RS-NOT)."""
        named = [(reference, _told(kinds, words)) for reference, kinds in json.loads(content.get("lines", "[]"))]
        return {
            "hub": self._hub,
            "guide": None,
            "language": language,
            "reference": _day(content["reference"], words) if kind == "digest" else content["reference"],
            "digest": content.get("digest", ""),
            "facts": named,
            "more": int(content.get("more", "0")),
            "asks": False,
            "options": [],
            **{name: words["user"][name] for name in ("greeting", "farewell")},
            "notice": words["user"]["notice" if kind == "digest" else "administrator"],
        }


def _told(kinds: Mapping[str, int], words: Mapping[str, Any]) -> str:
    """What happened in one case: each kind once, with how often."""
    names = [(str(words["news"][kind]), number) for kind, number in kinds.items()]
    return " · ".join(name if number == 1 else f"{name} ({number})" for name, number in names)


@cache
def _words(language: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / language / "words.toml").read_text(encoding="utf-8"))


def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=html,  # noqa: S701 - the other form is plain text, where nothing is markup
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.filters["prose"] = _html_prose if html else _plain_prose
    return environment


def _paragraphs(text: str) -> list[str]:
    """Split at empty lines; no-break spaces stay what they are."""
    return [re.sub(r"[ \n]+", " ", part.strip(" \n")) for part in re.split(r"\n *\n", text.strip(" \n"))]


def _html_prose(text: str) -> Markup:
    """Paragraphs of text that is escaped already."""
    return Markup("\n").join(Markup(_PARAGRAPH.format(part)) for part in _paragraphs(text))  # noqa: S704 - see above


def _plain_prose(text: str) -> str:
    filled = (textwrap.fill(part, _WIDTH, break_long_words=False, break_on_hyphens=False) for part in _paragraphs(text))
    return "\n\n".join(filled)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _spoken(moment: str, words: Mapping[str, Any]) -> str:
    """The last day on which an answer is in time; a term that ends at midnight ends with the day before."""
    last: date = local_date(datetime.fromisoformat(moment) - timedelta(microseconds=1))
    return _day(last.isoformat(), words)


def _day(said: str, words: Mapping[str, Any]) -> str:
    """A date as people write it."""
    last = date.fromisoformat(said)
    day = words["first_day"] if last.day == 1 else str(last.day)
    return str(words["date"]).format(day=day, month=words["months"][last.month - 1], year=last.year)


def _name(person: Mapping[str, Any]) -> str:
    return " ".join(str(person[part]) for part in ("first_name", "name") if person.get(part))


def _niss(person: Mapping[str, Any]) -> str:
    """``YY.MM.DD-CCC.KK`` (fca-cpc §5.1)."""
    digits = str(person.get("niss") or "")
    parts = re.fullmatch(r"(\d\d)(\d\d)(\d\d)(\d{3})(\d\d)", digits, re.ASCII)
    return "{}.{}.{}-{}.{}".format(*parts.groups()) if parts else digits
