"""Random acts through the use cases: what the database holds equals a naive view."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.letters import (
    CloseLetter,
    GiveReason,
    Outcome,
    ReportTask,
    VoidLetter,
)
from ops import audit
from services.letters.use_cases import closing, working
from tests.integration.letters.desk import Desk

WHO = (
    "bupati",
    "wabup",
    "sekda",
    "asisten.1",
    "kabag.kesra",
    "kadis.dinkes",
    "tu.setda",
)
ROLES = ("handle", "represent", "coordinate", "inform")
REASON = GiveReason(reason="Sebab")
SIMPLE = (
    working.read_task,
    working.accept_task,
    working.acknowledge_task,
    working.approve_task,
    working.withdraw_task,
)
STEPS = 30


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("secrecy", ["biasa", "rahasia"])
def test_the_store_agrees_with_a_naive_view(
    desk: Desk, database: Database, seed: int, secrecy: str
) -> None:
    random = Random(seed)
    letter_id = desk.register(copies=["wabup"], secrecy=secrecy).letter_id
    done = 0
    for step in range(STEPS):
        later = desk.later(minutes=step + 1)
        act = random.choice((pass_on, pass_on, simple, reasoned, report, report, end))
        try:
            act(later, random, letter_id)
            done += 1
        except (Conflict, Forbidden, Invalid, NotFound):
            pass  # refused: what must hold is checked all the same
        check(later, database, letter_id, secrecy)
    assert done
    assert letter_id not in dict(audit.check(database).broken)


def pass_on(desk: Desk, random: Random, letter_id: UUID) -> None:
    to = random.sample(WHO, random.randint(1, 3))
    lines = [(code, random.choice(ROLES)) for code in to]
    desk.dispose(random.choice(WHO), letter_id, *lines)


def simple(desk: Desk, random: Random, letter_id: UUID) -> None:
    desk.do(
        random.choice(WHO), random.choice(SIMPLE), any_task(desk, random, letter_id)
    )


def reasoned(desk: Desk, random: Random, letter_id: UUID) -> None:
    act: Callable[..., Any] = random.choice(
        (working.return_task, working.reject_task, working.cancel_task)
    )
    desk.do(random.choice(WHO), act, any_task(desk, random, letter_id), REASON)


def report(desk: Desk, random: Random, letter_id: UUID) -> None:
    body = ReportTask(text="Laporan", final=random.random() < 0.7)
    task_id = any_task(desk, random, letter_id)
    desk.do(random.choice(WHO), working.report_task, task_id, body)


def end(desk: Desk, random: Random, letter_id: UUID) -> None:
    if random.random() < 0.1:
        close = CloseLetter(outcome=Outcome.NOTED, force=random.random() < 0.5)
        desk.do("bupati", closing.close_letter, letter_id, close)
    elif random.random() < 0.1:
        reason = VoidLetter(reason="Salah catat")
        desk.do("tu.setda", closing.void_letter, letter_id, reason)


def any_task(desk: Desk, random: Random, letter_id: UUID) -> UUID:
    return random.choice(rows(desk.database, "task", letter_id))["task_id"]  # type: ignore[no-any-return]


def check(desk: Desk, database: Database, letter_id: UUID, secrecy: str) -> None:
    (letter,) = rows(database, "letter", letter_id)
    tasks = rows(database, "task", letter_id)
    open_work = [
        task for task in tasks if task["ended_at"] is None and task["role"] != "inform"
    ]
    ended = letter["state"] in ("completed", "closed", "void")
    assert bool(open_work) != ended

    chain = {task["position_id"] for task in tasks} | {letter["registrar_position_id"]}
    expected = set(chain)
    if secrecy == "biasa":
        expected |= {above for one in chain for above in desk.org.above(one)}
        expected |= {
            registrar.position_id
            for one in chain
            for registrar in desk.org.registrars_of(desk.org.register_unit_of(one))  # type: ignore[arg-type]
        }
    seen = rows(database, "letter_visibility", letter_id)
    assert {row["position_id"] for row in seen} == expected
    recipients = {row["position_id"] for row in seen if row["why"] == "recipient"}
    assert recipients == {task["position_id"] for task in tasks}

    trail = rows(database, "trail", letter_id)
    assert letter["trail_seq"] == len(trail)
    given = {task["task_id"] for task in tasks if task["given_by"]}
    told = {
        UUID(line["task_id"])
        for one in trail
        if one["action"] == "disposed"
        for line in one["detail"]["recipients"]
    }
    assert given == told
    published = [one["sequence"] for one in desk.published(letter_id)]
    assert published == sorted(set(published))
    assert set(published) <= {one["seq"] for one in trail}


def rows(database: Database, table: str, letter_id: UUID) -> list[Any]:
    query = sa.text(f"SELECT * FROM {table} WHERE letter_id = :id")
    with database.session() as session:
        return list(session.execute(query, {"id": letter_id}).mappings())
