"""The notice that a debtor can read after each access to the case: five items (AR 11 Oct 2023, art. 8; ADR 0027)."""

from hub.domain.messaging.calendar import BRUSSELS
from hub.domain.rcd.notice_words import ACTIONS, ALWAYS, HERE, KEPT, LANGUAGES, OF_THE_HUB, WHAT, WHO, Language
from schemas.rcd_notices import CaseAccessNoted, DebtorNoticeIssued, NoticeText


def issued(noted: CaseAccessNoted, language: Language | None) -> DebtorNoticeIssued:
    """The notice of an access, in a language or, when it is unknown, in all."""
    texts = tuple(text(noted, one) for one in ((language,) if language else LANGUAGES))
    return DebtorNoticeIssued.model_validate({**noted.model_dump(), "texts": texts})


def text(noted: CaseAccessNoted, language: Language) -> NoticeText:
    """The five items of one access."""
    return NoticeText(language=language, items=(_kept(noted, language), *ALWAYS[language]))


def _kept(noted: CaseAccessNoted, language: Language) -> str:
    """Item 1: that the data are kept, and which."""
    at = noted.at.astimezone(BRUSSELS)
    kept = HERE if noted.what in OF_THE_HUB else KEPT
    return kept[language].format(
        day=f"{at:%d/%m/%Y}",
        hour=f"{at:%H:%M}",
        action=ACTIONS[noted.action][language],
        who=WHO[noted.quality][language],
        what=WHAT[noted.what][language],
    )
