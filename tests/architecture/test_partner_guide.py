"""What the partner guide promises in numbers and codes is what the hub does."""

import re
from inspect import signature
from uuid import UUID

from hub.application.intake.publish_events import BATCH_MOST
from hub.application.intake.submission import Limits
from hub.domain.messaging.cloudevent import NAMESPACE
from hub.domain.messaging.messages import MESSAGES
from hub.entrypoints.http import feed
from hub.entrypoints.http.app import create_app
from hub.entrypoints.http.events import BATCH_BYTES, SINGLE_MOST
from hub.entrypoints.http.problems import STATUS
from hub.settings import IntakeSettings
from tests.architecture.pages import prose, text
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "partner-guide.md"
MIB = 1024 * 1024


def test_every_refusal_of_the_door_is_listed_with_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", text(PAGE), re.MULTILINE)

    assert {code: int(status) for status, code in rows} == dict(STATUS)


def test_every_code_that_is_named_has_a_text() -> None:
    said = set(re.findall(r"`(?:4\d\d) ([a-z-]+)`", text(PAGE)))

    assert said - set(MESSAGES) == set()


def test_every_address_that_is_named_is_served() -> None:
    served = set(create_app(None).openapi()["paths"])  # type: ignore[arg-type]  # nothing is called
    said = {path.partition("?")[0] for path in re.findall(r"`(?:GET|POST) (/v1/[^`\s]*)`", text(PAGE))}
    names = {re.sub(r"\{\w+\}", "{}", path) for path in served}

    assert {path for path in said if re.sub(r"\{\w+\}", "{}", path) not in names} == set()


def test_limits_are_those_of_the_code() -> None:
    limits, settings = Limits(), IntakeSettings()
    told = {
        f"{settings.max_bytes // MIB} MiB (413)",
        f"| a document that is not bulk | {limits.whole // MIB} MiB |",
        f"| gzip | {settings.max_gzip_ratio} times its size",
        f"| depth, attributes of an element | {settings.max_depth} each |",
        f"| a posted event, a batch | {SINGLE_MOST // MIB} MiB, {BATCH_BYTES // MIB} MiB |",
        f"{limits.idle.seconds} s, {limits.patience.seconds // 60} minutes (408)",
        f"| entries listed in an answer | {limits.page:,} |",
        f"| bad entries of a bulk document | {limits.refused:,} (422) |",
        f"at most {BATCH_MOST:,}; answered with",
    }
    assert [one for one in told if one not in prose(PAGE)] == []


def test_feed_takes_the_parameters_that_are_named() -> None:
    chapter = text(PAGE).partition("## The feed")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE) == list(feed.FeedQuery.model_fields)
    assert set(signature(feed.get_feed).parameters) == {"caller", "doors", "query"}


def test_namespace_of_derived_ids_is_the_one_that_is_given_away() -> None:
    assert UUID(re.findall(r"namespace `([0-9a-f-]+)`", text(PAGE))[0]) == NAMESPACE
