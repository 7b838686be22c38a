"""What is wrong and what to do about it, by code, in the four languages of the hub.

The texts are data: ``mapping_messages`` for what mappings and identifier checks find, ``intake_messages`` for
what the intake refuses before a mapping runs, ``door_messages`` for what the HTTP door says, ``return_messages`` for
what is returned to its sender, ``workbook_messages`` for workbooks. Every code has all four languages and the same
placeholders.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from hub.domain.messaging.door_messages import DOOR_MESSAGES
from hub.domain.messaging.intake_messages import INTAKE_MESSAGES
from hub.domain.messaging.mapping_messages import MAPPING_MESSAGES
from hub.domain.messaging.return_messages import RETURN_MESSAGES
from hub.domain.messaging.workbook_messages import WORKBOOK_MESSAGES

Language = Literal["fr", "nl", "de", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)

MESSAGES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {**DOOR_MESSAGES, **INTAKE_MESSAGES, **MAPPING_MESSAGES, **RETURN_MESSAGES, **WORKBOOK_MESSAGES}
)
"""Text by code, then by language. Placeholders in braces; the usual one is ``{limit}``."""


class _Fill(dict[str, str]):
    """What fills the placeholders: a missing one becomes an ellipsis, for a refusal must never fail itself."""

    def __missing__(self, name: str) -> str:
        return "…"


def message(code: str, language: str, **fill: str) -> str:
    """The text of ``code`` in ``language`` (English when the hub does not speak it), placeholders filled.

    ``fill`` never holds personal data or the refused value. Raises KeyError for a code that has no text.
    """
    texts = MESSAGES[code]
    return texts.get(language, texts["en"]).format_map(_Fill(fill))
