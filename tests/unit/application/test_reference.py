"""The reference pages under docs/reference are what topics.yaml and the event classes say now."""

from pathlib import Path

from hub.adapters.topics_file import read_topics
from hub.application.describe.reference import reference_pages
from schemas import EVENT_TYPES

FOLDER = Path(__file__).parents[3] / "docs" / "reference"


def test_reference_pages_are_up_to_date() -> None:
    for name, text in reference_pages(read_topics()).items():
        found = (FOLDER / name).read_text(encoding="utf-8")
        assert found == text, f"{name} is old; write it: hub asyncapi --docs docs/reference"


def test_every_event_type_has_its_chapter() -> None:
    page = reference_pages(read_topics())["events.md"]
    for name, kind in EVENT_TYPES.items():
        assert f"\n## {kind.__name__}\n" in page
        assert f"`{name}` on [" in page


def test_personal_fields_are_marked() -> None:
    page = reference_pages(read_topics())["events.md"]
    assert "| `niss` | string | personal |" in page
