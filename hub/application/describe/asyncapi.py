"""The hub as an AsyncAPI 3.0 document: a channel per topic, an operation per grant, a message per event type.

Operations are told from the hub's side, as AsyncAPI asks: what an institution publishes, the hub ``receive``s.
Schemas are written out without references inside, so that any tool can read them.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hub.application.describe.asyncapi_messages import components, message_name
from hub.domain.messaging.topics import HUB, Topic, Topics

Document = dict[str, Any]

_DESCRIPTION = """\
Institutions of Belgian debt mediation publish and subscribe here. Events are CloudEvents 1.0 in Kafka's binary mode.
Order is kept per key (`ce_partitionkey`): a person, a dossier or an office, always a pseudonym or a public number.
Within a major version events only gain optional fields; read them tolerantly. An event may arrive twice: its `ce_id`
is the same each time. Personal fields (`x-personal`) travel inside `sealed` and are opened for whom may read them.
"""


def asyncapi_document(topics: Topics, *, version: str, server: str | None = None) -> Document:
    """The whole document, JSON-ready. ``version`` is the hub's; ``server`` is Kafka's ``host:port``, if told."""
    document: Document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Mediation hub", "version": version, "description": _DESCRIPTION},
        "defaultContentType": "application/json",
    }
    if server:
        document["servers"] = {"kafka": {"host": server, "protocol": "kafka"}}
    named = list(topics.by_name.values())
    document["channels"] = dict(channel for topic in named for channel in _channels(topic))
    document["operations"] = dict(operation for topic in named for operation in _operations(topic))
    document["components"] = components(topics)
    return document


def _channels(topic: Topic) -> Iterator[tuple[str, Document]]:
    messages = {message_name(kind): {"$ref": f"#/components/messages/{message_name(kind)}"} for kind in topic.types}
    yield (
        topic.name,
        {
            "address": topic.name,
            "title": topic.name,
            "description": topic.summary,
            "tags": [{"name": f"owner:{topic.owner}"}],
            "messages": messages,
            "bindings": _binding(topic, topic.name),
        },
    )
    yield (
        topic.dlq,
        {
            "address": topic.dlq,
            "title": f"Dead letters of {topic.name}",
            "description": f"Records of {topic.name} that a group of the hub could not handle, bytes untouched.",
            "tags": [{"name": f"owner:{topic.owner}"}],
            "messages": messages,
            "bindings": _binding(topic, topic.dlq),
        },
    )


def _binding(topic: Topic, name: str) -> Document:
    return {
        "kafka": {
            "topic": name,
            "partitions": topic.partitions,
            "topicConfiguration": {
                "cleanup.policy": ["delete"],
                "retention.ms": topic.retention // timedelta(milliseconds=1),
            },
            "bindingVersion": "0.5.0",
        }
    }


def _operations(topic: Topic) -> Iterator[tuple[str, Document]]:
    for who in topic.publish:
        told = f"{who} publishes to {topic.name}"
        yield _operation(topic, topic.name, who=who, told=told, action="send" if who == HUB else "receive")
    for who in topic.subscribe:
        told = f"{who} subscribes to {topic.name}"
        yield _operation(topic, topic.name, who=who, told=told, action="receive" if who == HUB else "send")
    yield _operation(topic, topic.dlq, who=HUB, told=f"{HUB} publishes to {topic.dlq}", action="send")


def _operation(topic: Topic, channel: str, *, who: str, told: str, action: str) -> tuple[str, Document]:
    operation = {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "title": told,
        "summary": told if who == HUB else f"{told}; each institution only what is its own",
        "tags": [{"name": f"grant:{who}"}],
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message_name(kind)}"} for kind in topic.types],
    }
    return told.replace(" ", "-"), operation
