"""The CIA connector: which document of ``cia.xsd`` becomes which events, and back."""

from pathlib import Path

from connectors.cia import claims, offices, outbound
from hub.sdk import Connector, DocumentKind, Element, Envelope, Fact, root_envelope
from schemas.claims import SynchronisationReceived
from schemas.mediation import DossierClosed, OfficeInvited

_NS = f"{{{outbound.NAMESPACE}}}"
_ENTRIES = {f"{_NS}Claim": claims.claim, f"{_NS}Withdrawal": claims.withdrawal}


def entry(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """One item of a synchronisation: the claim or withdrawal inside it."""
    (content,) = element.iterchildren(*_ENTRIES)
    return _ENTRIES[str(content.tag)](content, envelope)


def entry_reference(element: Element) -> str:
    """The office's own reference of the claim inside, even of one that broke the grammar."""
    return next((claims.reference(content) for content in element.iterchildren(*_ENTRIES)), "")


def synchronised(_: Element, envelope: Envelope, accepted: int, refused: int) -> tuple[Fact, ...]:
    """The synchronisation as a whole: its number shows gaps."""
    data = SynchronisationReceived.model_validate(
        {"office": envelope.sender, "sequence": envelope.sequence, "claims": accepted, "refused": refused}
    )
    return (Fact(data=data, time=envelope.sent_at),)


CONNECTOR = Connector(
    name="cia",
    summary="Claims, synchronisations and answers of bailiff offices; the directory of their Chamber",
    schema=Path(__file__).with_name("cia.xsd"),
    institutions=("office", "fca"),
    envelope=root_envelope,
    documents={
        f"{_NS}Claim": DocumentKind(
            item=None, mapping=claims.claim, reference=claims.reference, institutions=("office",)
        ),
        f"{_NS}Withdrawal": DocumentKind(
            item=None, mapping=claims.withdrawal, reference=claims.reference, institutions=("office",)
        ),
        f"{_NS}Synchronisation": DocumentKind(
            item=f"{_NS}Entry",
            mapping=entry,
            reference=entry_reference,
            closing=synchronised,
            institutions=("office",),
        ),
        f"{_NS}Answer": DocumentKind(
            item=None, mapping=offices.answer, reference=offices.invitation, institutions=("office",)
        ),
        f"{_NS}OfficeDirectory": DocumentKind(
            item=f"{_NS}Office", mapping=offices.listed, reference=offices.identifier, institutions=("fca",)
        ),
    },
    outbound={OfficeInvited.type: outbound.invitation, DossierClosed.type: outbound.closing},
)
