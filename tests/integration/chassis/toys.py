"""Toy services: one that publishes, one that listens, one that calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa

from chassis.entrypoints import every, on_event, rpc
from chassis.providers import Call, Clock, Database, OutboxRelay, Remote
from chassis.unit_of_work import UnitOfWork, run_command, run_effect
from contracts.envelope import Envelope, Event
from contracts.errors import Conflict, NotFound

COUNT = sa.text("INSERT INTO effects (n, at) VALUES (:n, clock_timestamp())")


class Counted(Event):
    """Published by `Source.count`; heard by `Sink`."""

    type: ClassVar[str] = "source.counted.v1"
    n: int


class Source:
    """Publishes `Counted` for each command."""

    name = "source"
    db = Database()
    call = Call()
    clock = Clock()
    relay = OutboxRelay()

    @rpc
    def count(self, n: int, pause: float = 0.0) -> dict[str, Any]:
        def effect(uow: UnitOfWork) -> dict[str, Any]:
            uow.session.execute(COUNT, {"n": n})
            time.sleep(pause)
            uow.publish(Counted(n=n), subject=f"count/{n}")
            return {"n": n}

        return run_command(self._uow, self.call, effect)

    @rpc
    def refuse(self) -> None:
        raise Conflict("illegal_transition", state="done")

    def _uow(self) -> UnitOfWork:
        return UnitOfWork(self.db, self.clock, self.call)


class Sink:
    """Counts what it hears; fails as told by `failing`."""

    name = "sink"
    failing: ClassVar[dict[int, Callable[[], None]]] = {}
    heard: ClassVar[list[int]] = []
    db = Database()
    call = Call()
    clock = Clock()

    @on_event("source", "source.counted.v1")
    def on_source_counted(self, envelope: Envelope) -> None:
        n = envelope.data["n"]

        def effect(uow: UnitOfWork) -> None:
            uow.session.execute(COUNT, {"n": n})
            self.failing.get(n, _nothing)()

        self.heard.append(n)
        run_effect(self._uow, envelope, "sink.on_source_counted", effect)

    def _uow(self) -> UnitOfWork:
        return UnitOfWork(self.db, self.clock, self.call)


class Echo:
    """Answers without a store."""

    name = "echo"
    call = Call()
    ran: ClassVar[list[str]] = []

    @rpc
    def echo(self, value: Any = None) -> Any:
        self.ran.append("echo")
        return value

    @rpc
    def sleep(self, seconds: float) -> float:
        self.ran.append("sleep")
        time.sleep(seconds)
        return seconds

    @rpc
    def who(self) -> dict[str, Any]:
        actor = self.call.actor
        return {"request_id": self.call.request_id, "name": actor and actor.name}

    @rpc
    def missing(self) -> None:
        raise NotFound(letter_id="x")

    @rpc
    def crash(self) -> None:
        raise ValueError("the subject of a secret letter")

    @rpc
    def unserializable(self) -> Any:
        return object()


class Asker:
    """Calls `Echo`."""

    name = "asker"
    db = Database()
    call = Call()
    remote = Remote()

    @rpc
    def ask(self, method: str, timeout: float = 2.0, **kwargs: Any) -> Any:
        return self.remote.call("echo", method, timeout=timeout, **kwargs)

    @rpc
    def ask_other(self, service: str) -> Any:
        return self.remote.call(service, "echo", timeout=2)

    @rpc
    def ask_inside_transaction(self) -> Any:
        with self.db.session() as session:
            session.execute(sa.text("SELECT 1"))
            return self.remote.call("echo", "echo", timeout=2)


class Clockwork:
    """Has a timer that fails every second time."""

    name = "clockwork"
    runs: ClassVar[list[int]] = []

    @every(0.05)
    def tick(self) -> None:
        self.runs.append(len(self.runs))
        if len(self.runs) % 2:
            raise ValueError("odd")


def _nothing() -> None:
    return None
