"""What must be the same in two places is compared both ways (house style, principle 5; ADR 0005)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import CONNECTORS
from hub.adapters.topics_file import read_topics
from hub.domain.messaging.topics import INSTITUTION_KINDS
from schemas import CONTEXTS, EVENT_TYPES
from schemas.goldens import FOLDER as GOLDENS
from tests.architecture.source import PACKAGES, ROOT, imported, modules, named, tree
from tests.connectors.documents import contract_of, examples, read

TOPICS = read_topics()
TELEMETRY = "hub/adapters/telemetry"
METRICS = {"Counter", "Gauge", "Histogram", "Summary", "Info"}
TYPE = re.compile(r"be\.mediationhub\.[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v(?P<major>[1-9]\d*)")


def test_event_types_are_topics_and_goldens() -> None:
    goldens = {file.stem for file in GOLDENS.glob("*.json")}

    assert set(EVENT_TYPES) == set(TOPICS.by_type) == goldens


def test_every_module_of_the_published_language_is_a_context() -> None:
    machinery = {"event", "json_schema", "compatibility", "golden_history", "goldens", "__init__"}
    modules_there = {file.stem for file in (ROOT / "schemas").glob("*.py")} - machinery

    assert modules_there == {context.__name__.removeprefix("schemas.") for context in CONTEXTS}


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_event_type_follows_the_grammar_and_its_class_says_the_version(name: str) -> None:
    match = TYPE.fullmatch(name)
    assert match, "be.mediationhub.<noun>.<past tense>.v<major>"
    suffix = "" if match["major"] == "1" else f"V{match['major']}"
    assert EVENT_TYPES[name].__name__.endswith(suffix)
    assert suffix or not re.search(r"V\d+$", EVENT_TYPES[name].__name__)


def test_connectors_publish_only_what_their_institutions_are_granted() -> None:
    refused = []
    for name, path in examples("*.in.xml"):
        data = path.read_bytes()
        root = contract_of(name).head(data)
        assert root is not None
        kinds = CONNECTORS[name].documents[str(root.tag)].institutions or CONNECTORS[name].institutions
        refused += [
            f"{path.name}: {fact.data.type} on {topic.name} is not granted to {kind}"
            for fact in read(name, data).facts
            for topic in [TOPICS.by_type[fact.data.type]]
            for kind in kinds
            if kind not in topic.publish
        ]
    assert refused == []


def test_every_type_that_institutions_publish_comes_from_a_connector_or_a_command() -> None:
    mapped = {fact.data.type for name, path in examples("*.in.xml") for fact in read(name, path.read_bytes()).facts}
    by_topic = {topic.name for topic in TOPICS.by_name.values() if set(topic.publish) & set(INSTITUTION_KINDS)}
    reached = {TOPICS.by_type[kind].name for kind in mapped}

    assert by_topic - reached == {"cpas-commands", "rcd-commands"}  # systems send CloudEvents, no documents


def test_connectors_serve_known_kinds_of_institutions() -> None:
    for connector in CONNECTORS.values():
        assert set(connector.institutions) <= set(INSTITUTION_KINDS)


def test_types_named_in_the_hub_are_types_of_the_language() -> None:
    strange = [
        f"{named(file)}:{node.lineno}: {node.value}"
        for file in modules(*PACKAGES)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TYPE.fullmatch(node.value)
        and node.value not in EVENT_TYPES
    ]
    assert strange == []


def test_metrics_are_made_in_one_place() -> None:
    outside = [
        f"{named(file)}:{line}: {name}"
        for file in modules(*PACKAGES)
        if TELEMETRY not in named(file)
        for name, line in imported(file)
        if name in {f"prometheus_client.{metric}" for metric in METRICS}
    ]
    names = [text for file in modules(TELEMETRY) for text in metric_names(file)]

    assert outside == []
    assert names, "the hub counts something"
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"hub_[a-z]+(_[a-z]+)+", name)] == []


def metric_names(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in METRICS:
            assert isinstance(node.args[0], ast.Constant), (
                f"{named(file)}:{node.lineno}: a metric's name is written out"
            )
            yield str(node.args[0].value)
