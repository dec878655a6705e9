"""The "script" of the comparison: the same views on the same database, no bus."""

from __future__ import annotations

from uuid import UUID

from chassis.clock import now
from chassis.database import Database
from chassis.organisation_copy import organisation_of
from chassis.organisation_copy_sql import SqlCopyStore
from contracts import codec
from contracts.actor import Actor
from contracts.letters import Openness, TasksQuery
from services.letters import views_letters, views_tasks
from services.letters.caller import Caller


class Script:
    """Views of letters as one person sees them, straight from PostgreSQL."""

    def __init__(self, url: str, person_id: UUID) -> None:
        self.db = Database(url, "letters", pool_size=16)
        self.actor = Actor(person_id=person_id)
        self.org = organisation_of(SqlCopyStore(self.db).rows())

    def letter(self, letter_id: UUID) -> object:
        with self.db.reading() as session:
            return codec.dump(views_letters.one(session, self._caller(), letter_id))

    def tasks(self) -> object:
        with self.db.reading() as session:
            query = TasksQuery(state=Openness.OPEN)
            return codec.dump(views_tasks.mine(session, self._caller(), query))

    def _caller(self) -> Caller:
        return Caller(self.actor, self.org, now())
