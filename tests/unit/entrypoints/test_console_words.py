"""Every word of the console is there in four languages, and used."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from hub.application.dead_letters.groups import GROUP_STATES
from hub.application.dead_letters.job_ports import VERBS
from hub.application.dead_letters.selection import DIMENSIONS
from hub.application.dead_letters.verdicts import VERDICTS
from hub.domain.access.roles import ROLES
from hub.domain.messaging.messages import LANGUAGES
from hub.entrypoints.console.jobs import STATES as JOB_STATES
from hub.entrypoints.console.letters import FILTERS
from hub.entrypoints.console.letters import STATES as LETTER_STATES
from hub.entrypoints.console.rendering import ago, kind, lasted, number, plain, query
from hub.entrypoints.console.words import language_of, words

HERE = Path("hub/entrypoints/console")
SOURCES = "\n".join(file.read_text(encoding="utf-8") for file in sorted([*HERE.rglob("*.html"), *HERE.glob("*.py")]))
REFUSING = (
    *Path("hub/application/dead_letters").glob("*.py"),
    *Path("hub/application/consume").glob("replay*.py"),
    *HERE.glob("*.py"),
    Path("hub/application/reveal.py"),
    Path("hub/application/administer/sign_in.py"),
)
"""Where what an administrator does in the console is refused."""
FAMILIES: dict[str, set[str]] = {
    "by": {*DIMENSIONS, *FILTERS, "state", "letters"},
    "class": {"permanent", "partner", "ours", "unknown"},
    "role": set(ROLES),
    "right": {"look", "act", "reveal", "approve"},
    "state": {
        *{*GROUP_STATES, *JOB_STATES, *LETTER_STATES},
        *{"failed", "refused", "passed over", "suspended", "open", "revoked", "look", "well", "sending", "settled"},
    },
    "verb": {*VERBS, "window"},
    "verdict": set(VERDICTS),
}
"""Keys that are put together from a word of the hub."""
CHOSEN = ("refusal.", "window.would.", "said.", "ago.", "in.", "lasts.", "failure.", *(f"{name}." for name in FAMILIES))


def test_every_text_has_the_same_placeholders_in_all_languages() -> None:
    for key, texts in words().items():
        assert set(texts) == set(LANGUAGES), key
        assert len({placeholders(text) for text in texts.values()}) == 1, key
        assert all(text.strip() for text in texts.values()), key


def placeholders(text: str) -> tuple[str, ...]:
    return tuple(sorted({part[1] for part in Formatter().parse(text) if part[1]}))


def test_every_word_that_a_page_asks_for_is_there() -> None:
    asked = set(re.findall(r"\bt\('([^']+)'[,)]", SOURCES))

    assert asked - set(words()) == set()


def test_every_word_of_the_hub_that_pages_show_is_there() -> None:
    wanted = {f"{family}.{one}" for family, ones in FAMILIES.items() for one in ones}

    assert wanted - set(words()) == set()


def test_every_refusal_that_a_page_can_show_has_words() -> None:
    """Rules are found where they are raised, so that a new one cannot be forgotten."""
    raised = re.compile(r"(?:Refused|Unknown|Closed|Head|Refusal)Error\(\s*\"([a-z-]+)\"")
    rules = {rule for file in REFUSING for rule in raised.findall(file.read_text(encoding="utf-8"))}

    assert len(rules) > 30
    assert {f"refusal.{rule}" for rule in rules} - set(words()) == set()


def test_no_word_is_there_for_nothing() -> None:
    places = {name for name in words() if f"'{name}'" in SOURCES}

    assert {key for key in set(words()) - places if not key.startswith(CHOSEN)} == set()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("nl-BE,nl;q=0.9,fr;q=0.8", "nl"),
        ("es,de;q=0.5,fr;q=0.7", "fr"),
        ("es", "en"),
        ("fr;q=broken,de;q=0.1", "de"),
    ],
)
def test_first_language_that_the_console_speaks_is_taken(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_times_are_told_in_one_unit() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    spans = {timedelta(seconds=59): "59 s ago", timedelta(minutes=59): "59 min ago", timedelta(hours=30): "1 d ago"}

    assert {span: ago("en", now - span, now=now) for span in spans} == spans
    assert ago("de", now + timedelta(hours=3), now=now) == "in 3 Std."
    assert ago("fr", None) == "–"
    assert (lasted("nl", now, now + timedelta(hours=2)), lasted("nl", now, None)) == ("2 u", "–")


def test_values_are_told_plainly() -> None:
    assert plain({"a": [1, {"b": True}], "c": None}) == "a: 1, b: true, c: –"
    assert (number(1234567), number(None)) == ("1\u202f234\u202f567", "–")
    assert kind("be.mediationhub.notice.struck.v1") == "notice.struck.v1"
    assert query({"a": "x&y", "b": "", "c": None}, d=1) == "?a=x%26y&d=1"
