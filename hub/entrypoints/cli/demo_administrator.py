"""The administrator of the demo: the same use cases as the commands ``hub dlq``, ``hub clock`` and ``hub person``."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from hub.application.dead_letters.selection import Selection
from hub.application.dead_letters.verdicts import AGAIN, GOOD
from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from sandbox.bcss.house import BANK
from sandbox.people import Population
from sandbox.scene import JobSeen, LetterSeen, PlanSeen
from sandbox.story import FCA, REGISTER
from schemas import EVENT_TYPES, debt_commands
from schemas.accounts import ChangeAccount, TellUser
from schemas.consultations import ConsultFlow
from schemas.mediation import CloseDossier, RegisterClient
from schemas.rcd_access import AskAccess

_ANNA, _BERT = "anna", "bert"
_ERRORS = {"bad": "check_violation", "worse": "not_null_violation"}
_GOOD = "DROP FUNCTION IF EXISTS demo_release CASCADE"
_BAD = """
CREATE FUNCTION demo_release() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.consumer_group = 'hub.notices' AND NEW.attributes LIKE '%notice.struck.v1%' THEN
        RAISE EXCEPTION 'a bad release' USING ERRCODE = '{error}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER demo_release BEFORE INSERT ON timeline FOR EACH ROW EXECUTE FUNCTION demo_release();
"""
_CPAS_TYPES = (
    RegisterClient.type,
    CloseDossier.type,
    ConsultFlow.type,
    *(kind.type for kind in EVENT_TYPES.values() if kind.__module__ == debt_commands.__name__),
)
_TYPES = {"cpas": _CPAS_TYPES, "office": (AskAccess.type, TellUser.type, ChangeAccount.type)}
_CONNECTORS = {
    "fca": ("fca", "cia"),
    "office": ("cia",),
    "cpas": ("justrestart",),
    "register": ("justrestart",),
    BANK: ("mutations",),
}


class HubAdministrator:
    """Acts on a running hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def counts(self) -> Mapping[str, int]:
        """How many there are of everything, by name and state."""
        return await self._hub.status.counts()

    async def letters(self, origin: str = "record") -> Sequence[LetterSeen]:
        """Dead letters that wait (``hub dlq list``, ``hub dlq show``)."""
        listed = await self._hub.letter_reads.letters(Selection(origin=origin), after=None, limit=1000)
        shown = [await self._hub.letter_reads.letter(one["id"]) for one in listed.letters]
        return [
            LetterSeen(
                id=str(one["id"]), group=one["consumer_group"], reason=one["reason"], behind=one["parked_behind"]
            )
            for one in shown
            if one
        ]

    async def replay(self, letter: str, *, last: bool) -> bool:
        """Replay a letter (``hub dlq replay``); whether its dossier goes on."""
        await self._hub.clock.refresh()
        report = await self._hub.replay_letter.run(UUID(letter), who="demo", last=last, reason="the cause was mended")
        return not report.parked

    async def plan(self, verb: str, letters: Sequence[str], **options: str) -> PlanSeen:
        """Plan a verb (``hub dlq plan``)."""
        await self._hub.clock.refresh()
        asked = [UUID(one) for one in letters] or Selection(origin="record")
        made = await self._hub.plans.make(asked, verb=verb, who=_ANNA, options=options)  # type: ignore[arg-type]
        counts = (await self._hub.plans.shown(made.id))["verdicts"]
        good = sum(row["letters"] for row in counts if row["verdict"] in GOOD)
        fails = sum(row["letters"] for row in counts if row["verdict"] == AGAIN)
        return PlanSeen(id=str(made.id), good=good, fails=fails)

    async def ask(self, plan: str, reason: str) -> str:
        """Ask for a job (``hub dlq ask``), approved by a second administrator (``hub dlq jobs approve``)."""
        found = await self._hub.plans.found(UUID(plan))
        typed = self._hub.jobs.confirmation(found) or ""
        job = await self._hub.jobs.ask(found.id, who=_ANNA, reason=reason, typed=typed)
        if job.needs_approval:
            await self._hub.jobs.approve(job.id, who=_BERT)
        return str(job.id)

    async def job(self, job: str) -> JobSeen:
        """How far a job is (``hub dlq jobs show``)."""
        shown = await self._hub.jobs.shown(UUID(job))
        counts = shown["outcomes"]
        return JobSeen(
            state=shown["state"],
            done=counts.get("done", 0),
            failed=counts.get("failed", 0),
            why=shown["why_stopped"] or "",
        )

    async def resume(self, job: str) -> None:
        """Let a stopped job go on (``hub dlq jobs resume``)."""
        await self._hub.jobs.resume(UUID(job), who=_ANNA)

    async def release(self, fault: str | None) -> None:
        """Play a bad release: the database refuses what it writes of a strike. The demo's own fault, in its own hub."""
        await self._hub.database.pool.execute(_GOOD)
        if fault:
            await self._hub.database.pool.execute(_BAD.format(error=_ERRORS[fault]))

    async def advance(self, by: timedelta) -> None:
        """Move the hub's time forward (``hub clock --advance``)."""
        await self._hub.time_machine.advance(by)

    async def erase(self, niss: str) -> None:
        """Erase a person (``hub person erase``)."""
        await self._hub.clock.refresh()
        await self._hub.vault.renew(age=0)
        await self._hub.erase.person(self._hub.vault.subject_of(niss))

    async def admit(self, population: Population) -> dict[str, str]:
        """Add every institution with a key (``hub institution add``, ``hub institution key``); keys by institution."""
        keys = {FCA: await self._admit(Institution(id=FCA, kind="fca", name="FCA", email=None, language="fr"))}
        register = Institution(id=REGISTER, kind="register", name="JustRestart", email=None, language="fr")
        keys[REGISTER] = await self._admit(register)
        keys[BANK] = await self._admit(Institution(id=BANK, kind="bcss", name="BCSS", email=None, language="fr"))
        for office in population.offices:
            added = Institution(
                id=office.id, kind="office", name=office.name, email=office.email, language=office.language
            )
            keys[office.id] = await self._admit(added)
        for cpas in population.cpas:
            keys[cpas.id] = await self._admit(
                Institution(id=cpas.id, kind="cpas", name=cpas.name, email=cpas.email, language=cpas.language)
            )
        return keys

    async def _admit(self, institution: Institution) -> str:
        connectors = _CONNECTORS.get(institution.kind, ())
        types = _TYPES.get(institution.kind, ())
        await self._hub.institutions.add(institution)
        _, key = await self._hub.institutions.key(institution.id, connectors, types)
        return key
