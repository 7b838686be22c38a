from string import Formatter

import pytest

from hub.domain.messaging.intake_messages import INTAKE_MESSAGES
from hub.domain.messaging.mapping_messages import MAPPING_MESSAGES
from hub.domain.messaging.messages import LANGUAGES, MESSAGES, message

pytestmark = pytest.mark.unit


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_code_has_all_four_languages_and_the_same_placeholders(code: str) -> None:
    texts = MESSAGES[code]

    assert tuple(texts) == LANGUAGES
    assert len({frozenset(_placeholders(text)) for text in texts.values()}) == 1
    assert all(text.strip() == text and len(text) > 20 for text in texts.values())


def test_no_code_is_told_by_both_catalogues() -> None:
    assert not INTAKE_MESSAGES.keys() & MAPPING_MESSAGES.keys()


def test_message_fills_its_placeholder() -> None:
    assert "head principal." in message("lines-not-sum", "en", limit="principal")


def test_unspoken_language_gets_english() -> None:
    assert message("niss-checksum", "it") == message("niss-checksum", "en")


def test_missing_fill_never_breaks_a_refusal() -> None:
    assert "…" in message("field-required", "nl")
