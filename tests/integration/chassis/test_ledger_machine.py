"""Lost 0, duplicate effects 0: random commands, crashes, repeats and reorderings.

Commands run on a real database, leave through the real outbox and relay, travel over
a broker that may refuse, confirm and then be forgotten, repeat and reorder, and act
through the real inbox. A crash is an exception no code of ours catches, at any named
point. At the end everything is drained and the books must balance.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import amqp
import hypothesis.strategies as st
import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from chassis import crash
from chassis.clock import now
from chassis.config import Config
from chassis.confirms import Batch, NotConfirmed
from chassis.context import CallContext, Idempotency
from chassis.database import Database
from chassis.relay import Relay, _connect, relay_of
from chassis.unit_of_work import UnitOfWork, run_command, run_effect
from contracts.actor import Actor
from contracts.envelope import Envelope
from tests.integration.chassis.toys import COUNT, Counted

LONG = bool(os.environ.get("RAKAT_TEST_LONG"))
ACTOR = Actor(person_id=UUID(int=1))
RELAY_POINTS = ("read_before_publish", "published_before_delete", "deleted")


class Died(BaseException):
    """The process is gone; nobody may catch this."""


class WildBroker:
    """Stands where `Confirms` stands; delivers at least once, in any order."""

    def __init__(self) -> None:
        self.queue: list[bytes] = []
        self.mood = "confirm"

    def send(
        self, batch: Batch, message: amqp.Message, exchange: str, key: str
    ) -> None:
        if self.mood != "refuse":
            self.queue.append(message.body)
        if self.mood != "confirm":
            batch.fail("nacked" if self.mood == "refuse" else "timeout")

    def lost(self) -> None:
        return None


class LedgerMachine(RuleBasedStateMachine):
    """`commands` counts what clients asked for; the database says what happened."""

    source: ClassVar[Database]
    sink: ClassVar[Database]
    relay: ClassVar[Relay]

    def __init__(self) -> None:
        super().__init__()
        for database in (self.source, self.sink):
            with database.engine.begin() as connection:
                connection.execute(
                    sa.text("TRUNCATE effects, outbox, inbox, idempotency")
                )
        self.broker = WildBroker()
        self.asked: set[int] = set()

    @rule(
        n=st.integers(0, 12),
        dies=st.sampled_from(["no", "no", "in effect", "after commit"]),
    )
    def command(self, n: int, dies: str) -> None:
        """A client asks with key `n`; asks again when it did not hear the answer."""
        self.asked.add(n)
        _survive(lambda: self._command(n, dies))

    @rule(
        at=st.sampled_from(["nowhere", "nowhere", *RELAY_POINTS]),
        mood=st.sampled_from(["confirm", "confirm", "refuse", "forget"]),
    )
    def relay_turn(self, at: str, mood: str) -> None:
        self.broker.mood = mood
        if at != "nowhere":
            crash.arm(at, _die)
        _survive(self._relay_once)
        crash.disarm()

    @rule(
        place=st.integers(0, 1000),
        dies=st.sampled_from(["no", "no", "in effect", "before ack"]),
    )
    def deliver(self, place: int, dies: str) -> None:
        if self.broker.queue:
            _survive(lambda: self._deliver(place % len(self.broker.queue), dies))

    @rule(place=st.integers(0, 1000))
    def repeat(self, place: int) -> None:
        """The broker delivers a message twice."""
        if self.broker.queue:
            self.broker.queue.append(self.broker.queue[place % len(self.broker.queue)])

    def teardown(self) -> None:
        crash.disarm()
        for n in self.asked:
            self._command(n, "no")
        self.broker.mood = "confirm"
        while self._relay_once():
            continue
        while self.broker.queue:
            self._deliver(0, "no")
        expected = dict.fromkeys(self.asked, 1)
        assert _ledger(self.source) == expected, "a command was lost or repeated"
        assert _ledger(self.sink) == expected, "an event was lost or acted twice"

    def _command(self, n: int, dies: str) -> None:
        def effect(uow: UnitOfWork) -> dict[str, int]:
            uow.session.execute(COUNT, {"n": n})
            uow.publish(Counted(n=n), subject=f"count/{n}")
            if dies == "in effect":
                raise Died
            return {"n": n}

        key = Idempotency(key=f"k{n}", fingerprint="f")
        call = CallContext(actor=ACTOR, idempotency=key)
        answer = run_command(lambda: UnitOfWork(self.source, now), call, effect)
        assert answer["body"] == {"n": n}
        if dies == "after commit":
            raise Died

    def _relay_once(self) -> int:
        connection = _connect(_dsn(self.source), "machine")
        self.relay._confirms = self.broker  # type: ignore[assignment]
        try:
            return self.relay._publish_batch(connection.cursor())
        except NotConfirmed:
            return 0
        finally:
            connection.close()

    def _deliver(self, place: int, dies: str) -> None:
        envelope = msgspec.json.decode(self.broker.queue[place], type=Envelope)

        def effect(uow: UnitOfWork) -> None:
            uow.session.execute(COUNT, {"n": envelope.data["n"]})
            if dies == "in effect":
                raise Died

        run_effect(lambda: UnitOfWork(self.sink, now), envelope, "sink.heard", effect)
        if dies == "before ack":
            raise Died
        del self.broker.queue[place]


@pytest.fixture
def machine(ledger: Callable[[str], Database], config: Config) -> type[LedgerMachine]:
    class Machine(LedgerMachine):
        source = ledger("machinesource")
        sink = ledger("machinesink")
        relay = relay_of(source, config.amqp_uri, config)

    return Machine


def test_books_balance(machine: type[LedgerMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=400 if LONG else 20,
            stateful_step_count=60 if LONG else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _die() -> None:
    raise Died


def _survive(act: Callable[[], Any]) -> None:
    try:
        act()
    except Died:
        return


def _dsn(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(False)


def _ledger(database: Database) -> dict[int, int]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT n, count(*) AS times FROM effects GROUP BY n")
        )
        return {row.n: row.times for row in rows}
