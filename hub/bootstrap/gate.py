"""The legal gate as this environment sets it."""

from collections.abc import Mapping

from hub.domain.messaging.calendar import Term
from hub.domain.persons.gate import GateRules
from hub.settings import PersonsSettings


def gate_rules(settings: PersonsSettings) -> GateRules:
    """Decisions D1 to D7 (bcss-primaweb §3.1)."""
    return GateRules(
        code=settings.code,
        longest=Term.parse(settings.longest),
        with_file=settings.integrate_with_file,
        file_needed=settings.file_needed,
        end_with_file=settings.end_with_file,
        warn=Term.parse(settings.warn),
        tries=settings.tries,
        legal_contexts=legal_contexts(settings.legal_contexts or ""),
    )


def legal_contexts(text: str) -> Mapping[str, str]:
    """``addresses/31=PCSA:DEBT_RECOVERY; income/31=…`` by flow and code; what has no value is left out."""
    pairs = (one.partition("=") for one in text.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}
