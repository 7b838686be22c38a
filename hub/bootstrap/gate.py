"""The legal gate as this environment sets it."""

from collections.abc import Mapping

from hub.domain.messaging.calendar import Term
from hub.domain.messaging.errors import HubError
from hub.domain.persons.gate import STALE, GateRules
from hub.settings import PersonsSettings
from schemas.mutations import KINDS, MutationKind
from schemas.persons import FLOWS, FlowName


class GateSettingError(HubError):
    """A setting HUB_PERSONS__… cannot be used as it is; see docs/legal-gate.md."""


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
        mutation_wait=settings.mutation_wait,
        stale=stale(settings.mutation_flows or ""),
        legal_contexts=legal_contexts(settings.legal_contexts or ""),
        bis_search_age=settings.bis_search_age,
    )


def legal_contexts(text: str) -> Mapping[str, str]:
    """``addresses/31=PCSA:DEBT_RECOVERY; income/31=…`` by flow and code; what has no value is left out."""
    pairs = (one.partition("=") for one in text.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}


def stale(text: str) -> Mapping[MutationKind, tuple[FlowName, ...]]:
    """``HOUSEHOLD=identification,addresses; PENSION=`` by kind of mutation, over what the hub would do itself.

    Raises:
        GateSettingError: a kind or a flow that does not exist.
    """
    found = dict(STALE)
    for kind, _, flows in (one.partition("=") for one in text.split(";") if one.strip()):
        names = tuple(one.strip() for one in flows.split(",") if one.strip())
        known = [one for one in KINDS if one == kind.strip()]
        if not known or set(names) - set(FLOWS):
            raise GateSettingError(
                f"HUB_PERSONS__MUTATION_FLOWS: {kind.strip()}: kinds are {', '.join(KINDS)};"
                f" flows are {', '.join(FLOWS)}"
            )
        found[known[0]] = tuple(flow for flow in FLOWS if flow in names)
    return found
