"""The strict reader of topics.yaml: whatever is not right is an error with its place and the nearest right word."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.adapters.topics_file import TopicsFileError, read_topics
from schemas import EVENT_TYPES

GOOD = """\
topics:
  fca-notices:
    owner: notices
    summary: Notices.
    partitions: 4
    retention: 365d
    types: [one.v1, two.v1]
    publish: [fca, hub]
    subscribe: [hub]
  cia-claims:
    owner: claims
    summary: Claims.
    partitions: 8
    retention: P2W
    types:
      - three.v1
    publish: [office]
    subscribe: [hub, office]
"""
TYPES = ("one.v1", "two.v1", "three.v1")


def file_of(folder: Path, text: str) -> Path:
    file = folder / "topics.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_good_file_becomes_topics(tmp_path: Path) -> None:
    topics = read_topics(file_of(tmp_path, GOOD), TYPES)

    assert tuple(topics.by_name) == ("fca-notices", "cia-claims")
    claims = topics.by_name["cia-claims"]
    assert claims.partitions == 8
    assert claims.retention == timedelta(days=14)
    assert claims.publish == ("office",)
    assert claims.subscribe == ("hub", "office")
    assert claims.dlq == "cia-claims-dlq"
    assert topics.by_type["two.v1"].name == "fca-notices"


def test_file_of_the_project_carries_every_event_type_once() -> None:
    topics = read_topics()

    assert sorted(topics.by_type) == sorted(EVENT_TYPES)
    assert sorted(kind for topic in topics.by_name.values() for kind in topic.types) == sorted(EVENT_TYPES)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("365d", timedelta(days=365)),
        ("P1D", timedelta(days=1)),
        ("P1DT12H30M", timedelta(days=1, hours=12, minutes=30)),
        ("PT90S", timedelta(seconds=90)),
        ("P52W", timedelta(weeks=52)),
    ],
)
def test_retention_is_read_as_a_duration(tmp_path: Path, written: str, meant: timedelta) -> None:
    topics = read_topics(file_of(tmp_path, GOOD.replace("365d", written)), TYPES)

    assert topics.by_name["fca-notices"].retention == meant


BAD = {
    "unknown key": ("    owner: notices", "    ovner: notices", ":3:5: ", 'no key "ovner"; did you mean "owner"?'),
    "unknown key of the file": ("topics:", "topic:", ":1:1: ", 'no key "topic"; did you mean "topics"?'),
    "missing key": ("    summary: Notices.\n", "", ":3:5: ", "lacks summary"),
    "number is text": ("partitions: 4", "partitions: four", ":5:17: ", 'whole number from 1 to 1024, not "four"'),
    "number is quoted": ("partitions: 4", 'partitions: "4"', ":5:17: ", 'whole number from 1 to 1024, not "4"'),
    "number too small": ("partitions: 4", "partitions: 0", ":5:17: ", "from 1 to 1024, not 0"),
    "text is a number": ("owner: notices", "owner: 7", ":3:12: ", 'must be a text that is not empty, not "7"'),
    "text is empty": ("owner: notices", "owner:", ":3:11: ", "must be a text that is not empty, not nothing"),
    "list is a text": ("publish: [fca, hub]", "publish: fca", ":8:14: ", 'a list that is not empty, not "fca"'),
    "list is empty": ("publish: [fca, hub]", "publish: []", ":8:14: ", "not an empty list"),
    "topic is a text": ("topics:\n", "topics: none\nother:\n", ":2:1: ", 'no key "other"'),
    "doubled key": ("    summary: Notices.", "    summary: A\n    summary: B", ":5:5: ", "stands twice"),
    "doubled topic": (
        "  cia-claims:",
        "  fca-notices:",
        ":10:3: ",
        '"fca-notices" stands twice in topics, first in line 2',
    ),
    "type in two topics": (
        "- three.v1",
        "- three.v1\n      - one.v1",
        ":17:9: ",
        'already stands in topic "fca-notices"',
    ),
    "type doubled in one topic": ("two.v1]", "two.v1, one.v1]", ":7:29: ", 'already stands in topic "fca-notices"'),
    "unknown event type": ("three.v1", "thre.v1", ":16:9: ", '"thre.v1" is no event type'),
    "unknown event type is near": ("three.v1", "thre.v1", ":16:9: ", 'did you mean "three.v1"?'),
    "type without topic": (", two.v1", "", ":2:3: ", "no topic carries two.v1"),
    "capital letters": ("fca-notices", "FCA-notices", ":2:3: ", "lower-case letters"),
    "space in a name": ("fca-notices", "fca notices", ":2:3: ", "lower-case letters"),
    "name too long": ("fca-notices", "f" * 246, ":2:3: ", "at most 245 characters"),
    "reserved ending": ("fca-notices", "fca-notices-dlq", ":2:3: ", "the ending -dlq is reserved"),
    "unknown institution": ("[office]", "[offise]", ":17:15: ", '"offise" is nobody; did you mean "office"?'),
    "doubled institution": ("[office]", "[office, office]", ":17:23: ", "stands twice"),
    "retention in years": ("365d", "P1Y", ":6:16: ", "months and years have no fixed length"),
    "retention of nothing": ("365d", "P", ":6:16: ", "is no duration"),
    "retention ends in T": ("365d", "P1DT", ":6:16: ", "is no duration"),
    "retention is zero": ("365d", "0d", ":6:16: ", "longer than nothing"),
    "retention is endless": ("365d", "9999999999d", ":6:16: ", "longer than can be counted"),
    "not yaml": ("    owner: notices", "    owner: [", ":5:15: ", "not YAML"),
    "alias": ("publish: [office]", "publish: *who", ":17:14: ", "aliases"),
    "two documents": ("  cia-claims:", "---\n  cia-claims:", ":10:1: ", "not YAML"),
    "nothing": (GOOD, "", ":1:1: ", "the file is empty"),
}


@pytest.mark.parametrize(("old", "new", "place", "text"), BAD.values(), ids=BAD)
def test_mistake_is_an_error_with_its_place(tmp_path: Path, old: str, new: str, place: str, text: str) -> None:
    assert old in GOOD
    file = file_of(tmp_path, GOOD.replace(old, new, 1))

    with pytest.raises(TopicsFileError) as refused:
        read_topics(file, TYPES)

    assert str(refused.value).startswith(f"{file}{place}")
    assert text in str(refused.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TopicsFileError, match=r"topics\.yaml: cannot be read"):
        read_topics(tmp_path / "topics.yaml", TYPES)
