import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench import report
from bench.latency import Stopwatch
from bench.progress import TooSlowError, rate, reached
from bench.trial import compared
from hub.domain.messaging.cloudevent import event_id_of

pytestmark = pytest.mark.unit


def seen(*counts: int) -> Iterator[int]:
    yield from counts
    while True:
        yield counts[-1]


async def test_rate_leaves_out_what_was_there_at_the_first_sign_of_progress() -> None:
    counts = seen(0, 0, 4000, 8000, 10_000)

    async def read() -> int:
        return next(counts)

    found = await rate(read, 10_000)

    assert 6000 / 10 < found <= 6000 / 0.02  # 6,000 came after the first sign, in two looks of 10 ms at least


async def test_rate_of_what_is_done_between_two_looks_counts_from_the_look_before() -> None:
    counts = seen(0, 10_000)

    async def read() -> int:
        return next(counts)

    assert 0 < await rate(read, 10_000) < 10_000 / 0.01 + 1


async def test_what_never_ends_is_said_with_how_far_it_came() -> None:
    async def read() -> int:
        return 7

    with pytest.raises(TooSlowError, match="7 of 10"):
        await reached(read, 10, within=0.05)


def test_ratios_are_those_of_the_rates_beside_them() -> None:
    found = compared({"hub": 15_000.0, "floor": 60_000.0, "handwritten": 120.0})

    assert found == {
        "events_per_s": 15_000.0,
        "floor_events_per_s": 60_000.0,
        "of_floor": 0.25,
        "handwritten_events_per_s": 120.0,
        "of_handwritten": 125.0,
    }


def test_claim_counts_from_when_its_document_was_due_and_only_once() -> None:
    watch = Stopwatch()
    claims = [event_id_of("claim", str(n)) for n in range(3)]
    watch.due(claims, 10.0)

    for claim, at in zip(
        (*claims, claims[0], event_id_of("claim", "other")), (10.1, 10.2, 10.3, 99.0, 99.0), strict=True
    ):
        watch.seen(str(claim), at)

    assert watch.missing == 0
    assert watch.percentiles()["p50_ms"] == pytest.approx(200.0)


def test_report_is_one_object_a_stage_and_its_table_says_which_targets_are_met(tmp_path: Path) -> None:
    figures: report.Report = {"consume": {"events_per_s": 16_000.0, "of_floor": 0.1}, "machine": {"python": "3.11"}}
    file = tmp_path / "build" / "bench.json"

    report.write(figures, file)
    console = Console(record=True, width=120, file=StringIO())
    report.show(figures, console)

    assert json.loads(file.read_text())["consume"]["events_per_s"] == 16_000.0
    text = console.export_text(styles=True)
    assert "\x1b[32m≥ 15,000" in text
    assert "\x1b[31m≥ 0.2" in text
