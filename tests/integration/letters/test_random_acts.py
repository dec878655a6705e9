"""Random acts through the use cases: what the database holds equals a naive view.

500 acts tried, ten times as many with ``RAKAT_TEST_LONG=1``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from contracts.letters import (
    CloseLetter,
    GiveReason,
    Outcome,
    ReportTask,
    VoidLetter,
)
from contracts.letters.dispositions import (
    AcknowledgeTasks,
    HandOverPaper,
    RedirectLetter,
    RemindTask,
    ReopenLetter,
    SignReceipt,
)
from ops import audit
from services.letters import repository_dispositions as store
from services.letters.use_cases import (
    closing,
    handing_over,
    redirecting,
    reminding,
    reopening,
    working,
)
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

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
LONG = os.environ.get("RAKAT_TEST_LONG") == "1"
STEPS = 50
# What each line of the trail is told as; what is not here stays inside.
TOLD = {
    "registered": "letter.registered.v1",
    "read": "task.read.v1",
    "accepted": "task.accepted.v1",
    "disposed": "disposition.issued.v1",
    "reported": "task.reported.v1",
    "approved": "task.completed.v1",
    "acknowledged": "task.completed.v1",
    "completed": "task.completed.v1",
    "rejected": "task.rejected.v1",
    "returned": "task.returned.v1",
    "withdrawn": "task.withdrawn.v1",
    "cancelled": "task.cancelled.v1",
    "reminded": "task.reminded.v1",
    "redirected": "letter.redirected.v1",
    "reopened": "letter.reopened.v1",
    "handed_over": "letter.paper_handed_over.v1",
    "receipt_signed": "letter.paper_received.v1",
    "letter_completed": "letter.completed.v1",
    "closed": "letter.closed.v1",
    "voided": "letter.voided.v1",
}


@pytest.mark.parametrize("seed", range(50 if LONG else 5))
@pytest.mark.parametrize("secrecy", ["biasa", "rahasia"])
def test_the_store_agrees_with_a_naive_view(
    desk: Desk, database: Database, seed: int, secrecy: str
) -> None:
    random = Random(seed)
    letter_id = desk.register(copies=["wabup"], secrecy=secrecy).letter_id
    done = 0
    for step in range(STEPS):
        later = desk.later(minutes=step + 1)
        before = len(rows(database, "trail", letter_id))
        act = random.choice(ACTS)
        try:
            act(later, random, letter_id)
        except (Conflict, Forbidden, Invalid, NotFound, TooMany):
            after = len(rows(database, "trail", letter_id))
            assert after == before, f"{act.__name__} was refused and left a trace"
        else:
            done += 1
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


def redirect(desk: Desk, random: Random, letter_id: UUID) -> None:
    to = random.sample(("bupati", "wabup", "sekda"), random.randint(1, 2))
    body = RedirectLetter(
        addressees=[offices.position_id(one) for one in to], reason="Salah alamat"
    )
    who = random.choice(("tu.setda", "tu.setda", "bupati"))
    desk.do(who, redirecting.redirect_letter, letter_id, body)


def reopen(desk: Desk, random: Random, letter_id: UUID) -> None:
    body = ReopenLetter(reason="Lagi")
    desk.do(random.choice(WHO), reopening.reopen_letter, letter_id, body)


def acknowledge(desk: Desk, random: Random, letter_id: UUID) -> None:
    ids = [any_task(desk, random, letter_id) for _ in range(3)]
    who, body = random.choice(WHO), AcknowledgeTasks(task_ids=ids)
    results = desk.do(who, reminding.acknowledge_tasks, body).results
    assert [one.task_id for one in results] == ids


def remind(desk: Desk, random: Random, letter_id: UUID) -> None:
    task_id = any_task(desk, random, letter_id)
    desk.do(random.choice(WHO), reminding.remind_task, task_id, RemindTask())


def paper(desk: Desk, random: Random, letter_id: UUID) -> None:
    who, ways = random.choice(WHO), rows(desk.database, "handover", letter_id)
    if ways and ways[-1]["state"] == "sent":
        body = SignReceipt(accepted=random.random() < 0.7)
        way = ways[-1]["handover_id"]
        desk.do(who, handing_over.sign_receipt, letter_id, way, body)
    else:
        to = offices.position_id(random.choice(WHO))
        body_ = HandOverPaper(to_position_id=to)
        desk.do(who, handing_over.hand_over_paper, letter_id, body_)


ACTS = (
    *(pass_on, pass_on, simple, simple, reasoned, report, report, end),
    *(redirect, reopen, acknowledge, remind, paper),
)


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
    told_as = [
        (line["seq"], TOLD[line["action"]])
        for line in sorted(trail, key=lambda one: int(one["seq"]))
        if line["action"] in TOLD
        and line["detail"].get("by") not in ("letter", "redirect")
    ]
    published = [(one["sequence"], one["type"]) for one in desk.published(letter_id)]
    assert published == told_as, "every event once, in the order of the trail"
    check_paper(database, letter)


def check_paper(database: Database, letter: Any) -> None:
    """Whoever signed last holds it, the registrar at first; one way at a time."""
    ways = rows(database, "handover", letter["letter_id"])
    ways.sort(key=lambda one: str(one["handover_id"]))
    holder = letter["registrar_position_id"]
    for way in ways:
        assert way["from_position_id"] == holder
        holder = way["to_position_id"] if way["state"] == "received" else holder
    assert [one["state"] for one in ways[:-1]].count("sent") == 0
    with database.session() as session:
        place = store.paper_of(session, letter["letter_id"])
    assert place is not None
    assert place.position_id == holder


def rows(database: Database, table: str, letter_id: UUID) -> list[Any]:
    query = sa.text(f"SELECT * FROM {table} WHERE letter_id = :id")
    with database.session() as session:
        return list(session.execute(query, {"id": letter_id}).mappings())
