"""What every method of the service uses: dependencies, caller, command, query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from chassis.organisation import Organisation
from chassis.organisation_copy_provider import FollowsDirectory
from chassis.providers import Call, Clock, Database, Remote
from chassis.unit_of_work import repeatable, run_command, run_effect
from contracts import codec
from contracts.envelope import Envelope
from contracts.errors import NotFound, invalid
from contracts.schedule_requests import ActOnActivity
from services.schedule.domain.keepers import Caller
from services.schedule.unit_of_work import UnitOfWork, opener

T = TypeVar("T")
Json = dict[str, Any]
Hear = Callable[[UnitOfWork, Organisation, Envelope], None]


class Core(FollowsDirectory):
    db: Any = Database()
    call: Any = Call()
    clock: Any = Clock()
    remote: Any = Remote()

    def _caller(self) -> Caller:
        return Caller.of(self.call.actor, self.org(), self.clock())

    def _open(self) -> UnitOfWork:
        return opener(self.db, self.clock, self.call)()

    def _command(self, effect: Callable[[UnitOfWork], Any]) -> Json:
        return run_command(self._open, self.call, effect)

    def _act(
        self, effect: Callable[..., Any], activity_id: str, body: Json | None
    ) -> Json:
        request, caller = codec.load(ActOnActivity, body or {}), self._caller()
        return self._command(
            lambda uow: effect(uow, caller, key_of(activity_id), request)
        )

    def _hear(self, hear: Hear, envelope: Envelope) -> None:
        """Once per event and handler, in one transaction with its effect."""
        org = self.org()
        run_effect(
            self._open, envelope, hear.__name__, lambda uow: hear(uow, org, envelope)
        )

    def _query(self, question: Callable[[UnitOfWork], Any]) -> Any:
        """A read: without a transaction, each statement alone (0118)."""
        with self._open().looking() as uow:
            return codec.dump(question(uow))

    def _rehearse(self, effect: Callable[[UnitOfWork], Any]) -> Json:
        """A command tried out: a transaction that never commits. It locks as the
        command does, and so it is run again as the command is."""

        def attempt() -> Json:
            with self._open() as uow:
                return {"body": codec.dump(effect(uow)), "replayed": False}

        return repeatable(attempt)

    def _load(self, kind: type[T], query: Json | None) -> T:
        return codec.load(kind, query or {}, strict=False)

    def _secrecy_of(self, letter_id: UUID | None) -> bool:
        """Whether the letter a request names hides what it is about; the caller must
        be allowed to read it. Asked before the transaction opens."""
        if letter_id is None:
            return False
        try:
            letter = self.remote.call(
                "letters", "get_letter", timeout=2, letter_id=str(letter_id)
            )
        except NotFound as error:
            raise invalid("/letter_id", "Surat ini tidak dikenal") from error
        return bool(letter["secrecy"] != "biasa")


def key_of(text: str) -> UUID:
    """Raises: NotFound: nothing has such an id."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
