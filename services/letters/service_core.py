"""What every method of the service uses: dependencies, caller, command, query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from chassis.organisation_copy_provider import FollowsDirectory
from chassis.providers import Call, Clock, Database
from chassis.turns import Turns
from chassis.unit_of_work import repeatable, run_command
from contracts import codec
from contracts.errors import NotFound
from services.letters.caller import Caller
from services.letters.unit_of_work import LettersUnitOfWork, opener
from services.letters.use_cases.reading import note_again

Effect = Callable[[LettersUnitOfWork, Caller], Any]


class Core(FollowsDirectory):
    db: Any = Database()
    call: Any = Call()
    clock: Any = Clock()
    turns: Any = Turns()
    searches: Any = Turns()
    tallies: Any = Turns(at_once=2, patience=1.0)

    def _opener(self) -> Callable[[], LettersUnitOfWork]:
        return opener(self.db, self.clock, self.call)

    def _caller(self) -> Caller:
        return Caller.of(self.call.actor, self.org(), self.clock())

    def _nobody(self) -> Caller:
        """For what happens by itself: the organisation and the time, no actor."""
        return Caller.nobody(self.org(), self.clock())

    def _command(self, effect: Effect) -> Any:
        caller = self._caller()
        done = run_command(self._opener(), self.call, lambda uow: effect(uow, caller))
        return self._noted(done)

    def _noted(self, done: dict[str, Any]) -> dict[str, Any]:
        """An old answer shown again is a read of it."""
        if done["replayed"]:
            self._query(lambda uow, by: note_again(uow, by, done["body"]))
        return done

    def _act(self, use_case: Callable[..., Any], task_id: str, *body: Any) -> Any:
        key = key_of(task_id)
        return self._command(lambda uow, by: use_case(uow, by, key, *body))

    def _look(self, effect: Effect) -> Any:
        """A read that people wait for all day: in its turn, and without a transaction
        until it has to leave a line in the trail of a secret letter."""
        with self.turns.one():
            return self._look_aside(effect)

    def _search(self, effect: Effect) -> Any:
        """The same with words and filters, which may be slow: a line of its own."""
        with self.searches.one():
            return self._look_aside(effect)

    def _tally(self, effect: Effect) -> Any:
        """One that counts a great many letters: who asks first is answered first,
        instead of all too late."""
        with self.tallies.one():
            return self._look_aside(effect)

    def _look_aside(self, effect: Effect) -> Any:
        open_uow = self._opener()
        return self._answer(effect, lambda: open_uow().looking())

    def _query(self, effect: Effect) -> Any:
        """A read; it commits because reading a secret letter leaves a line."""
        return self._answer(effect, self._opener())

    def _answer(self, effect: Effect, open_uow: Callable[[], LettersUnitOfWork]) -> Any:
        caller = self._caller()

        def attempt() -> Any:
            with open_uow() as uow:
                found = effect(uow, caller)
                uow.commit()
                return codec.dump(found)

        return repeatable(attempt)


def key_of(text: str) -> UUID:
    """An id from the path; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
