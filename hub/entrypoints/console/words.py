"""The words of the console, in the four languages of the hub (``words.yaml``)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from hub.domain.messaging.messages import LANGUAGES

_FILE = Path(__file__).parent / "words.yaml"


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Text by key, then by language."""
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {key: dict(zip(("en", "fr", "nl", "de"), texts, strict=True)) for key, texts in said.items()}


def word(key: str, language: str, **fill: object) -> str:
    """The text of a key; raises KeyError for a key that has none."""
    return words()[key][language].format_map(fill)


def maybe(key: str, language: str, otherwise: str) -> str:
    """The text of a key that may have none."""
    found = words().get(key)
    return found[language] if found else otherwise


def language_of(accepted: str) -> str:
    """The first language of an ``Accept-Language`` that the console speaks; English when there is none."""
    weighed = [one.partition(";q=") for one in accepted.replace(" ", "").split(",") if one]
    ranked = sorted(weighed, key=lambda one: -_weight(one[2]))
    return next((one[0][:2].lower() for one in ranked if one[0][:2].lower() in LANGUAGES), "en")


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0
