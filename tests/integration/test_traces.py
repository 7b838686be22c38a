"""One trace from a partner's document to the mail, at a real collector; what it may say, and what if it is away."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hub.adapters.telemetry.collector import Collector
from hub.adapters.telemetry.metrics import SPANS
from hub.adapters.telemetry.traces import OpenTelemetrySpans
from hub.application.spans import OFF
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.cloudevent import dossier_of
from hub.domain.messaging.errors import RuleError, TransientError
from hub.entrypoints import workers
from hub.settings import Settings, TelemetrySettings
from tests.integration.intake_documents import niss_of
from tests.integration.intake_parts import door, key_of
from tests.integration.post_office import outbox, until
from tests.integration.test_consume import PERSON, notice, strike
from tests.integration.trace_collector import Seen, TraceCollector, collecting

pytestmark = pytest.mark.integration

TRACE, CALLER_SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = f"00-{TRACE}-{CALLER_SPAN}-01"
UNSAMPLED = f"00-{TRACE}-{CALLER_SPAN}-00"
OFFICE, CPAS, NISS, NAME = "etude-991", "cpas-991", niss_of(4321), "Quxwvmnop"
TELLABLE = {
    *("hub.connector", "hub.kind", "hub.state", "hub.events", "hub.group", "hub.outcome", "hub.stage"),
    *("hub.fingerprint", "hub.rule", "hub.attempt", "error.type"),
}
XML, CLOUDEVENT = {"content-type": "application/xml"}, {"content-type": "application/cloudevents+json"}
_FROM = 'sender="fca" sentAt="2026-01-15T09:30:00+01:00"'
DIRECTORY = f"""<OfficeDirectory xmlns="urn:be:mediationhub:cia:1" messageId="m-directory" {_FROM}>
  <Office office="{OFFICE}" name="Étude {OFFICE}" postcode="1000" city="Bruxelles" email="{OFFICE}@offices.invalid"/>
</OfficeDirectory>"""
NOTICE = f"""<Notice xmlns="urn:be:mediationhub:fca:1" messageId="m-notice" {_FROM}
    number="2026-004321" kind="N2" subkind="conservatory" office="{OFFICE}"
    registeredAt="2026-01-15T14:02:11+01:00" expiresOn="2029-01-15">
  <Seizing kind="PM" name="Énergie Exemple SA" enterpriseNumber="0123456551" legalForm="SA"/>
  <Debtor kind="NP" name="{NAME}" born="1961-02-13" niss="{NISS}"><FirstName>Pierre</FirstName></Debtor>
  <Act on="2026-01-12" place="Liège" servedOn="2026-01-13"/>
  <Claim nature="energy" amount="1564.73"/>
  <Goods>Une voiture de marque Exemple</Goods>
