"""The one suite of every connector: its examples, in both directions, and that nothing of it lacks one."""

import json
from pathlib import Path

import pytest
from lxml import etree

import connectors
from connectors import CONNECTORS, CONTRACTS, FOLDERS
from hub.domain.messaging.mapping_messages import MAPPING_MESSAGES
from hub.domain.messaging.messages import MESSAGES
from schemas import EVENT_TYPES
from tests.connectors.documents import beside, contract_of, event_of, examples, facts_json, findings_json, read

pytestmark = pytest.mark.unit

INBOUND = [pytest.param(name, path, id=f"{name}-{path.stem}") for name, path in examples("*.in.xml")]
BAD = [pytest.param(name, path, id=f"{name}-{path.stem}") for name, path in examples("*.bad.xml")]
OUTBOUND = [pytest.param(name, path, id=f"{name}-{path.stem}") for name, path in examples("*.out.xml")]
ENUMERATED = etree.XPath("//xs:enumeration/@value", namespaces={"xs": "http://www.w3.org/2001/XMLSchema"})

NOT_IN_DOCUMENTS = {
    "niss-form",  # the grammar finds it first; for numbers that people type
    "enterprise-number-form",  # the same
    "not-mapped",  # of a new connector, until it is filled
}


@pytest.mark.parametrize(("name", "path"), INBOUND)
def test_document_becomes_its_events(name: str, path: Path) -> None:
    expected = json.loads(beside(path, ".event.json").read_text("utf-8"))

    reading = read(name, path.read_bytes())

    assert findings_json(reading.findings) == []
    assert facts_json(reading.facts) == expected


@pytest.mark.parametrize(("name", "path"), BAD)
def test_bad_document_is_refused_with_place_and_rule(name: str, path: Path) -> None:
    problems = json.loads(beside(path, ".problem.json").read_text("utf-8"))
    good = beside(path, ".event.json")
    expected = json.loads(good.read_text("utf-8")) if good.exists() else []

    reading = read(name, path.read_bytes())

    assert problems, "a bad example has at least one problem"
    assert findings_json(reading.findings) == problems
    assert facts_json(reading.facts) == expected


@pytest.mark.parametrize(("name", "path"), OUTBOUND)
def test_event_becomes_its_document(name: str, path: Path) -> None:
    event = event_of(beside(path, ".event.json"))

    document = CONNECTORS[name].outbound[event.type](event)

    assert contract_of(name).findings(document) == ()
    assert _canonical(etree.tostring(document)) == _canonical(path.read_bytes())


@pytest.mark.parametrize(("name", "path"), INBOUND)
def test_no_readable_part_tells_who_the_event_is_about(name: str, path: Path) -> None:
    for fact in read(name, path.read_bytes()).facts:
        identifier = fact.data.identifier()
        assert identifier is None or identifier not in json.dumps(fact.data.clear_json())
        assert identifier is None or fact.data.keyed_by in {"person", "case", "dossier"}


@pytest.mark.parametrize(("name", "path"), BAD)
def test_no_finding_repeats_what_it_refuses(name: str, path: Path) -> None:
    text = etree.fromstring(path.read_bytes())
    values = {value for element in text.iter() for value in element.attrib.values() if len(value) > 3}

    for finding in read(name, path.read_bytes()).findings:
        assert not values & set(finding.limit.split())


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_connector_is_complete(name: str) -> None:
    connector = CONNECTORS[name]
    roots = {contract_of(name).whole(path.read_bytes()).tag for _, path in _of(name, "*.in.xml")}
    outbound = {event_of(beside(path, ".event.json")).type for _, path in _of(name, "*.out.xml")}

    assert connector.name == name
    assert connector.schema.parent.name == name
    assert roots == set(connector.documents), "every kind of document has an example"
    assert outbound == set(connector.outbound), "every outbound mapping has an example"
    assert set(connector.outbound) <= set(EVENT_TYPES)
    assert _of(name, "*.bad.xml"), "at least one bad example"


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_every_enumerated_value_of_the_contract_stands_in_an_example(name: str) -> None:
    values = set(ENUMERATED(etree.parse(CONNECTORS[name].schema)))

    told = {
        value
        for pattern in ("*.in.xml", "*.out.xml")
        for _, path in _of(name, pattern)
        for element in etree.fromstring(path.read_bytes()).iter()
        for value in element.attrib.values()
    }

    assert values <= told


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_page_of_the_contract_names_every_document_and_every_code(name: str) -> None:
    page = (Path(connectors.__file__).parents[1] / "docs" / "contracts" / f"{name}.md").read_text("utf-8")
    problems = [problem for _, path in _of(name, "*.problem.json") for problem in json.loads(path.read_text("utf-8"))]

    documents = {root.rpartition("}")[2] for root in CONNECTORS[name].documents}
    codes = {problem["code"] for problem in problems}

    assert {word for word in documents | codes if f"`{word}`" not in page} == set()


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_documents_narrow_their_senders_and_never_widen_them(name: str) -> None:
    connector = CONNECTORS[name]

    assert connector.institutions
    assert all(set(kind.institutions) <= set(connector.institutions) for kind in connector.documents.values())


def test_every_folder_is_a_line_of_the_registry_and_every_line_a_folder() -> None:
    here = Path(connectors.__file__).parent

    folders = {path.name for path in here.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}

    assert folders == {*FOLDERS, *CONTRACTS}
    assert set(FOLDERS) == set(CONNECTORS)
    assert list(FOLDERS) == sorted(FOLDERS)


def test_every_code_of_mappings_has_a_text_and_a_bad_example() -> None:
    told = {
        problem["code"] for _, path in examples("*.problem.json") for problem in json.loads(path.read_text("utf-8"))
    }

    assert told <= set(MESSAGES)
    assert set(MAPPING_MESSAGES) - NOT_IN_DOCUMENTS <= told


def _of(name: str, pattern: str) -> list[tuple[str, Path]]:
    return [(owner, path) for owner, path in examples(pattern) if owner == name]


def _canonical(document: bytes) -> str:
    return etree.canonicalize(etree.fromstring(document), strip_text=True)
