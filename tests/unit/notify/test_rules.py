"""What is told: plain words, offices only, nothing of a secret letter."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from contracts import directory, schedule_events
from contracts.directory import AssignmentEnded, AssignmentStarted
from contracts.letters import (
    EVENTS,
    GivenWhileAway,
    LetterAttendanceDecided,
    LetterCorrected,
    LetterReopened,
    Role,
    Secrecy,
    TaskAccepted,
    TaskCompleted,
    TaskDueSoon,
    TaskOverdue,
    TaskRead,
    TaskReported,
    TaskReturned,
    TasksTakenOver,
    TaskState,
)
from contracts.notify import Topic
from contracts.schedule import ActivityState, Response, Slot
from contracts.schedule_events import (
    ActivityBlocked,
    ActivityCancelled,
    ActivityChanged,
    ActivityConfirmed,
    ActivityDisplaced,
    ActivityLetterClosed,
    ActivityProposed,
    ParticipantResponded,
)
from services.notify.domain.rules import RULES
from tests.unit.directory.organisations import key
from tests.unit.notify.scenes import (
    DUE,
    activity,
    appointment,
    disposed,
    issued,
    letter_facts,
    line,
    moved,
    one_of_each,
    registered,
    signed,
    told,
)

ALICE, BOB, CHARLIE, DEWI = (key(n) for n in ("alice", "bob", "charlie", "dewi"))
_QUIET = {TaskRead, TaskAccepted, LetterAttendanceDecided, LetterCorrected}


def test_every_event_has_a_row_or_is_known_to_be_quiet() -> None:
    published = {*EVENTS.values(), *schedule_events.EVENTS.values()}
    published |= {AssignmentStarted, AssignmentEnded, TasksTakenOver}

    assert set(RULES) == published - _QUIET
    assert set(directory.EVENTS.values()) - set(RULES) == {
        directory.DirectoryChanged,
        directory.SessionRevoked,
    }


def test_a_new_letter() -> None:
    draft = told(registered())[ALICE]

    assert draft.topic is Topic.TASK_ASSIGNED
    assert draft.title == "Surat masuk baru"
    assert draft.body == (
        "Undangan rapat koordinasi, dari Kanwil Kemenag. Tenggat Kam, 26 Nov 16.00."
    )
    assert draft.link == f"/tugas/{key('tugas/bupati')}"
    assert draft.urgency == "segera"


@pytest.mark.parametrize(
    ("role", "title", "body"),
    [
        (Role.HANDLE, "Disposisi baru dari Plh. bupati", "Menangani: Undangan"),
        (Role.REPRESENT, "Anda mewakili Plh. bupati", "Mewakili: Undangan"),
        (Role.COORDINATE, "Disposisi baru dari Plh. bupati", "Koordinasi: Undangan"),
        (Role.INFORM, "Untuk diketahui, dari Plh. bupati", "Undangan"),
    ],
)
def test_a_disposition_names_the_office_as_it_acted(
    role: Role, title: str, body: str
) -> None:
    event = disposed(issued("kadis", role))

    draft = told(event, actor=signed("charlie", "bupati", "plh"))[BOB]

    assert (draft.topic, draft.title) == (Topic.TASK_ASSIGNED, title)
    assert draft.body.startswith(body)


@pytest.mark.parametrize("secrecy", [Secrecy.RAHASIA, Secrecy.SANGAT_RAHASIA])
def test_nothing_of_a_secret_letter_is_told(secrecy: Secrecy) -> None:
    drafts = [each for event in one_of_each(secrecy) for each in told(event).values()]

    assert drafts
    for draft in drafts:
        assert draft.body.startswith("Surat rahasia. Buka Rakat untuk membaca.")
        assert "SM/0001" not in draft.title + draft.body


def test_of_a_restricted_letter_only_its_number_is_told() -> None:
    body = told(registered(secrecy=Secrecy.TERBATAS))[ALICE].body

    assert body == "Surat terbatas SM/0001/2026. Tenggat Kam, 26 Nov 16.00."


def test_no_person_is_named() -> None:
    actor = signed("charlie", "bupati", "plh")
    events: list[Any] = [
        *one_of_each(),
        appointment(AssignmentStarted, "dewi", "sekda"),
    ]

    for event in events:
        for draft in told(event, actor=actor).values():
            text = draft.title + draft.body
            assert not any(n in text for n in ("Alice", "Bob", "Charlie", "Dewi"))


@pytest.mark.parametrize(
    ("event", "hears", "title"),
    [
        (
            moved(TaskReported, TaskState.REPORTED, final=True),
            ALICE,
            "Laporan menunggu persetujuan Anda",
        ),
        (
            moved(TaskReported, TaskState.COMPLETED, final=True),
            ALICE,
            "Laporan akhir dari kadis",
        ),
        (
            moved(TaskReported, TaskState.IN_PROGRESS, final=False),
            ALICE,
            "Laporan kemajuan dari kadis",
        ),
        (
            moved(TaskCompleted, TaskState.COMPLETED, by="children"),
            BOB,
            "Semua bawahan selesai",
        ),
        (moved(TaskDueSoon, TaskState.READ), BOB, "Tenggat mendekat"),
        (moved(TaskOverdue, TaskState.READ), BOB, "Tugas Anda terlambat"),
        (moved(TaskOverdue, TaskState.READ), ALICE, "Bawahan terlambat"),
    ],
)
def test_moves_of_a_task(event: Any, hears: Any, title: str) -> None:
    assert told(event)[hears].title == title


def test_an_acknowledged_copy_is_no_news() -> None:
    event = moved(
        TaskCompleted, TaskState.COMPLETED, by="acknowledgement", role=Role.INFORM
    )

    assert told(event) == {}


def test_a_returned_task_leads_to_the_new_one() -> None:
    event = moved(
        TaskReturned, TaskState.RETURNED, reason="x", new_task=issued("bupati")
    )

    draft = told(event, actor=signed("bob", "kadis"))[ALICE]

    assert draft.topic is Topic.TASK_RETURNED
    assert draft.task_id == key("tugas/bupati")
    assert draft.title == "Tugas dikembalikan kadis"


def test_a_reopened_letter_is_told_once_to_each() -> None:
    facts = letter_facts(recipients=(key("bupati"), key("kadis")))
    event = LetterReopened(**facts, tasks=(issued("kadis"),), reason="Ada susulan")

    heard = {person: draft.topic for person, draft in told(event).items()}

    assert heard == {ALICE: Topic.LETTER_COMPLETED, BOB: Topic.TASK_ASSIGNED}


def test_a_confirmed_activity_is_told_to_its_people_and_who_asked() -> None:
    heard = told(activity(ActivityConfirmed))

    assert {person: draft.title for person, draft in heard.items()} == {
        BOB: "Kegiatan ditetapkan",
        ALICE: "Usulan kegiatan diterima",
    }
    assert heard[BOB].body == "Rapat SPBE, Kam, 26 Nov 16.00–18.00, Aula Ramu."
    assert heard[BOB].link == f"/kegiatan/{key('kegiatan/1')}"


def test_who_asked_reads_what_the_keeper_added() -> None:
    heard = told(activity(ActivityConfirmed, reason="Bawa bahannya"))

    assert heard[ALICE].body.endswith("Aula Ramu. Catatan: Bawa bahannya.")
    assert "bahannya" not in heard[BOB].body


def test_a_proposal_goes_to_the_keepers() -> None:
    heard = told(activity(ActivityProposed, state=ActivityState.PROPOSED))

    assert set(heard) == {DEWI}
    assert heard[DEWI].topic is Topic.ACTIVITY_PROPOSED


def test_a_busy_activity_keeps_its_title() -> None:
    event = activity(ActivityConfirmed, title=None, place_name=None, ends_at=None)

    assert told(event)[BOB].body == "Kegiatan, Kam, 26 Nov 16.00–selesai."


def test_a_displaced_line_is_told_to_all() -> None:
    event = activity(
        ActivityDisplaced,
        cause="override",
        displaced_position_ids=(key("kadis"),),
        displaced_resource_ids=(),
    )

    heard = told(event)

    assert {person: draft.title for person, draft in heard.items()} == {
        BOB: "Jadwal Anda tergeser",
        ALICE: "Jadwal tergeser",
        DEWI: "Jadwal tergeser",
    }


def test_a_blocked_proposal_offers_other_times_to_the_giver() -> None:
    event = activity(
        ActivityBlocked,
        giver_position_id=key("bupati"),
        blocked_position_ids=(key("kadis"),),
        alternatives=(Slot(starts_at=DUE, ends_at=DUE),),
    )

    assert "Waktu luang terdekat: Kam, 26 Nov 16.00" in told(event)[ALICE].body


def test_a_clash_with_ones_own_answer_is_told_to_oneself() -> None:
    event = activity(
        ActivityBlocked,
        giver_position_id=key("bupati"),
        blocked_position_ids=(key("bupati"),),
    )

    assert ALICE in told(event, actor=signed("alice", "bupati"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"changes": ("starts_at",)}, {BOB: "Jadwal berubah"}),
        ({"state": ActivityState.POSTPONED}, {BOB: "Kegiatan ditunda"}),
        ({"state": ActivityState.COMPLETED}, {}),
        (
            {
                "changes": ("recurrence",),
                "removed_position_ids": (key("ajudan"),),
            },
            {
                BOB: "Tanggal berulang berubah",
                DEWI: "Anda tidak lagi dalam kegiatan ini",
            },
        ),
        ({"overtaken_by": key("x")}, {ALICE: "Waktu usulan sudah terpakai"}),
        (
            {"removed_position_ids": (key("ajudan"),)},
            {BOB: "Jadwal berubah", DEWI: "Anda tidak lagi dalam kegiatan ini"},
        ),
    ],
)
def test_changes_of_an_activity(
    changes: dict[str, Any], expected: dict[Any, str]
) -> None:
    heard = told(activity(ActivityChanged, **changes))

    assert {person: draft.title for person, draft in heard.items()} == expected
    assert DEWI not in heard or heard[DEWI].link == "/agenda/2026-11-26"


def test_an_answer_is_told_to_who_asked_and_to_the_representative() -> None:
    event = activity(
        ParticipantResponded,
        position_id=key("kadis"),
        response=Response.REPRESENTED,
        represented_by=key("ajudan"),
    )

    heard = told(event, actor=signed("bob", "kadis"))

    assert heard[ALICE].title == "kadis diwakilkan"
    assert heard[DEWI].title == "Anda mewakili kadis"


def test_who_was_to_be_represented_hears_that_nobody_goes_for_him() -> None:
    event = activity(
        ParticipantResponded,
        position_id=key("kadis"),
        response=Response.NOT_ATTENDING,
        requester_position_id=None,
        unrepresented_position_ids=(key("bupati"),),
        unrepresented_keeper_ids=(key("bupati"), key("ajudan")),
    )

    heard = told(event, actor=signed("bob", "kadis"))

    assert set(heard) == {ALICE, DEWI}
    assert heard[ALICE].title == "kadis tidak dapat mewakili"


def test_the_last_who_declines_is_told_to_the_organisers() -> None:
    event = activity(
        ParticipantResponded,
        position_id=key("kadis"),
        response=Response.NOT_ATTENDING,
        note="Sakit",
        deserted_organiser_ids=(key("ajudan"),),
    )

    heard = told(event, actor=signed("bob", "kadis"))

    assert {one.title for one in heard.values()} == {"Tidak ada lagi yang hadir"}
    assert set(heard) == {ALICE, DEWI}
    assert "kadis tidak hadir. Catatan: Sakit." in heard[DEWI].body


def test_a_cancelled_activity_is_told_once_to_each() -> None:
    event = activity(ActivityCancelled, requester_position_id=key("kadis"))

    assert set(told(event)) == {BOB}


def test_who_asked_hears_the_refusal_with_its_reason() -> None:
    event = activity(
        ActivityCancelled,
        requester_position_id=key("kadis"),
        cause="refused",
        reason="Penuh",
    )

    heard = told(event)

    assert heard[BOB].title == "Usulan kegiatan ditolak"
    assert heard[BOB].body.endswith(" Alasan: Penuh.")


def test_who_asked_hears_that_nobody_answered() -> None:
    event = activity(
        ActivityCancelled, requester_position_id=key("kadis"), cause="expired"
    )

    assert told(event)[BOB].title == "Usulan kegiatan kedaluwarsa"


def test_who_asked_hears_of_another_time_once() -> None:
    event = activity(
        ActivityChanged, requester_position_id=key("kadis"), offered=True, reason=None
    )

    assert told(event)[BOB].title == "Waktu lain ditawarkan"


def test_a_cancelled_activity_asks_its_keepers_about_its_letter() -> None:
    event = activity(
        ActivityCancelled,
        letter_id=key("surat/1"),
        keeper_position_ids=(key("kadis"),),
    )

    heard = told(event, actor=signed("bob", "kadis"))

    assert heard[BOB].title == "Kegiatan dibatalkan; bagaimana suratnya?"
    assert heard[BOB].link == f"/surat/{key('surat/1')}"


def test_who_only_keeps_the_time_is_led_to_the_activity() -> None:
    event = activity(
        ActivityCancelled,
        letter_id=key("surat/1"),
        participants=(),
        keeper_position_ids=(key("kadis"),),
    )

    assert told(event)[BOB].link == f"/kegiatan/{event.activity_id}"


def test_a_closed_letter_asks_the_keepers_about_its_activity() -> None:
    event = activity(
        ActivityLetterClosed,
        letter_id=key("surat/1"),
        keeper_position_ids=(key("kadis"),),
    )

    assert told(event)[BOB].title == "Surat ditutup; bagaimana kegiatannya?"


def test_minutes_are_no_change_of_the_schedule() -> None:
    event = activity(ActivityChanged, changes=("outcome",))

    assert told(event)[BOB].title == "Hasil kegiatan dicatat"


def test_an_appointment_is_told_to_himself_and_to_those_concerned() -> None:
    heard = told(appointment(AssignmentStarted, "dewi", "sekda"))

    assert heard[DEWI].title == "Anda kini Plh. Sekretaris Daerah"
    assert heard[DEWI].body == "Mulai Sel, 24 Nov, sampai Kam, 26 Nov."
    assert heard[ALICE].title == "Pemegang jabatan berganti"
    assert CHARLIE not in heard


def taken_over(*, began: bool) -> TasksTakenOver:
    return TasksTakenOver(
        position_id=key("kadis"),
        person_id=key("alice"),
        capacity="plh",
        began=began,
        open_tasks=5,
        overdue_tasks=1,
        due_while_acting=3,
    )


def test_who_takes_over_hears_once_what_waits() -> None:
    heard = told(taken_over(began=True))
    assert set(heard) == {ALICE}
    assert heard[ALICE].title == "5 tugas Plh. kadis kini pada Anda"
    assert heard[ALICE].body == ("1 sudah terlambat. 2 jatuh tempo selama masa Anda.")


def test_who_gave_what_falls_due_in_an_absence_hears_of_it() -> None:
    given = GivenWhileAway(position_id=key("kadis"), tasks=2, first_due_at=DUE)
    event = msgspec.structs.replace(taken_over(began=True), givers=(given,))

    heard = told(event)[BOB]

    assert heard.topic is Topic.TASK_DUE
    assert heard.title == "Tugas yang Anda berikan kini pada Plh. kadis"
    assert "Tenggat Kam, 26 Nov 16.00." in heard.body
    assert heard.link == "/diberikan"


def test_at_the_end_it_comes_back_to_the_office() -> None:
    heard = told(taken_over(began=False))
    assert set(heard) == {BOB}
    assert heard[BOB].title == "5 tugas terbuka kembali pada Anda"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (ActivityConfirmed, {}),
        (ActivityProposed, {"state": ActivityState.TENTATIVE}),
        (ActivityChanged, {"changes": ("starts_at",)}),
        (ActivityCancelled, {}),
    ],
)
def test_hundreds_of_imported_activities_are_told_as_one_file(
    kind: Any, changes: dict[str, Any]
) -> None:
    imported = {"imported_into": key("kadis")}

    assert told(activity(kind, **changes)) != {}
    assert told(activity(kind, **changes, **imported)) == {}

    heard = told(activity(ActivityChanged, imported=105, **imported))

    assert set(heard) == {BOB}
    assert heard[BOB].title == "Kalender diimpor"
    assert heard[BOB].body.startswith("105 kegiatan masuk atau berubah")
    assert heard[BOB].link == "/agenda/2026-11-26"


def test_who_imports_his_own_calendar_is_not_told_of_it() -> None:
    event = activity(ActivityChanged, imported=2, imported_into=key("kadis"))

    assert told(event, actor=signed("bob", "kadis")) == {}


def test_others_of_an_imported_activity_are_told_when_it_moves() -> None:
    event = activity(
        ActivityChanged,
        changes=("starts_at",),
        imported_into=key("kadis"),
        participants=(line("kadis"), line("ajudan")),
    )

    assert set(told(event)) == {DEWI}