</Notice>"""
REGISTRATION: Mapping[str, Any] = {
    "specversion": "1.0",
    "id": "m-registration",
    "source": f"/{CPAS}/software",
    "type": "be.mediationhub.client.register.v1",
    "time": "2026-01-16T08:00:00+01:00",
    "datacontenttype": "application/json",
    "data": {
        "cpas": CPAS,
        "stage": "Dans la recherche",
        "consent": {
            "registration": True,
            "sharing": True,
            "text_version": "2021-09",
            "given_at": "2026-01-16T07:55:00+01:00",
        },
        "language": "fr",
        "niss": NISS,
        "name": NAME,
        "first_name": "Pierre",
        "worker": {"desk": "Médiation", "reference": "M-1", "manager": "A. Lune", "email": f"{CPAS}@cpas.invalid"},
    },
}


@pytest.fixture
async def collector() -> AsyncIterator[TraceCollector]:
    """A collector that answers."""
    async with collecting() as found:
        yield found


def telling(collector: TraceCollector | str, *, sample: float = 1.0) -> OpenTelemetrySpans:
    """Spans of a process called ``test``."""
    url = collector if isinstance(collector, str) else collector.url
    return OpenTelemetrySpans(Collector(url, process="test"), process="test", sample=sample)


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Every process of a hub, each with parts of its own; gives a client of its door. All end cleanly."""
    async with AsyncExitStack() as stack:
        tasks = []
        for name in ("relay", "consume", "deliver", "clock"):
            parts = await stack.enter_async_context(opened(settings, process=name))
            tasks.append(asyncio.create_task(getattr(workers, name)(parts)))
        client = await stack.enter_async_context(
            door(await stack.enter_async_context(opened(settings, process="intake")))
        )
        yield client
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def told_story(hub: Hub, client: httpx.AsyncClient) -> None:
    """A CPAS has a client, a notice makes an office known, it is invited, it stays silent, it is reminded."""
    fca = await key_of(hub, "fca", "fca", ["fca", "cia"])
    cpas = await key_of(hub, CPAS, "cpas", [], ["be.mediationhub.client.register.v1"])
    dossier = dossier_of(hub.vault.subject_of(NISS), CPAS)
    answers = [await client.post("/v1/connectors/cia/documents", content=DIRECTORY.encode(), headers={**fca, **XML})]
    answers += [await client.post("/v1/events", json=REGISTRATION, headers={**cpas, **CLOUDEVENT})]
    await until(lambda: _folded(hub, dossier, "be.mediationhub.bailiffs.found.v1"))
    headers = {**fca, **XML, "traceparent": CALLER}
    answers += [await client.post("/v1/connectors/fca/documents", content=NOTICE.encode(), headers=headers)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    await until(lambda: _folded(hub, dossier, "be.mediationhub.mail.sent.v1"))
    await hub.time_machine.advance(timedelta(days=20))
    await until(lambda: _folded(hub, dossier, "be.mediationhub.mail.sent.v1", times=2))


async def _folded(hub: Hub, dossier: str, type_: str, *, times: int = 1) -> bool:
    """Whether the dossier knows so many events of a type."""
    found: int = await hub.database.pool.fetchval(
        "SELECT count(*) FROM timeline WHERE consumer_group = 'hub.mediation' AND key = $1"
        " AND attributes LIKE '%' || $2 || '%'",
        dossier,
        type_,
    )
    return found >= times


def way_back(spans: Sequence[Seen], span: Seen) -> list[str]:
    """Names from the first step of a trace to this one."""
    known = {one.id: one for one in spans}
    names = [span.name]
    while parent := known.get(span.parent):
        assert parent.trace == span.trace
        assert parent.began <= span.began
        names.append(parent.name)
        span = parent
    return names[::-1]


@pytest.mark.usefixtures("topics_ready")
async def test_one_trace_leads_from_the_document_to_the_mail_and_the_reminder(
    hub: Hub, settings: Settings, collector: TraceCollector
) -> None:
    telemetry = TelemetrySettings(otlp=collector.url)

    async with working(settings.model_copy(update={"telemetry": telemetry})) as client:
        await told_story(hub, client)

    spans = collector.spans
    mine = [span for span in spans if span.trace == TRACE]
    (reminder,) = [span for span in mine if span.name == "deliver reminder"]
    assert way_back(mine, reminder) == [
        "document fca",
        "fold be.mediationhub.notice.registered.v1",
        "fold be.mediationhub.bailiffs.found.v1",
        "deliver invitation",
        "fold be.mediationhub.mail.sent.v1",
        "timer be.mediationhub.answer.due.v1",
        "fold be.mediationhub.answer.due.v1",
        "deliver reminder",
    ]
    (document,) = [span for span in mine if span.name == "document fca"]
    assert (document.parent, document.process) == (CALLER_SPAN, "intake")
    assert document.told == {"hub.connector": "fca", "hub.kind": "Notice", "hub.state": "accepted", "hub.events": 1}
    assert (reminder.process, reminder.told["hub.outcome"], reminder.told["hub.attempt"]) == ("deliver", "sent", 1)
    assert {span.process for span in mine} == {"intake", "consume", "deliver", "clock"}
    assert not any(span.failed for span in spans)
    (command,) = [span for span in spans if span.name == "document events"]
    assert (command.parent, command.told["hub.kind"]) == ("", "be.mediationhub.client.register.v1")
    assert sum(span.told["hub.events"] for span in spans if span.name == "relay batch") == 11  # every event once
    _nothing_personal(collector, hub.vault.subject_of(NISS))


def _nothing_personal(collector: TraceCollector, subject: str) -> None:
    """Spans say closed words and counts: no content, nobody's identifier, no id of message or event."""
    spans = collector.spans
    assert {name for span in spans for name in span.told} <= TELLABLE
    text = collector.text()
    secrets = (NISS, NAME, "Pierre", subject, dossier_of(subject, CPAS), OFFICE, CPAS, "m-notice", "offices.invalid")
    assert [secret for secret in secrets if secret in text] == []
    told = " ".join(f"{span.name} {' '.join(map(str, span.told.values()))}" for span in spans)
    assert re.findall(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", told) == []


async def test_failure_and_what_waits_behind_it_are_told_by_fingerprint(
    settings: Settings, collector: TraceCollector
) -> None:
    telemetry = TelemetrySettings(otlp=collector.url)

    async with opened(settings.model_copy(update={"telemetry": telemetry})) as hub:
        await hub.consume("hub.notices").handle([strike(PERSON, "A"), notice(PERSON, "B")])
        letter = await hub.database.pool.fetchrow("SELECT id, fingerprint FROM dead_letter")
        assert letter is not None
        (alert,) = [event for event in await outbox(hub.database.pool) if event["topic"] == "dead-letters"]
        await hub.replay.letter(letter["id"])

    told = [(span.name.split(".")[-2], span.failed, span.told) for span in collector.spans]
    group = {"hub.group": "hub.notices"}
    failed = {**group, "hub.outcome": "failed", "hub.stage": "fold", "hub.fingerprint": letter["fingerprint"]}
    assert told == [
        ("struck", True, failed),
        ("registered", False, {**group, "hub.outcome": "queued"}),
        ("struck", True, failed),  # the replay
    ]
    assert alert["ce_traceparent"].split("-")[1:3] == [collector.spans[0].trace, collector.spans[0].id]


async def test_steps_of_a_transaction_that_fails_are_not_told(collector: TraceCollector) -> None:
    spans = telling(collector)

    with suppress(TransientError):
        async with spans.batch() as lost:
            lost.add("fold", "lost", CALLER, group="g")
            raise TransientError
    async with spans.batch() as kept:
        kept.add("fold", "kept", CALLER, group="g")
    await spans.close()

    assert [(span.name, span.parent) for span in collector.spans] == [("fold kept", CALLER_SPAN)]


async def test_error_is_told_by_its_class_and_a_refusal_by_its_rule(collector: TraceCollector) -> None:
    spans = telling(collector)

    for error in (ValueError(f"bad {NISS}"), RuleError("rule-991", f"bad {NISS}")):
        with pytest.raises(type(error)), spans.one("document", "fca", None, connector="fca"):
            raise error
    await spans.close()

    first, second = collector.spans
    assert (first.failed, first.told) == (True, {"hub.connector": "fca", "error.type": "ValueError"})
    assert (second.failed, second.told) == (False, {"hub.connector": "fca", "hub.rule": "rule-991"})
    assert NISS not in collector.text()


async def test_sampling_is_decided_once_and_a_caller_decides_for_its_own_traces(collector: TraceCollector) -> None:
    spans = telling(collector, sample=0)

    with spans.one("document", "fca", None) as ours, spans.one("fold", "ours", ours.traceparent):
        pass
    with spans.one("document", "fca", UNSAMPLED) as silent, spans.one("fold", "silent", silent.traceparent):
        pass
    with spans.one("document", "fca", CALLER) as theirs, spans.one("fold", "theirs", theirs.traceparent):
        pass
    await spans.close()

    assert [span.name for span in collector.spans] == ["document fca", "fold theirs"]
    assert str(silent.traceparent).startswith(f"00-{TRACE}-")


async def test_parent_that_is_none_begins_a_trace(collector: TraceCollector) -> None:
    spans = telling(collector)

    for parent in (None, "", "garbage", f"00-{'0' * 32}-{CALLER_SPAN}-01"):
        with spans.one("document", "fca", parent):
            pass
    await spans.close()

    assert [span.parent for span in collector.spans] == [""] * 4
    assert len({span.trace for span in collector.spans}) == 4


async def test_collector_that_is_away_is_told_once_and_work_and_stop_go_on(
    unused_tcp_port: int, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    lost = SPANS.labels("lost")._value.get()
    spans = telling(f"http://127.0.0.1:{unused_tcp_port}")
    loop = asyncio.get_running_loop()

    for _ in range(3):
        async with spans.batch() as batch:
            for n in range(5000):
                batch.add("fold", "claim", CALLER, group=f"g{n % 3}")
    began = loop.time()
    await spans.close()

    assert loop.time() - began < 8
    assert SPANS.labels("lost")._value.get() - lost == 15_000
    said = capsys.readouterr()
    assert (said.out + said.err).count("traces cannot be sent") == 1
    assert caplog.records == []


async def test_collector_that_comes_back_gets_what_follows(unused_tcp_port: int) -> None:
    async with collecting(unused_tcp_port) as collector:
        collector.status = 400
        spans = telling(collector)
        with spans.one("relay", "batch", None, events=1):
            pass
        await until(lambda: collector.asked == 1)
        collector.status = 200
        with spans.one("relay", "batch", None, events=2):
            pass
        await until(lambda: collector.spans)
        await spans.close()

    assert [span.told for span in collector.spans] == [{"hub.events": 2}]


async def test_without_a_collector_nothing_is_made(hub: Hub) -> None:
    assert hub.spans is OFF
