from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.messaging.breaker import Breaker

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAUSE = timedelta(seconds=30)
FRESH = Breaker(failures=3, pause=PAUSE)


def after_failures(count: int) -> Breaker:
    breaker = FRESH
    for _ in range(count):
        breaker = breaker.started().failed(NOW)
    return breaker


def test_breaker_stays_closed_below_its_failures() -> None:
    assert after_failures(2).allows(NOW)


def test_breaker_opens_for_its_pause_after_enough_failures_in_a_row() -> None:
    open_one = after_failures(3)
    assert not open_one.allows(NOW)
    assert not open_one.allows(NOW + PAUSE - timedelta(microseconds=1))
    assert open_one.allows(NOW + PAUSE)


def test_an_answer_between_failures_forgets_them() -> None:
    breaker = after_failures(2).succeeded().failed(NOW).failed(NOW)
    assert breaker.allows(NOW)


def test_one_trial_at_a_time_goes_through_after_the_pause() -> None:
    trial = after_failures(3).started()
    assert not trial.allows(NOW + PAUSE)


def test_a_trial_that_succeeds_closes_the_breaker() -> None:
    assert after_failures(3).started().succeeded() == FRESH


def test_a_trial_that_fails_opens_it_for_another_pause() -> None:
    later = NOW + PAUSE
    breaker = after_failures(3).started().failed(later)
    assert not breaker.allows(later + PAUSE - timedelta(seconds=1))
    assert breaker.allows(later + PAUSE)


def test_a_trial_without_an_answer_lets_another_try() -> None:
    trial = after_failures(3).started()
    assert trial.withdrawn().allows(NOW + PAUSE)
