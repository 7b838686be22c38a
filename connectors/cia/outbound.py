"""What an office gets: its invitation, and the closing of a dossier it knows."""

from lxml import etree

from hub.sdk import Element
from schemas.mediation import DossierClosed, OfficeInvited

NAMESPACE = "urn:be:mediationhub:cia:1"
_SENDER = "mediation-hub"


def invitation(event: OfficeInvited) -> Element:
    """The invitation to tell one's claims (manual §3.3); without the debtor once she is erased."""
    root = _root(
        "Invitation",
        messageId=f"invitation.{event.invitation}",
        invitation=event.invitation,
        office=event.office,
        cpas=event.cpas,
        answerBy=event.answer_by.isoformat(),
    )
    if event.niss:
        names = {"niss": event.niss, "name": event.name, "firstName": event.first_name}
        known = {name: value for name, value in names.items() if value}
        etree.SubElement(root, f"{{{NAMESPACE}}}Debtor", known)
    return root


def closing(event: DossierClosed) -> Element:
    """The dossier was closed; never why (fca-cpc §4.9)."""
    return _root(
        "Closing",
        messageId=f"closing.{event.dossier}",
        dossier=event.dossier,
        cpas=event.cpas,
        closedAt=event.closed_at.isoformat(),
    )


def _root(name: str, **attributes: str) -> Element:
    root = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})
    root.attrib.update({"sender": _SENDER, **attributes})
    return root
