"""`run_command`: one key acts once, whatever is repeated, reused or raced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import eventlet
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from chassis.clock import now
from chassis.context import CallContext, Idempotency
from chassis.database import Database
from chassis.unit_of_work import UnitOfWork, run_command
from contracts.actor import Actor
from contracts.errors import Conflict, Invalid
from tests.integration.chassis.toys import COUNT

ACTOR = Actor(person_id=uuid4())


@pytest.fixture
def database(ledger: Callable[[str], Database]) -> Database:
    return ledger("idem")


def test_same_key_and_body_gives_the_first_answer(database: Database) -> None:
    key = _key()
    assert _run(database, key, 1) == {"body": {"n": 1}, "replayed": False}
    assert _run(database, key, 1) == {"body": {"n": 1}, "replayed": True}
    assert _effects(database) == 1


def test_other_body_is_refused(database: Database) -> None:
    key = _key()
    _run(database, key, 1)
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        _run(database, Idempotency(key=key.key, fingerprint="other"), 2)
    assert _effects(database) == 1


def test_key_belongs_to_its_actor(database: Database) -> None:
    key = _key()
    _run(database, key, 1)
    other = Actor(person_id=uuid4())
    assert _run(database, key, 1, actor=other)["replayed"] is False
    assert _effects(database) == 2


def test_still_running_is_a_conflict(database: Database) -> None:
    key = _key()
    first = eventlet.spawn(_run, database, key, 1, pause=0.3)
    eventlet.sleep(0.1)
    with pytest.raises(Conflict, match="idempotency_in_progress") as caught:
        _run(database, key, 1)
    assert caught.value.facts == {"retry_after": 1}
    assert first.wait()["replayed"] is False
    assert _effects(database) == 1


def test_generated_key_waits_for_the_first(database: Database) -> None:
    key = _key(generated=True)
    first = eventlet.spawn(_run, database, key, 1, pause=0.2)
    eventlet.sleep(0.05)
    assert _run(database, key, 1) == {"body": {"n": 1}, "replayed": True}
    assert first.wait()["replayed"] is False
    assert _effects(database) == 1


def test_refusal_is_not_kept(database: Database) -> None:
    key = _key()
    with pytest.raises(Conflict):
        _run(database, key, 1, fail=Conflict("illegal_transition"))
    assert _run(database, key, 1)["replayed"] is False
    assert _effects(database) == 1


def test_answer_is_forgotten_after_a_day(database: Database) -> None:
    key = _key()
    _run(database, key, 1)
    with database.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE idempotency SET kept_at = now() - interval '25 hours'")
        )
    assert _run(database, key, 1)["replayed"] is False
    assert _effects(database) == 2
    assert _run(database, key, 1)["replayed"] is True


def test_answer_without_body_is_replayed_too(database: Database) -> None:
    key = _key()
    call = CallContext(actor=ACTOR, idempotency=key)
    assert run_command(_uow(database), call, lambda _: None)["replayed"] is False
    assert run_command(_uow(database), call, lambda _: None) == {
        "body": None,
        "replayed": True,
    }


def test_twenty_racing_repetitions_act_once(database: Database) -> None:
    key = _key(generated=True)
    runs = [eventlet.spawn(_run, database, key, 1, pause=0.02) for _ in range(20)]
    answers = [run.wait() for run in runs]
    assert sum(not answer["replayed"] for answer in answers) == 1
    assert _effects(database) == 1


def test_deadlock_is_repeated(database: Database) -> None:
    attempts: list[int] = []

    def effect(uow: UnitOfWork) -> dict[str, int]:
        attempts.append(1)
        uow.session.execute(COUNT, {"n": len(attempts)})
        if len(attempts) < 3:
            raise OperationalError("x", {}, _Deadlock())
        return {"n": len(attempts)}

    assert run_command(_uow(database), None, effect)["body"] == {"n": 3}
    assert _effects(database) == 1


def test_effect_must_not_commit(database: Database) -> None:
    with pytest.raises(RuntimeError, match="must not commit"):
        run_command(_uow(database), None, lambda uow: uow.commit())


class _Deadlock(Exception):
    pgcode = "40P01"


def _key(*, generated: bool = False) -> Idempotency:
    return Idempotency(key=str(uuid4()), fingerprint="f", generated=generated)


def _uow(database: Database) -> Callable[[], UnitOfWork]:
    return lambda: UnitOfWork(database, now)


def _run(
    database: Database,
    key: Idempotency,
    n: int,
    *,
    pause: float = 0.0,
    fail: Exception | None = None,
    actor: Actor = ACTOR,
) -> dict[str, Any]:
    def effect(uow: UnitOfWork) -> dict[str, int]:
        uow.session.execute(COUNT, {"n": n})
        eventlet.sleep(pause)
        if fail is not None:
            raise fail
        return {"n": n}

    call = CallContext(actor=actor, idempotency=key)
    return run_command(_uow(database), call, effect)


def _effects(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.scalar(sa.text("SELECT count(*) FROM effects")) or 0)
