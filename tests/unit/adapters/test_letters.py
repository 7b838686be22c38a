import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from hub.adapters.smtp.letters import KINDS, LANGUAGES, Letter, Letters
from hub.domain.messaging.errors import PartnerRefusedError

pytestmark = pytest.mark.unit

REFERENCE = "d" + "0a1b" * 8 + ".o991"
PERSON = {"niss": "61021399111", "name": "Zebulon <b>", "first_name": "Test"}
CONTENT = {
    "office": "o991",
    "dossier": "d" + "0a1b" * 8,
    "invitation": REFERENCE,
    "cpas": "cpas-1",
    "answer_by": "2026-01-15T23:00:00+00:00",
}
LETTERS = Letters(hub="Mediation Hub", guide="https://hub.invalid/guide?a=1&b=2")


OVERVIEW = {
    "digest": "D2",
    "reference": "2026-03-02",
    "lines": '[["2026/LIEGE/1", {"plan": 1, "hearing": 2}], ["2026/MONS/7", {"claim": 1}]]',
    "more": "3",
}


USERS = {"digest": OVERVIEW, "default-group": {"reference": REFERENCE}}


def letter(kind: str, language: str, **content: str) -> Letter:
    given = {**CONTENT, **USERS.get(kind, {}), **content}
    return LETTERS.write(kind, language, content=given, cpas="CPAS & cie", person=PERSON)


def seen(document: str) -> list[str]:
    """The words a reader of an HTML mail sees, in order."""
    body = re.sub(r"(?s)<head>.*?</head>|<div style=\"display:none.*?</div>", " ", document)
    body = re.sub(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', r"\2 \1", body)
    return re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", " ", body)).lower())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_text_and_html_say_the_same(kind: str, language: str) -> None:
    one = letter(kind, language)
    assert seen(one.html) == re.findall(r"\w+", one.text.lower())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_subject_holds_the_reference_and_nothing_of_the_person(kind: str, language: str) -> None:
    subject = letter(kind, language).subject
    assert REFERENCE in subject or (kind == "digest" and "2026" in subject)
    assert not re.search(r"zebulon|test|61\.?02", subject.lower())
    assert "\n" not in subject


@pytest.mark.parametrize(
    ("language", "day"), [("fr", "15 janvier 2026"), ("nl", "15 januari 2026"), ("de", "15. Januar 2026")]
)
def test_answer_is_asked_by_the_last_day_of_the_term(language: str, day: str) -> None:
    assert day in letter("invitation", language).text


def test_first_day_of_a_month_is_written_as_french_does() -> None:
    first = (datetime(2026, 2, 1, 22, tzinfo=UTC) + timedelta(minutes=30)).isoformat()
    assert "1er février 2026" in letter("invitation", "fr", answer_by=first).text


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_five_answers_of_the_manual_are_offered(kind: str, language: str) -> None:
    assert re.findall(r"^(O\d)  \S", letter(kind, language).text, re.MULTILINE) == ["O1", "O2", "O3", "O4", "O5"]


def test_closing_asks_for_no_answer() -> None:
    assert "O1" not in letter("closing", "fr").text


def test_values_are_escaped_in_html_and_plain_in_text() -> None:
    one = letter("invitation", "fr")
    assert "Zebulon &lt;b&gt;" in one.html
    assert "CPAS &amp; cie" in one.html
    assert "Zebulon <b>" in one.text
    assert 'href="https://hub.invalid/guide?a=1&amp;b=2"' in one.html


def test_a_mail_without_person_or_term_leaves_their_lines_out() -> None:
    content = {name: value for name, value in CONTENT.items() if name != "answer_by"}
    one = LETTERS.write("reminder", "fr", content=content, cpas="CPAS", person=None)
    assert "NISS" not in one.text
    assert "Client" not in one.text
    assert "dès que possible" in one.text
    assert "au plus tard" not in one.text


def test_unknown_kind_of_mail_is_refused() -> None:
    with pytest.raises(PartnerRefusedError, match="no template"):
        letter("../layout", "fr")


def test_mail_without_reference_is_refused() -> None:
    with pytest.raises(PartnerRefusedError, match="neither"):
        LETTERS.write("closing", "fr", content={"office": "o991"}, cpas="CPAS", person=None)


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Audience (2)"), ("nl", "Terechtzitting (2)"), ("de", "Verhandlung (2)")]
)
def test_overview_names_each_case_once_and_no_person(language: str, words: str) -> None:
    text = letter("digest", language).text
    assert text.count("2026/LIEGE/1") == 1
    assert words in text
    assert "Zebulon" not in text
    assert "Zebulon" not in letter("digest", language, digest="D1").html
