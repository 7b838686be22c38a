import pytest

from hub.entrypoints.http.negotiation import language_of, media_type, wants_xml

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "nl"),
        ("", "nl"),
        ("fr", "fr"),
        ("de-BE", "de"),
        ("en;q=0.2, fr;q=0.9", "fr"),
        ("it, es;q=0.9", "nl"),
        ("fr;q=0, en", "en"),
        ("*", "nl"),
        ("fr;q=nonsense, de;q=0.1", "de"),
        (",,;;q", "nl"),
    ],
)
def test_best_language_the_hub_speaks_is_chosen_else_the_callers_own(header: str | None, language: str) -> None:
    assert language_of(header, "nl") == language


@pytest.mark.parametrize(
    ("header", "form"),
    [
        (None, "json"),
        ("*/*", "json"),
        ("application/xml", "xml"),
        ("text/xml", "xml"),
        ("application/json, application/xml", "json"),
        ("application/json;q=0.5, application/xml", "xml"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "xml"),
        ("image/png", "json"),
    ],
)
def test_xml_is_answered_to_those_who_prefer_it(header: str | None, form: str) -> None:
    assert wants_xml(header) is (form == "xml")


def test_media_type_is_bare_and_lower_case() -> None:
    assert media_type(' Text/XML; charset="utf-8"') == "text/xml"
    assert media_type(None) == ""
