"""Events that a test makes fail: the database refuses to write them, as a faulty release would."""

from typing import Self
from uuid import UUID

from asyncpg import Pool

from hub.domain.messaging.cloudevent import event_id_of
from tests.support.load import message_id
from tests.support.scene import OFFICE

_REFUSING = """
CREATE TABLE poison (event_id uuid PRIMARY KEY);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.consumer_group = 'hub.claims' AND EXISTS (SELECT FROM poison WHERE event_id = NEW.event_id) THEN
        RAISE EXCEPTION 'injected';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON timeline FOR EACH ROW EXECUTE FUNCTION refuse();
"""


class Poison:
    """Claims of a load that cannot be handled until they are mended."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @classmethod
    async def in_database(cls, pool: Pool) -> Self:
        """Nothing is poisoned yet."""
        await pool.execute(_REFUSING)
        return cls(pool)

    async def inject(self, *steps: tuple[int, int]) -> list[UUID]:
        """Poison these (person, step); before they are sent, for their ids are derived from message ids."""
        ids = [event_id_of("cia", OFFICE, message_id(*step), "1") for step in steps]
        await self._pool.executemany("INSERT INTO poison VALUES ($1)", [(one,) for one in ids])
        return ids

    async def mend(self, *events: UUID) -> None:
        """From now on these can be written."""
        await self._pool.execute("DELETE FROM poison WHERE event_id = ANY ($1::uuid[])", events)
