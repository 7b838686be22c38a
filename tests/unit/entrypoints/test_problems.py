from importlib.resources import files

import pytest
from lxml import etree

from hub.application.intake.ports import Finding
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError
from hub.domain.messaging.messages import LANGUAGES, MESSAGES
from hub.entrypoints.http.problems import STATUS, problem_of
from hub.entrypoints.http.xml_answers import answer_xml, problem_xml

pytestmark = pytest.mark.unit
SCHEMA = etree.XMLSchema(etree.fromstring(files("hub.entrypoints.http").joinpath("answer.xsd").read_bytes()))


def test_every_status_belongs_to_a_rule_that_has_its_text() -> None:
    assert set(STATUS) <= set(MESSAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_refused_document_is_a_problem_with_every_finding(language: str) -> None:
    finding = Finding("total-not-sum", line=4, xpath="/Claim/@total", item=2, reference="R-1")
    members = problem_of(DocumentRefusedError("not-valid", [finding]), language, "/v1/x")
    assert (members["status"], members["code"], members["refusedCount"]) == (422, "not-valid", 1)
    assert members["type"] == "urn:be:mediationhub:problem:not-valid"
    (listed,) = members["errors"]
    assert (listed["item"], listed["line"], listed["xpath"], listed["reference"]) == (2, 4, "/Claim/@total", "R-1")
    assert listed["text"]
    SCHEMA.assertValid(etree.fromstring(problem_xml(members)))


def test_finding_of_an_event_has_a_pointer_in_place_of_a_line() -> None:
    error = DocumentRefusedError("not-valid", [Finding("event-field", limit="missing", pointer="/data/cpas")])
    (listed,) = problem_of(error, "en", "/v1/events")["errors"]
    assert listed["pointer"] == "/data/cpas"
    assert "xpath" not in listed
    SCHEMA.assertValid(etree.fromstring(problem_xml(problem_of(error, "en", "/v1/events"))))


def test_rule_without_a_status_of_its_own_is_422() -> None:
    assert problem_of(IntakeRefusalError("atomic", limit="3"), "fr", "/")["status"] == 422


def test_answer_in_xml_escapes_and_follows_its_schema() -> None:
    members = {
        "document": "d",
        "state": "partial",
        "receiptId": "d",
        "receipt": "a.b.c",
        "events": 3,
        "refusedCount": 1,
        "gap": {"expected": 2, "received": 5, "missing": [[2, 4]]},
        "refused": [{"item": 1, "line": 2, "xpath": "/a", "code": "xsd", "reference": '<&"', "text": "a < b & c"}],
    }
    root = etree.fromstring(answer_xml(members))
    SCHEMA.assertValid(root)
    refused = root.find("{urn:be:mediationhub:answer:1}refused")
    assert refused is not None
    assert (refused.get("reference"), refused.text) == ('<&"', "a < b & c")
