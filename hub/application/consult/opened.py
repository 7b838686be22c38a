"""What a delivery's content and its opened personal part say to a request."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.application.consult.ports import BankSubject, Days
from hub.domain.messaging.errors import PartnerRefusedError


def subject_of(personal: Mapping[str, Any] | None) -> BankSubject:
    """Whom to ask about.

    Raises:
        PartnerRefusedError: ``subject-missing``: the delivery carries no number.
    """
    niss = (personal or {}).get("niss")
    if not personal or not niss:
        raise PartnerRefusedError("subject-missing", "the delivery carries no number of a person")
    born = personal.get("born")
    return BankSubject(
        niss=niss,
        name=personal.get("name"),
        first_name=personal.get("first_name"),
        born=date.fromisoformat(born) if born else None,
    )


def days_of(content: Mapping[str, str]) -> Days | None:
    """The period of a delivery."""
    begin, end = content.get("begin"), content.get("end")
    if begin is None:
        return None
    return Days(begin=date.fromisoformat(begin), end=date.fromisoformat(end) if end else None)
