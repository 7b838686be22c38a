"""A hub that has no way to the Crossroads Bank says so; nothing waits for what will not come."""

from uuid import UUID

from hub.application.consult.assigning import Assignment, Declaration
from hub.application.consult.ports import AccessAnswer, AccessRequest, FlowAnswer, FlowRequest
from hub.application.consult.searching import Found, Search
from hub.domain.messaging.errors import PartnerRefusedError


class NoBank:
    """The port ``CrossroadsBank`` where none is configured: every request is refused, and nothing leaves."""

    async def access(self, request: AccessRequest) -> AccessAnswer:
        """Refuse."""
        raise _refusal(request.cpas)

    async def consult(self, request: FlowRequest) -> FlowAnswer:
        """Refuse."""
        raise _refusal(request.cpas)

    async def identify(self, cpas: str, ticket: UUID, search: Search) -> Found:  # noqa: ARG002 - a port
        """Refuse."""
        raise _refusal(cpas)

    async def assign(self, cpas: str, ticket: UUID, declared: Declaration) -> Assignment:  # noqa: ARG002 - a port
        """Refuse."""
        raise _refusal(cpas)


def _refusal(cpas: str) -> PartnerRefusedError:
    return PartnerRefusedError("bcss-not-configured", f"this hub has no address of the BCSS to ask for {cpas}")
