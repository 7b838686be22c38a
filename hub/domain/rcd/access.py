"""Who has access to a case, in whose place: invitations, what becomes of them, mandates, sales, blocks (S1, §1.4).

An invitation links nobody. To cede it, or a link, puts another in one's place and takes one's own access; a mandate
shares it; a sale of a part makes a second party, whose claim is saved provisionally; the greffe alone blocks.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from hub.domain.rcd.known import Act, Known, Update, and_, without

AccessName = Literal["invited", "linked", "none"]


def _invited(case: Known, act: Act) -> Update:
    if not act.party or act.institution in case.acts_for.get(act.party, ()):
        return {}
    return {"invited": {**case.invited, act.party: and_(case.invited.get(act.party, ()), act.institution)}}


def _answered(case: Known, act: Act) -> dict[str, object]:
    """An invitation that was answered is none any more."""
    return {
        "invited": {
            party: without(ones, act.institution) if party == act.party else ones
            for party, ones in case.invited.items()
        }
    }


def _accepted(case: Known, act: Act) -> Update:
    """An institution is linked in the quality of a party."""
    linked = {**_answered(case, act), "institutions": and_(case.institutions, act.institution)}
    if not act.party:
        return linked
    return {**linked, "acts_for": {**case.acts_for, act.party: and_(case.acts_for.get(act.party, ()), act.institution)}}


def _ceded(case: Known, act: Act) -> Update:
    """The target becomes creditor in one's place; one loses access, unless one acts for another party too."""
    party = act.party or ""
    instead = and_(without(case.acts_for.get(party, ()), act.institution), act.target)
    acts_for = {**case.acts_for, party: instead}
    elsewhere = act.institution == case.mediator or any(act.institution in ones for ones in acts_for.values())
    kept = case.institutions if elsewhere else without(case.institutions, act.institution)
    return {**_answered(case, act), "acts_for": acts_for, "institutions": and_(kept, act.target)}


def _mandated(case: Known, act: Act) -> Update:
    """The target represents; both have equivalent access."""
    party = act.party or ""
    return {
        "acts_for": {**case.acts_for, party: and_(case.acts_for.get(party, ()), act.target)},
        "institutions": and_(case.institutions, act.target),
    }


def _sold(case: Known, act: Act) -> Update:
    """Of two claims the second is transferred: its buyer is invited and at once creditor for it."""
    second = act.target_party or ""
    return {
        "acts_for": {**case.acts_for, second: and_(case.acts_for.get(second, ()), act.target)},
        "institutions": and_(case.institutions, act.target),
        "saved": and_(case.saved, second),
    }


def _blocked(case: Known, act: Act) -> Update:
    return {
        "institutions": without(case.institutions, act.institution),
        "mediator": None if act.institution == case.mediator else case.mediator,
        "acts_for": {party: without(ones, act.institution) for party, ones in case.acts_for.items()},
        "invited": {party: without(ones, act.institution) for party, ones in case.invited.items()},
    }


ACCESS: Mapping[str, Callable[[Known, Act], Update]] = {
    "invited": _invited,
    "invitation-accepted": _accepted,
    "invitation-refused": _answered,
    "invitation-ceded": _ceded,
    "mandate-granted": _mandated,
    "claim-saved": lambda case, act: {
        "saved": case.saved if act.party in case.claimed else and_(case.saved, act.party)
    },
    "claim-sold-in-part": _sold,
    "access-blocked": _blocked,
}
"""What each act of access changes."""

TO_ANOTHER = frozenset({"invitation-ceded", "mandate-granted", "claim-sold-in-part"})
"""Acts by which a target gets access."""


def has(case: Known, institution: str | None, party: str | None) -> AccessName:
    """How an institution stands towards a party's place in a case."""
    if institution and institution in case.acts_for.get(party or "", ()):
        return "linked"
    return "invited" if institution and institution in case.invited.get(party or "", ()) else "none"


def allowed(case: Known, name: str, act: Act) -> bool:
    """Whether whoever acts has what the act gives away: an invitation to refuse, a place to cede or to share."""
    access = has(case, act.institution, act.party)
    if name in TO_ANOTHER and (not act.target or act.target == act.institution):
        return False
    match name:
        case "invitation-refused":
            return access == "invited"
        case "invitation-ceded":
            return access != "none"
        case "mandate-granted":
            return access == "linked"
        case "claim-sold-in-part":
            return access == "linked" and bool(act.target_party) and act.target_party != act.party
        case _:
            return True


def places(case: Known) -> dict[tuple[str, str], AccessName]:
    """Every institution's access by (party, institution)."""
    found: dict[tuple[str, str], AccessName] = {
        (party, one): "invited" for party, ones in case.invited.items() for one in ones
    }
    return found | {(party, one): "linked" for party, ones in case.acts_for.items() for one in ones}
