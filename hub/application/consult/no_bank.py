"""A hub that has no way to the Crossroads Bank says so; nothing waits for what will not come."""

from hub.application.consult.ports import AccessAnswer, AccessRequest, FlowAnswer, FlowRequest
from hub.domain.messaging.errors import PartnerRefusedError


class NoBank:
    """The port ``CrossroadsBank`` where none is configured: every request is refused, and nothing leaves."""

    async def access(self, request: AccessRequest) -> AccessAnswer:
        """Refuse."""
        raise _refusal(request.cpas)

    async def consult(self, request: FlowRequest) -> FlowAnswer:
        """Refuse."""
        raise _refusal(request.cpas)


def _refusal(cpas: str) -> PartnerRefusedError:
    return PartnerRefusedError("bcss-not-configured", f"this hub has no address of the BCSS to ask for {cpas}")
