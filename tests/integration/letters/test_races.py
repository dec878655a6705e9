"""What happens when offices act at the same instant, each on its own connection.

Withdrawal against reading, two approvals and closing against a disposition race over
the bus in `test_service`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest
import sqlalchemy as sa

from chassis.config import Config
from chassis.context import CallContext, Idempotency
from chassis.database import Database
from chassis.unit_of_work import repeatable, run_command
from contracts import codec
from contracts.actor import Actor, ClientRef
from contracts.errors import RakatError
from contracts.letters import GiveReason, ReportTask, VoidLetter
from contracts.letters.dispositions import (
    AcknowledgeTasks,
    HandOverPaper,
    RedirectLetter,
    RemindTask,
    ReopenLetter,
    SignReceipt,
)
from services.letters.unit_of_work import opener
from services.letters.use_cases import (
    closing,
    disposing,
    handing_over,
    redirecting,
    reminding,
    reopening,
    working,
)
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

AT_ONCE = 16
Call = Callable[[], Any]


@pytest.fixture(scope="module")
def crowd(config: Config, database: Database) -> Iterator[Database]:
    """Connections for many at once."""
    wide = Database.of_service(config, "letters", pool_size=AT_ONCE)
    yield wide
    wide.close()


@pytest.fixture
def desk(crowd: Database) -> Desk:
    plh = offices.holds("asisten.1", "sekda", "plh")
    return Desk(crowd, offices.regency(also=[plh]))


def at_once(*calls: Call) -> list[Any]:
    """Answers, or codes of refusals, in the order of the calls."""

    def one(call: Call) -> Any:
        try:
            return repeatable(call)
        except RakatError as refusal:
            return refusal.code

    threads = [eventlet.spawn(one, call) for call in calls]
    return [thread.wait() for thread in threads]


def succeeded(answers: list[Any]) -> int:
    return sum(not isinstance(one, str) for one in answers)


def refused(answers: list[Any]) -> set[str]:
    return {one for one in answers if isinstance(one, str)}


def test_sixty_registrations_at_once(desk: Desk) -> None:
    before = desk.register().agenda_seq
    answers = at_once(*[desk.register] * 60)
    numbers = sorted(one.agenda_seq for one in answers)
    assert numbers == list(range(before + 1, before + 61))
    assert len({one.agenda_number for one in answers}) == 60


def test_one_reference_of_an_application_becomes_one_letter(desk: Desk) -> None:
    unit_id = offices.unit_id("setda")
    ref = ClientRef(client_id=offices.person_id("app"), name="Siska", unit_id=unit_id)
    sent = {
        "addressees": ["sekda"],
        "number": "7/SISKA/2026",
        "sender": {"name": "Aplikasi Siska"},
        "external_ref": {"system": "siska", "id": "7"},
    }
    register = partial(desk.register, Actor(client=ref), **sent)  # type: ignore[arg-type]

    answers = at_once(*[register] * 12)

    assert succeeded(answers) == 1
    assert refused(answers) == {"external_ref_taken"}
    (first,) = [one for one in answers if not isinstance(one, str)]
    with pytest.raises(RakatError) as taken:
        register()
    assert taken.value.facts["letter_id"] == str(first.letter_id)
    by_hand = desk.register(**sent)  # a registrar looks, and is warned
    assert [one.code for one in by_hand.warnings] == ["possible_duplicate"]
    void = VoidLetter(reason="Salah kirim")
    desk.do("tu.setda", closing.void_letter, first.letter_id, void)
    assert register().agenda_seq == by_hand.agenda_seq + 1  # refusals took no number


def test_definitive_and_acting_official_at_once(desk: Desk) -> None:
    """Both hold the office; the task moves once, whoever was first."""
    for _ in range(4):
        letter_id = desk.register().letter_id
        desk.dispose("bupati", letter_id, ("sekda",))
        task_id = desk.task_of(letter_id, "sekda")
        final = ReportTask(text="Selesai", final=True)
        back = GiveReason(reason="Bukan kewenangan")
        answers = at_once(
            partial(desk.do, "sekda", working.report_task, task_id, final),
            partial(desk.do, "asisten.1", working.return_task, task_id, back),
        )
        assert succeeded(answers) == 1
        assert refused(answers) == {"illegal_transition"}
        acted = desk.tracking("bupati", letter_id).timeline
        ends = [one for one in acted if one.action in ("reported", "returned")]
        assert len(ends) == 1
        capacity = ends[0].actor.capacity if ends[0].actor else None
        assert capacity == ("plh" if isinstance(answers[0], str) else "definitive")


def test_a_double_click_acts_once(desk: Desk) -> None:
    """One idempotency key from one hand: one disposition, one answer."""
    for generated in (True, False):
        letter_id = desk.register().letter_id
        key = str(uuid4())
        answers = at_once(*[partial(click, desk, letter_id, key, generated)] * 4)
        done = [one for one in answers if not isinstance(one, str)]
        assert refused(answers) <= {"idempotency_in_progress"}
        assert generated is False or len(done) == 4  # a redelivery waits
        assert len({one["body"]["disposition_id"] for one in done}) == 1
        assert [one["replayed"] for one in done].count(False) == 1
        assert len(desk.tracking("bupati", letter_id).must_handle) == 1


def click(desk: Desk, letter_id: UUID, key: str, generated: bool) -> Any:
    call = CallContext(
        actor=offices.actor("bupati"),
        request_id=str(uuid4()),
        idempotency=Idempotency(key=key, fingerprint="same", generated=generated),
    )
    line = {"position_id": offices.position_id("sekda"), "role": "handle"}
    body = codec.load(disposing.IssueDisposition, codec.dump({"recipients": [line]}))
    caller = desk.caller("bupati")
    return run_command(
        opener(desk.database, lambda: desk.now, call),
        call,
        lambda uow: disposing.issue_disposition(uow, caller, letter_id, body),
    )


def test_many_acknowledged_in_opposite_orders(desk: Desk) -> None:
    """Two bulk calls over the same letters never wait in a ring for each other."""
    letters = [desk.register(copies=["wabup"]).letter_id for _ in range(12)]
    ids = [desk.task_of(one, "wabup") for one in letters]

    def call(task_ids: list[UUID]) -> Call:
        body = AcknowledgeTasks(task_ids=task_ids)
        return partial(desk.do, "wabup", reminding.acknowledge_tasks, body)

    deadlocks = counted_deadlocks(desk.database)
    answers = at_once(call(ids), call(ids[::-1]), call(ids[6:] + ids[:6]))
    codes = Counter(line.code for one in answers for line in one.results)
    assert codes == {None: 12, "illegal_transition": 24}
    assert counted_deadlocks(desk.database) == deadlocks


def counted_deadlocks(database: Database) -> int:
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with database.session() as session:
        return int(session.scalar(sa.text(query)) or 0)


def test_one_reminder_a_day_however_often_it_is_tapped(desk: Desk) -> None:
    letter_id = desk.register().letter_id
    desk.dispose("bupati", letter_id, ("sekda",))
    task_id = desk.task_of(letter_id, "sekda")
    remind = partial(desk.do, "bupati", reminding.remind_task, task_id, RemindTask())
    answers = at_once(*[remind] * 6)
    assert succeeded(answers) == 1
    assert refused(answers) == {"already_reminded"}


def test_the_paper_goes_one_way(desk: Desk) -> None:
    """Handed to two at once: one gets it. Signed for and taken back: one counts."""
    for _ in range(4):
        letter_id = desk.register(addressees=["bupati", "wabup"]).letter_id

        def send(to: str, letter_id: UUID = letter_id) -> Call:
            body = HandOverPaper(to_position_id=offices.position_id(to))
            return partial(
                desk.do, "tu.setda", handing_over.hand_over_paper, letter_id, body
            )

        answers = at_once(send("bupati"), send("wabup"))
        assert succeeded(answers) == 1
        assert refused(answers) == {"paper_on_the_way"}
        way = next(one for one in answers if not isinstance(one, str))
        to = "bupati" if way is answers[0] else "wabup"

        def sign(who: str, accepted: bool, way: Any = way) -> Call:
            body = SignReceipt(accepted=accepted)
            key = way.letter_id, way.handover_id
            return partial(desk.do, who, handing_over.sign_receipt, *key, body)

        answers = at_once(sign(to, True), sign("tu.setda", False))
        assert succeeded(answers) == 1
        assert refused(answers) == {"illegal_transition"}
        holder = to if not isinstance(answers[0], str) else "tu.setda"
        paper = desk.tracking("bupati", letter_id).paper
        assert paper is not None
        assert paper.position_id == offices.position_id(holder)
        assert paper.on_the_way_to is None


def test_redirecting_against_a_disposition(desk: Desk) -> None:
    """Either the branch began, or the office has nothing left to dispose of."""
    for _ in range(4):
        letter_id = desk.register().letter_id
        body = RedirectLetter(
            addressees=[offices.position_id("wabup")], reason="Salah alamat"
        )
        answers = at_once(
            partial(desk.do, "tu.setda", redirecting.redirect_letter, letter_id, body),
            partial(desk.dispose, "bupati", letter_id, ("sekda",)),
        )
        assert succeeded(answers) == 1
        assert refused(answers) <= {"branch_begun", "illegal_transition"}
        found = desk.tracking("bupati", letter_id)
        told = {one.position_id for one in (*found.must_handle, *found.following)}
        redirected = not isinstance(answers[0], str)
        expected = {"wabup"} if redirected else {"bupati", "sekda"}
        assert told == {offices.position_id(one) for one in expected}


def test_a_letter_is_reopened_once(desk: Desk) -> None:
    letter_id = desk.register().letter_id
    final = ReportTask(text="Selesai", final=True)
    desk.do("bupati", working.report_task, desk.task_of(letter_id, "bupati"), final)
    why = ReopenLetter(reason="Belum")
    answers = at_once(
        *[partial(desk.do, "bupati", reopening.reopen_letter, letter_id, why)] * 4
    )
    assert succeeded(answers) == 1
    assert len(desk.tracking("bupati", letter_id).must_handle) == 1
