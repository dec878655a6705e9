"""Drafts by aides, attendance, closing, reports with files, vacant givers, due times."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chassis.database import Database
from contracts import codec
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.letters import (
    ChangeDue,
    CloseLetter,
    CorrectLetter,
    DecideAttendance,
    DispositionsQuery,
    GiveReason,
    RecordFile,
    ReportTask,
    VoidLetter,
)
from services.letters import views_dispositions
from services.letters.use_cases import (
    attending,
    closing,
    correcting,
    disposing,
    reading,
    registering,
    storing,
    working,
)
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

FINAL = ReportTask(text="Selesai", final=True)


@pytest.fixture
def aided(database: Database) -> Desk:
    lent = [offices.lends("bupati", "ajudan.bupati", "read", "prepare")]
    return Desk(database, offices.regency(delegations=lent))


def test_an_aide_prepares_and_the_leader_confirms(aided: Desk) -> None:
    letter = aided.register()
    draft = aided.dispose("ajudan.bupati", letter.letter_id, ("sekda",), prepared=True)
    assert (draft.state, draft.tasks) == ("prepared", [])
    assert aided.tracking("bupati", letter.letter_id).state == "registered"
    waiting = aided.look("bupati", views_dispositions.prepared, DispositionsQuery())
    assert draft.disposition_id in [one.disposition_id for one in waiting.items]
    with pytest.raises(Forbidden):
        aided.do("ajudan.bupati", disposing.confirm_disposition, draft.disposition_id)
    done = aided.do("bupati", disposing.confirm_disposition, draft.disposition_id)
    assert [task.state for task in done.tasks] == ["sent"]
    assert done.prepared_by is not None
    assert done.prepared_by.capacity == "aide"
    with pytest.raises(Conflict):
        aided.do("bupati", disposing.confirm_disposition, draft.disposition_id)


def test_an_aide_cannot_send(aided: Desk) -> None:
    letter = aided.register()
    with pytest.raises(Forbidden) as refused:
        aided.dispose("ajudan.bupati", letter.letter_id, ("sekda",))
    assert refused.value.facts == {"needed": "act"}


def test_a_draft_is_discarded_and_never_sent(aided: Desk) -> None:
    letter = aided.register()
    draft = aided.dispose("ajudan.bupati", letter.letter_id, ("sekda",), prepared=True)
    with pytest.raises(NotFound):
        aided.do("kadis.pupr", disposing.discard_disposition, draft.disposition_id)
    with pytest.raises(NotFound):
        aided.do("tu.setda", disposing.discard_disposition, draft.disposition_id)
    gone = aided.do(
        "ajudan.bupati", disposing.discard_disposition, draft.disposition_id
    )
    assert gone.state == "discarded"


@pytest.mark.parametrize(
    ("decision", "state"), [("attend", "completed"), ("decline", "completed")]
)
def test_one_tap_answers_an_invitation(desk: Desk, decision: str, state: str) -> None:
    letter = desk.register()
    done = attend(desk, letter.letter_id, decision=decision)
    assert done.letter_state == state
    event = last_event(desk, letter.letter_id, "letter.attendance_decided.v1")
    assert event["decision"] == decision
    assert event["invitation"]["place"] == "Aula Ramu"
    assert event["position_id"] == str(offices.position_id("bupati"))
    with pytest.raises(Conflict):
        attend(desk, letter.letter_id, decision=decision)


def test_sending_somebody_is_a_disposition(desk: Desk) -> None:
    letter = desk.register()
    wabup = str(offices.position_id("wabup"))
    done = attend(desk, letter.letter_id, decision="represent", represented_by=wabup)
    assert [task.role for task in done.tasks] == ["handle", "represent"]
    assert done.tasks[1].instructions == ["wakili"]
    issued = last_event(desk, letter.letter_id, "disposition.issued.v1")
    assert issued["tasks"][0]["activity_for"] == "recipient"
    assert (
        last_event(desk, letter.letter_id, "letter.attendance_decided.v1")[
            "represented_by"
        ]
        == wabup
    )
    with pytest.raises(Conflict):  # a second tap
        attend(desk, letter.letter_id, decision="represent", represented_by=wabup)


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "represent"},
        {"decision": "represent", "represented_by": str(offices.unit_id("x"))},
        {"decision": "attend", "represented_by": str(offices.position_id("wabup"))},
    ],
)
def test_attendance_says_what_is_missing(desk: Desk, body: dict[str, Any]) -> None:
    letter = desk.register()
    with pytest.raises(Invalid) as refused:
        attend(desk, letter.letter_id, **body)
    assert refused.value.errors[0]["field"] == "/represented_by"


def test_only_the_invited_answer(desk: Desk) -> None:
    letter = desk.register()
    with pytest.raises(Forbidden):
        attend(desk, letter.letter_id, who="tu.setda", decision="attend")
    plain = desk.register(kind="surat_dinas", invitation=None)
    with pytest.raises(Conflict) as refused:
        attend(desk, plain.letter_id, decision="attend")
    assert refused.value.code == "not_an_invitation"


def test_nobody_comes_to_what_has_no_time(desk: Desk) -> None:
    """Attending would end the letter, and its time could not be entered any more."""
    letter = desk.register(invitation=None)
    wabup = str(offices.position_id("wabup"))
    for body in (
        {"decision": "attend"},
        {"decision": "represent", "represented_by": wabup},
    ):
        with pytest.raises(Conflict) as refused:
            attend(desk, letter.letter_id, **body)
        assert refused.value.code == "invitation_missing"
    facts = {"starts_at": "2026-11-26T09:00:00+08:00", "place": "Aula"}
    request = codec.load(CorrectLetter, {"invitation": facts})
    version = desk.do("tu.setda", reading.get_letter, letter.letter_id).version
    desk.do("tu.setda", correcting.correct_letter, letter.letter_id, request, version)
    assert attend(desk, letter.letter_id, decision="attend").letter_state == "completed"
    other = desk.register(invitation=None)
    assert attend(desk, other.letter_id, decision="decline").letter_state == "completed"


def test_closing_with_open_tasks_needs_an_addressee_with_force(desk: Desk) -> None:
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    with pytest.raises(Forbidden):
        close(desk, "sekda", letter.letter_id, force=True)
    for who, force in (("bupati", False), ("tu.setda", True)):
        with pytest.raises(Conflict) as refused:
            close(desk, who, letter.letter_id, force=force)
        assert refused.value.code == "open_tasks"
    done = close(desk, "bupati", letter.letter_id, force=True)
    assert (done.state, done.outcome) == ("closed", "decided")
    assert done.decision is not None
    assert done.decision.text == "Disetujui"
    tracking = desk.tracking("bupati", letter.letter_id)
    assert tracking.must_handle == tracking.following == []
    with pytest.raises(Conflict):
        close(desk, "bupati", letter.letter_id, force=True)


def test_a_void_letter_keeps_its_number(desk: Desk) -> None:
    first = desk.register()
    reason = VoidLetter(reason="Salah catat")
    with pytest.raises(Forbidden):
        desk.do("bupati", closing.void_letter, first.letter_id, reason)
    void = desk.do("tu.setda", closing.void_letter, first.letter_id, reason)
    assert (void.state, void.agenda_number) == ("void", first.agenda_number)
    assert desk.register().agenda_seq == first.agenda_seq + 1


def test_registering_outside_ones_register(desk: Desk) -> None:
    for who, to in (("tu.setda", "kadis.dinkes"), ("sekda", "bupati")):
        with pytest.raises(Forbidden) as refused:
            desk.register(who, addressees=[to])
        assert refused.value.code == "outside_register"
    copied = desk.register(copies=["kadis.dinkes"])
    assert desk.do("kadis.dinkes", reading.get_letter, copied.letter_id).my_tasks


def test_a_likely_duplicate_is_named(desk: Desk) -> None:
    first = desk.register(number="KEMBAR/1")
    second = desk.register(number="KEMBAR/1")
    assert [one.letter_id for one in second.warnings] == [first.letter_id]
    other = desk.register("tu.dinkes", number="KEMBAR/1", addressees=["kadis.dinkes"])
    assert other.warnings == []  # the registrar of Dinkes may not know of them


def test_reports_carry_files_for_the_branch(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati", "wabup"])
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    task_id = desk.task_of(letter.letter_id, "sekda")
    file = stored(desk, "sekda")
    body = ReportTask(text="Terlampir", final=True, file_ids=[file])
    with pytest.raises(Invalid):  # somebody else's upload
        desk.do(
            "sekda", working.report_task, task_id, report_with(stored(desk, "wabup"))
        )
    done = desk.do("sekda", working.report_task, task_id, body)
    assert done.reports[0].files is not None
    get = (reading.get_letter_file, letter.letter_id, file)
    assert desk.do("bupati", *get).file_id == file
    with pytest.raises(NotFound):
        desk.do("wabup", *get)
    assert desk.do("bupati", reading.get_letter, letter.letter_id).files == []


def test_paper_only(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.register(
            secrecy="sangat_rahasia", file_ids=[str(stored(desk, "tu.setda"))]
        )
    assert refused.value.code == "paper_only"


def test_a_file_is_attached_once(desk: Desk) -> None:
    file = stored(desk, "tu.setda")
    letter = desk.register(file_ids=[str(file)])
    assert [one.file_id for one in letter.files] == [file]
    with pytest.raises(Invalid) as refused:
        desk.register(file_ids=[str(file)])
    assert refused.value.errors[0]["field"] == "/file_ids/0"


def test_the_position_above_a_vacant_giver_approves(desk: Desk) -> None:
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    desk.dispose("sekda", letter.letter_id, ("kadis.dinkes",))
    task_id = desk.task_of(letter.letter_id, "kadis.dinkes")
    desk.do("kadis.dinkes", working.report_task, task_id, FINAL)
    with pytest.raises(Forbidden):
        desk.do("bupati", working.approve_task, task_id)
    vacant = Desk(desk.database, offices.regency(vacant=["sekda"]))
    holding = next(
        one
        for one in vacant.tracking("bupati", letter.letter_id).must_handle
        if one.task_id == task_id
    )
    assert holding.waiting_for == offices.position_id("bupati")
    done = vacant.do("bupati", working.approve_task, task_id)
    assert done.state == "completed"


def test_an_acting_official_acts_as_the_office(database: Database) -> None:
    plh = offices.holds("asisten.1", "sekda", "plh")
    desk = Desk(database, offices.regency(also=[plh]))
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    given = desk.dispose("asisten.1", letter.letter_id, ("kadis.dinkes",))
    assert given.issued_by.capacity == "plh"
    assert given.given_by == offices.position_id("sekda")
    assert given.issued_by.person.person_id == offices.person_id("asisten.1")


def test_due_times(desk: Desk) -> None:
    letter = desk.register()
    late = desk.later(days=3)
    given = late.dispose("bupati", letter.letter_id, ("sekda",), ("wabup", "inform"))
    assert [one.code for one in given.warnings] == ["parent_overdue"]
    assert given.tasks[1].due_at is None
    task_id = late.task_of(letter.letter_id, "sekda")
    sooner = ChangeDue(due_at=late.later(hours=1).now, reason="Mendesak")
    with pytest.raises(Forbidden):
        late.do("sekda", working.change_due, task_id, sooner)
    changed = late.do("bupati", working.change_due, task_id, sooner)
    assert changed.due_at == sooner.due_at
    past = ChangeDue(due_at=desk.now, reason="Keliru")
    with pytest.raises(Invalid):
        late.do("bupati", working.change_due, task_id, past)


def test_a_rejected_report_goes_back(desk: Desk) -> None:
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    task_id = desk.task_of(letter.letter_id, "sekda")
    desk.do("sekda", working.report_task, task_id, FINAL)
    reason = GiveReason(reason="Belum lengkap")
    with pytest.raises(Forbidden):
        desk.do("sekda", working.reject_task, task_id, reason)
    assert (
        desk.do("bupati", working.reject_task, task_id, reason).state == "in_progress"
    )


def test_a_client_registers_for_its_own_unit(desk: Desk) -> None:
    from contracts.actor import Actor, ClientRef

    unit_id = offices.unit_id("dinkes")
    ref = ClientRef(client_id=offices.person_id("app"), name="Siska", unit_id=unit_id)
    client = Actor(client=ref)
    letter = desk.register(client, addressees=["kadis.dinkes"])  # type: ignore[arg-type]
    assert letter.created_by.client is not None
    assert letter.created_by.client.name == "Siska"
    assert desk.do("tu.dinkes", reading.get_letter, letter.letter_id)
    with pytest.raises(Forbidden):
        desk.register(client)  # type: ignore[arg-type]
    assert registering.register_letter


def attend(desk: Desk, letter_id: UUID, who: str = "bupati", **body: Any) -> Any:
    request = codec.load(DecideAttendance, body)
    return desk.do(who, attending.decide_attendance, letter_id, request)


def close(desk: Desk, who: str, letter_id: UUID, *, force: bool) -> Any:
    body = {"outcome": "decided", "decision": {"text": "Disetujui"}, "force": force}
    request = codec.load(CloseLetter, body)
    return desk.do(who, closing.close_letter, letter_id, request)


def stored(desk: Desk, who: str) -> UUID:
    body = RecordFile(
        sha256="0" * 64,
        size_bytes=1,
        media_type="application/pdf",
        filename="surat.pdf",
        page_count=1,
    )
    return desk.do(who, storing.record_file, body).file_id


def report_with(file_id: UUID) -> ReportTask:
    return ReportTask(text="Terlampir", final=False, file_ids=[file_id])


def last_event(desk: Desk, letter_id: UUID, kind: str) -> dict[str, Any]:
    found = [one for one in desk.published(letter_id) if one["type"] == kind]
    data: dict[str, Any] = found[-1]["data"]
    return data
