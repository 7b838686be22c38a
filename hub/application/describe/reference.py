"""The reference pages of topics and events, as Markdown, from topics.yaml and the event classes."""

from collections.abc import Iterator
from typing import Any

from hub.domain.messaging.topic_plan import told
from hub.domain.messaging.topics import Topic, Topics
from schemas import EVENT_TYPES
from schemas.json_schema import inlined, schema_of

_MADE = "<!-- made by `hub asyncapi --docs docs/reference`; do not edit -->\n"


def reference_pages(topics: Topics) -> dict[str, str]:
    """File name → text of each page."""
    return {"topics.md": _page(_topics(topics)), "events.md": _page(_events(topics))}


def _page(lines: Iterator[str]) -> str:
    return _MADE + "\n".join(lines) + "\n"


def _topics(topics: Topics) -> Iterator[str]:
    yield "# Topics"
    yield ""
    yield "From `topics.yaml`. Each topic NAME has a NAME-dlq with the same partitions and retention."
    for topic in topics.by_name.values():
        yield from _topic(topic)


def _topic(topic: Topic) -> Iterator[str]:
    yield from ("", f"## {topic.name}", "", topic.summary, "")
    yield from ("| what | is |", "|---|---|")
    yield f"| owner | {topic.owner} |"
    yield f"| partitions | {topic.partitions} |"
    yield f"| retention | {told(topic.retention)} |"
    yield f"| may publish | {', '.join(topic.publish)} |"
    yield f"| may subscribe | {', '.join(topic.subscribe)} |"
    yield f"| dead letters | {topic.dlq} |"
    yield ""
    for kind in topic.types:
        yield f"- [`{kind}`](events.md#{EVENT_TYPES[kind].__name__.lower()})"


def _events(topics: Topics) -> Iterator[str]:
    yield "# Events"
    yield ""
    yield "From the classes in `schemas/`; the contract of each is `schemas/json/<type>.json`."
    yield "Fields marked *personal* travel encrypted inside `sealed`, and are absent once the person is erased."
    for kind in sorted(topics.by_type, key=lambda name: EVENT_TYPES[name].__name__):
        yield from _event(kind, topics.by_type[kind])


def _event(kind: str, topic: Topic) -> Iterator[str]:
    event = EVENT_TYPES[kind]
    schema = inlined(schema_of(event))
    yield from ("", f"## {event.__name__}", "", schema["description"].replace("``", "`"), "")
    yield f"`{kind}` on [{topic.name}](topics.md#{topic.name}), in order per {event.keyed_by}."
    yield ""
    yield from ("| field | kind | | meaning |", "|---|---|---|---|")
    for name, part in schema["properties"].items():
        needed = "personal" if part.get("x-personal") else "required" if name in schema.get("required", ()) else ""
        yield f"| `{name}` | {_cell(_shape(part))} | {needed} | {_cell(part.get('description', ''))} |"


def _shape(part: dict[str, Any]) -> str:
    """What stands in a field, in a few words."""
    options = [option for option in part.get("anyOf", ()) if option.get("type") != "null"]
    if options:
        return " or ".join(_shape(option) for option in options)
    if "enum" in part:
        return " · ".join(str(value) for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {_shape(part.get('items', {}))}"
    if part.get("type") == "object" and "properties" in part:
        return f"{part.get('title', 'object')}: {', '.join(part['properties'])}"
    if "x-max-digits" in part:
        return "amount"
    return str(part.get("format") or part.get("const") or part.get("type", "anything"))


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("``", "`").split())
