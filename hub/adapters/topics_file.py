"""``topics.yaml`` → topics, strictly: whatever is not exactly right is an error with its line and column."""

import re
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from hub.adapters.marked_yaml import Marked, MarkedYamlError, nearest, read_marked
from hub.domain.messaging.topics import DLQ_SUFFIX, GRANTEES, Topic, Topics
from schemas import EVENT_TYPES

TOPICS_FILE = Path(__file__).parents[2] / "topics.yaml"
"""The file of this installation."""

TopicsFileError = MarkedYamlError

_KEYS = ("owner", "summary", "partitions", "retention", "types", "publish", "subscribe")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DAYS = re.compile(r"(?P<days>\d+)d")
_ISO = re.compile(
    r"P(?=.)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_MOST_PARTITIONS = 1024
_LONGEST_NAME = 249 - len(DLQ_SUFFIX)  # Kafka's limit, with room for the dead letters beside


def read_topics(file: Path = TOPICS_FILE, types: Collection[str] = tuple(EVENT_TYPES)) -> Topics:
    """Read every topic; ``types`` are the event types of the published language.

    Raises:
        TopicsFileError: a key, name, number, duration, grant or event type is wrong, missing or doubled, or an
            event type stands in no topic. The text says where, what is expected and the nearest right word.
    """
    root = read_marked(file)
    listed = root.fields("the file", ("topics",))["topics"]
    topics: dict[str, Topic] = {}
    placed: dict[str, str] = {}
    for name, (key, value) in listed.entries("topics").items():
        _check_name(key, name)
        topics[name] = _topic(name, value, types=types, placed=placed)
    homeless = sorted(set(types) - set(placed))
    if homeless:
        raise listed.error(f"no topic carries {', '.join(homeless)}; list each under the types of one topic")
    return Topics(topics)


def _check_name(key: Marked, name: str) -> None:
    if name.endswith(DLQ_SUFFIX):
        raise key.error(
            f'topic "{name}": the ending {DLQ_SUFFIX} is reserved; dead-letter topics are made by themselves'
        )
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise key.error(
            f'topic "{name}": a name is lower-case letters and digits in words joined by hyphens, '
            f"at most {_LONGEST_NAME} characters (a subset of what Kafka allows)"
        )


def _topic(name: str, value: Marked, *, types: Collection[str], placed: dict[str, str]) -> Topic:
    what = f'topic "{name}"'
    fields = value.fields(what, _KEYS)
    return Topic(
        name=name,
        owner=fields["owner"].text(f"owner of {what}"),
        summary=fields["summary"].text(f"summary of {what}"),
        partitions=fields["partitions"].whole(f"partitions of {what}", least=1, most=_MOST_PARTITIONS),
        retention=_retention(fields["retention"], what),
        types=_types(fields["types"], name, known=types, placed=placed),
        publish=_grants(fields["publish"], f"publish of {what}"),
        subscribe=_grants(fields["subscribe"], f"subscribe of {what}"),
    )


def _retention(value: Marked, what: str) -> timedelta:
    text = value.text(f"retention of {what}")
    match = _DAYS.fullmatch(text) or _ISO.fullmatch(text)
    if match is None:
        raise value.error(
            f'retention of {what}: "{text}" is no duration; write days (365d) or an ISO-8601 duration of '
            "weeks, days and time (P52W, P1DT12H); months and years have no fixed length"
        )
    try:
        retention = timedelta(**{unit: int(count) for unit, count in match.groupdict().items() if count})
    except OverflowError as error:
        raise value.error(f'retention of {what}: "{text}" is longer than can be counted') from error
    if not retention:
        raise value.error(f"retention of {what} must be longer than nothing")
    return retention


def _types(value: Marked, topic: str, *, known: Collection[str], placed: dict[str, str]) -> tuple[str, ...]:
    """The event types of a topic; ``placed`` remembers over all topics where each stands."""
    found = []
    for entry in value.items(f'types of topic "{topic}"'):
        kind = entry.text("an event type")
        if kind not in known:
            raise entry.error(
                f'"{kind}" is no event type of the published language{nearest(kind, known)} (see schemas/)'
            )
        if kind in placed:
            raise entry.error(
                f'"{kind}" already stands in topic "{placed[kind]}"; a type has one topic, so that its order is one'
            )
        placed[kind] = topic
        found.append(kind)
    return tuple(found)


def _grants(value: Marked, what: str) -> tuple[str, ...]:
    found: list[str] = []
    for entry in value.items(what):
        kind = entry.text(f"an entry of {what}")
        if kind not in GRANTEES:
            raise entry.error(f'{what}: "{kind}" is nobody{nearest(kind, GRANTEES)} (expected: {", ".join(GRANTEES)})')
        if kind in found:
            raise entry.error(f'{what}: "{kind}" stands twice; keep one')
        found.append(kind)
    return tuple(found)
