"""The transaction border: state, events, inbox row and stored answer, all or none.

::

    with open_uow() as uow:          # one session, one transaction
        letter = uow.letters.get(letter_id)
        ...
        uow.publish(LetterRegistered(...), subject=f"letter/{letter.id}")
        uow.commit()                 # leaving without it rolls back

In a service, `run_command` and `run_effect` open the unit and commit it; an effect
run by them must not commit by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis import idempotency, inbox, outbox
from chassis.clock import Now, jittered
from chassis.context import CallContext
from chassis.database import Database
from chassis.ids import new_id
from contracts import codec
from contracts.actor import ActorRef
from contracts.envelope import Envelope, Event

#: Serialization failure and deadlock: the transaction may simply run again.
REPEATABLE = frozenset({"40001", "40P01"})
ATTEMPTS = 4


class UnitOfWork:
    """One transaction on a service's database; a service adds its repositories."""

    session: Session

    def __init__(
        self, db: Database, clock: Now, call: CallContext | None = None
    ) -> None:
        self.db = db
        self.clock = clock
        self.call = call
        self._events: list[Envelope] = []
        self._owned = False
        self._looks = False

    def __enter__(self) -> Self:
        self.session = self.db.looking() if self._looks else self.db.session()
        self._events.clear()
        return self

    def looking(self) -> Self:
        """For reads, before it is entered: each statement stands alone."""
        self._looks = True
        return self

    def begin(self) -> None:
        """From here on one transaction, also in a unit that only looked so far."""
        self.db.begin(self.session)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # close() rolls back whatever was not committed
        self.session.close()

    def publish(
        self,
        event: Event,
        *,
        subject: str,
        actor: ActorRef | None = None,
        sequence: int | None = None,
    ) -> Envelope:
        """Queue `event` for the outbox; it leaves when this unit commits."""
        envelope = Envelope(
            id=new_id(),
            type=event.type,
            source=self.db.service,
            subject=subject,
            time=self.clock(),
            data=codec.dump(event),
            actor=actor,
            correlationid=self.call.request_id if self.call else None,
            sequence=sequence,
        )
        self._events.append(envelope)
        return envelope

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that may be refused alone: its rows and its events go together."""
        told = len(self._events)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._events[told:]
            raise

    def commit(self) -> None:
        """Write the events after everything else (their order: after all row locks)."""
        if self._owned:
            raise RuntimeError("an effect must not commit: its runner does")
        self._commit()

    def _commit(self) -> None:
        self.session.flush()
        outbox.add(self.session, self._events)
        self.session.commit()
        self._events.clear()


U = TypeVar("U", bound=UnitOfWork)
T = TypeVar("T")


def run_command(
    open_uow: Callable[[], U], call: CallContext | None, effect: Callable[[U], Any]
) -> dict[str, Any]:
    """Run a command: idempotency, effect, events and stored answer in one transaction.

    Returns ``{"body": the dumped result, "replayed": whether it is an old answer}``.
    """

    def attempt() -> dict[str, Any]:
        with open_uow() as uow:
            claimed = idempotency.claim(uow.session, call)
            if claimed is not None and claimed.replayed:
                return {"body": claimed.answer, "replayed": True}
            body = codec.dump(_owned(uow, effect))
            if claimed is not None:
                idempotency.keep(uow.session, claimed, body)
            uow._commit()
            return {"body": body, "replayed": False}

    return repeatable(attempt)


def run_effect(
    open_uow: Callable[[], U],
    envelope: Envelope,
    consumer: str,
    effect: Callable[[U], Any],
) -> bool:
    """Run an event's effect once: the inbox row and the effect commit together.

    Returns False when `consumer` had handled this event before.
    """

    def attempt() -> bool:
        with open_uow() as uow:
            if not inbox.first_time(uow.session, consumer, envelope.id):
                return False
            _owned(uow, effect)
            uow._commit()
            return True

    return repeatable(attempt)


def repeatable(attempt: Callable[[], T]) -> T:
    """Run `attempt`; again, a little later, after a deadlock or a lost race."""
    for number in range(1, ATTEMPTS):
        try:
            return attempt()
        except DBAPIError as error:
            if sqlstate(error) not in REPEATABLE:
                raise
            time.sleep(jittered(0.02 * 2**number))
    return attempt()


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's five-letter code of a database error."""
    return getattr(error.orig, "pgcode", None)


def _owned(uow: U, effect: Callable[[U], T]) -> T:
    uow._owned = True
    try:
        return effect(uow)
    finally:
        uow._owned = False
