"""How the parties of a case are reached, for its mediator (arts. 1675/15bis and 1675/16)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from hub.application.intake.callers import Caller
from hub.application.read.case_access import AccessLog, by_command
from hub.application.read.case_readers import read_as_mediator
from hub.domain.rcd.channels import STEPS, Channel, Step
from hub.domain.rcd.forms import FORMS, FormRow


class PartyChannel(NamedTuple):
    """A party's channel and step; the last day on which it may confirm while it is asked; its form if it is on paper.

    ``paper``: of the communication that was asked for; None if none was, or if it has no form.
    """

    party: str
    channel: Channel
    step: Step
    then: str
    article: str
    confirm_by: date | None
    paper: FormRow | None


class Channels(Protocol):
    """What the projections know of them."""

    async def mediator(self, case: str) -> str | None: ...
    async def steps(self, case: str) -> Mapping[str, Step]:
        """By party."""

    async def confirmations(self, case: str) -> Mapping[str, date]:
        """Last days of the terms that run, by party."""


class ReadChannels:
    """Logged before it is shown, as every reading of a case."""

    def __init__(self, channels: Channels, log: AccessLog) -> None:
        self._channels, self._log = channels, log

    async def for_mediator(
        self, caller: Caller, case: str, *, after: str, limit: int, origin: str, communication: str | None = None
    ) -> Sequence[PartyChannel]:
        """Of a case that the caller mediates, by party; with the forms of one communication.

        Raises:
            NotFoundError: there is none.
            TransientError: the log is away.
        """
        await read_as_mediator(caller, case, "channels", origin=origin, mediators=self._channels, log=self._log)
        return await self._read(case, after, limit, communication)

    async def for_administrator(
        self, who: str, case: str, *, after: str, limit: int, communication: str | None = None
    ) -> Sequence[PartyChannel]:
        """Of any case, for whoever may run commands here."""
        await self._log.note([by_command(who, case, what="channels")])
        return await self._read(case, after, limit, communication)

    async def _read(self, case: str, after: str, limit: int, communication: str | None) -> Sequence[PartyChannel]:
        steps = await self._channels.steps(case)
        until = await self._channels.confirmations(case)
        some = [party for party in sorted(steps) if party > after][:limit]
        form = FORMS.get(communication or "")
        return [_shown(party, steps[party], until.get(party), form) for party in some]


def _shown(party: str, step: Step, until: date | None, form: FormRow | None) -> PartyChannel:
    row = STEPS[step]
    return PartyChannel(
        party=party,
        channel=row.channel,
        step=step,
        then=row.then,
        article=row.article,
        confirm_by=until if step == "asked" else None,
        paper=form if row.channel == "paper" else None,
    )
