"""The AsyncAPI document: valid by the official schema, and the same world as topics.yaml and the event classes."""

import gzip
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
import yaml

from hub.adapters.topics_file import read_topics
from hub.application.describe.asyncapi import asyncapi_document
from hub.application.envelope import encode, kafka_headers
from hub.domain.messaging.cloudevent import CloudEvent
from hub.entrypoints.cli.asyncapi import Notation, document_text
from schemas import EVENT_TYPES
from schemas.claims import ClaimWithdrawn

# the AsyncAPI Initiative's schemas/3.0.0.json as published (Apache-2.0), compressed
SCHEMA = Path(__file__).with_name("asyncapi-3.0.0.schema.json.gz")
TOPICS = read_topics()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi_document(TOPICS, version="1.2.3", server="kafka.example:9092")


@cache
def official() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(gzip.decompress(SCHEMA.read_bytes())))


def test_document_is_asyncapi_3_by_the_official_schema(document: dict[str, Any]) -> None:
    assert [str(error) for error in official().iter_errors(document)] == []


def test_official_schema_refuses_what_is_not_asyncapi(document: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(document))
    broken["operations"]["hub-publishes-to-dossier-events"]["action"] = "shout"

    assert not official().is_valid(broken)


def test_every_reference_inside_points_at_something(document: dict[str, Any]) -> None:
    for reference in references(document):
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for entry in part for found in references(entry)]
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [found for value in part.values() for found in references(value)]
    return []


def test_channels_are_the_topics_and_their_dead_letters(document: dict[str, Any]) -> None:
    wanted = {name for topic in TOPICS.by_name.values() for name in (topic.name, topic.dlq)}
    assert set(document["channels"]) == wanted
    for topic in TOPICS.by_name.values():
        channel = document["channels"][topic.name]
        assert set(channel["messages"]) == {EVENT_TYPES[kind].__name__ for kind in topic.types}
        assert channel["bindings"]["kafka"]["partitions"] == topic.partitions


def test_operations_are_the_grants_seen_from_the_hub(document: dict[str, Any]) -> None:
    operations = {name: operation["action"] for name, operation in document["operations"].items()}

    assert operations["office-publishes-to-cia-claims"] == "receive"
    assert operations["cpas-subscribes-to-dossier-events"] == "send"
    assert operations["hub-publishes-to-dossier-events"] == "send"
    assert operations["hub-subscribes-to-dossier-events"] == "receive"
    assert operations["hub-publishes-to-dossier-events-dlq"] == "send"
    assert "cpas-publishes-to-dossier-events" not in operations
    grants = sum(len(topic.publish) + len(topic.subscribe) + 1 for topic in TOPICS.by_name.values())
    assert len(operations) == grants


def test_messages_are_every_event_type(document: dict[str, Any]) -> None:
    messages = document["components"]["messages"].values()
    assert sorted(message["name"] for message in messages) == sorted(EVENT_TYPES)


def test_record_of_the_hub_is_valid_by_its_own_document(document: dict[str, Any]) -> None:
    event = CloudEvent(
        id=UUID(int=1),
        source="/connectors/cia",
        type=ClaimWithdrawn.type,
        time=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        recordedtime=datetime(2026, 3, 2, 9, 1, tzinfo=UTC),
        partitionkey="p" + "1" * 32,
        subject="p" + "1" * 32,
        correlationid="c-1",
        causationid="c-0",
        traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01",
        data=ClaimWithdrawn(claim=UUID(int=2), office="991", version=3),
        box="1.c2VhbGVk",
    )
    stored, value = encode(event)
    headers = {name: content.decode() for name, content in kafka_headers(stored)}
    message = document["components"]["messages"]["ClaimWithdrawn"]

    assert whole(document, message["headers"]).is_valid(headers)
    assert whole(document, message["payload"]).is_valid(json.loads(value))
    known = document["components"]["schemas"]["CloudEventHeaders"]["properties"]
    assert set(headers) == set(known)
    assert not whole(document, message["headers"]).is_valid(headers | {"ce_type": "be.other.v1"})


def whole(document: dict[str, Any], part: dict[str, Any]) -> jsonschema_rs.Validator:
    """A part of the document with what its references point at."""
    return jsonschema_rs.validator_for(part | {"components": document["components"]})


@pytest.mark.parametrize("notation", list(Notation))
def test_document_reads_back_the_same_in_either_notation(notation: Notation) -> None:
    text = document_text(TOPICS, notation=notation)

    assert yaml.safe_load(text)["channels"] == asyncapi_document(TOPICS, version="")["channels"]
    assert "&id" not in text
