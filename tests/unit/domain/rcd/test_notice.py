"""The debtor's notice: five items after each access, in his language (AR 11 Oct 2023, art. 8; I6)."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from hub.domain.rcd.case import Case
from hub.domain.rcd.fold import fold
from hub.domain.rcd.notice import issued, text
from hub.domain.rcd.notice_words import LANGUAGES, Language
from schemas.event import CaseData, Event
from schemas.rcd_notices import AccessAction, AccessQuality, CaseAccessNoted, DebtorNoticeIssued
from tests.unit.domain.happenings import Happenings
from tests.unit.domain.rcd.test_standing import ADMITTED, CASE, FILED


def noted(entry: int = 1, **said: object) -> CaseAccessNoted:
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    return CaseAccessNoted.model_validate(
        {"case": CASE, "entry": entry, "at": at, "quality": "mediator", "action": "CONSULT", "what": "claims", **said}
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", get_args(CaseData))
@pytest.mark.parametrize("quality", get_args(AccessQuality))
@pytest.mark.parametrize("action", get_args(AccessAction))
def test_every_access_has_five_items_in_every_language(
    language: Language, what: CaseData, quality: AccessQuality, action: AccessAction
) -> None:
    items = text(noted(what=what, quality=quality, action=action), language).items
    assert len(items) == len(set(items)) == 5
    assert all(item.endswith(".") and "{" not in item for item in items)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("registre central", "créanciers", "cinq ans", "Archives de l'État", "OBFG", "OVB", "article 15")),
        ("nl", ("centraal register", "schuldeisers", "vijf jaar", "Rijksarchief", "OBFG", "OVB", "artikel 15")),
        ("de", ("zentralen Register", "Gläubiger", "fünf Jahre", "Staatsarchiv", "OBFG", "OVB", "Artikel 15")),
    ],
)
def test_items_are_those_of_article_8(language: Language, words: tuple[str, ...]) -> None:
    whole = "\n".join(text(noted(), language).items)
    assert [word for word in words if word not in whole] == []
    assert "02/07/2026" in whole  # the local day
    assert "00:30" in whole


def told(*events: Event) -> list[DebtorNoticeIssued]:
    happenings, case, found = Happenings(), Case(), list[DebtorNoticeIssued]()
    for event in events:
        decision = fold(case, happenings(event, key=CASE)._replace(source="/connectors/justrestart/test"))
        case = decision.state or case
        for one in decision.events:
            if isinstance(one.data, DebtorNoticeIssued):
                assert one.feeds == ("test",)
                found.append(one.data)
    return found


def test_notice_is_in_the_language_of_the_admission_or_in_all_while_it_is_unknown() -> None:
    dutch = ADMITTED.model_copy(update={"language": "nl"})
    (early, late) = told(FILED, noted(1), dutch, noted(2))
    assert [one.language for one in early.texts] == ["fr", "nl", "de"]
    assert [one.language for one in late.texts] == ["nl"]


def test_each_access_yields_one_notice() -> None:
    looks = [noted(n) for n in range(1, 6)]
    assert [one.entry for one in told(FILED, ADMITTED, *looks)] == [1, 2, 3, 4, 5]


def test_access_to_a_case_whose_register_is_unknown_is_a_notice_that_nobody_is_told() -> None:
    decision = fold(None, Happenings()(noted(), key=CASE))
    (one,) = decision.events
    assert (one.feeds, one.data) == ((), issued(noted(), None))
