"""The sheet that gives a task another due time, and where it is offered."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import Conflict, Unavailable
from gateway.portal import flash, tasks, tracking
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, TASK, letter, page, pid, seat, task
from tests.unit.portal.test_tracking import TRACKING, holding

SHEET = f"/tugas/{TASK}/tenggat"
DAY = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
TYPED = {"tanggal": f"{DAY}T16:00", "alasan": "Menunggu <hasil> lapangan"}
ABSENT = {
    "code": "recipient_absent",
    "position_id": pid("kadis"),
    "until": None,
    "acting": {"capacity": "plh", "name": "kabid"},
}


@pytest.fixture
def bus() -> FakeBus:
    shown = letter("under_disposition", direction="incoming", outgoing=None)
    shown |= {"agenda_number": "SM/1", "received_at": shown["created_at"]}
    made = seat(FakeBus(), "sekda", shown)
    given = task("kadis", "sekda", due_at=f"{DAY}T10:00:00+08:00")
    made.answers["letters.get_task"] = lambda _: given
    made.answers["letters.list_absences"] = lambda _: {"items": []}
    made.answers["letters.change_task_due"] = done({**given, "letter_id": LETTER})
    return made


async def test_the_sheet_begins_with_what_was_agreed(portal):
    answer, text = await portal(SHEET)
    assert answer.status == 200
    assert f'value="{DAY}T10:00"' in text
    assert "Sekretaris Daerah</b>. Penerima diberi tahu." in text


async def test_a_due_time_that_is_past_is_not_offered_again(portal, bus):
    late = task("kadis", "sekda", due_at="2020-01-02T10:00:00+08:00", overdue=True)
    bus.answers["letters.get_task"] = lambda _: late
    _, text = await portal(SHEET)
    assert "Terlambat" in text
    assert 'name="tanggal" value=""' in text


async def test_the_new_due_time_and_why_are_sent(portal, bus):
    answer, _ = await portal(SHEET, TYPED)
    assert answer.status == 303
    assert answer.headers["Location"] == f"/surat/{LETTER}/posisi"
    (call,) = bus.of("change_task_due")
    assert call.kwargs["body"] == {
        "due_at": f"{DAY}T16:00:00+08:00",
        "reason": TYPED["alasan"],
    }


async def test_who_will_be_away_then_is_said_before_and_after(portal, bus):
    bus.answers["letters.list_absences"] = lambda _: {"items": [ABSENT]}
    answer, text = await portal(SHEET, {**TYPED, "aksi": "periksa"})
    assert answer.status == 200
    assert "Kepala Dinas Kominfo tidak di tempat, diterima Plh." in text
    assert not bus.of("change_task_due")
    changed = task("kadis", "sekda", warnings=[ABSENT])
    bus.answers["letters.change_task_due"] = done(changed)
    answer, _ = await portal(SHEET, TYPED)
    told = base64.urlsafe_b64decode(answer.cookies[flash.COOKIE].value).decode()
    assert "Tidak di tempat, diterima Plh." in told


async def test_absences_that_nobody_can_tell_stop_nothing(portal, bus):
    def away(_call):
        raise Unavailable(service="letters", retry_after=5)

    bus.answers["letters.list_absences"] = away
    answer, _ = await portal(SHEET)
    assert answer.status == 200


@pytest.mark.parametrize("typed", ["", "31 November", "2026-02-30T10:00"])
async def test_what_is_no_date_is_said_and_the_reason_stays(portal, bus, typed):
    answer, text = await portal(SHEET, {**TYPED, "tanggal": typed})
    assert answer.status == 422
    assert "Isi tanggal dan jam tenggat." in text
    assert "Menunggu &lt;hasil&gt; lapangan</textarea>" in text
    assert not bus.of("change_task_due")


async def test_a_refusal_keeps_what_was_typed(portal, bus):
    def refuse(_call):
        raise Conflict("illegal_transition", state="completed")

    bus.answers["letters.change_task_due"] = refuse
    answer, text = await portal(SHEET, TYPED)
    assert answer.status == 409
    assert TYPED["tanggal"] in text


async def test_it_is_offered_for_tasks_that_are_open_and_have_one(portal, bus):
    progress = {
        "children": 0,
        "completed_children": 0,
        "overdue_children": 0,
        "open_children": 0,
        "last_report_at": None,
    }
    more = {"progress": progress, "reminded_at": None, "ended_at": None}
    more |= {"agenda_number": "SM/1", "urgency": "biasa"}
    open_one, known = TASK, TASK[:-1] + "1"
    bus.answers["letters.list_given_tasks"] = page(
        task("kadis", "sekda", **more),
        {**task("kabag", "sekda", **more), "role": "inform", "task_id": known},
    )
    _, text = await portal("/diberikan")
    assert f'href="/tugas/{open_one}/tenggat"' in text
    assert f"/tugas/{known}/tenggat" not in text


@pytest.mark.parametrize(
    ("state", "role", "offered"),
    [
        ("sent", "handle", True),
        ("reported", "coordinate", True),
        ("in_progress", "inform", False),
        ("completed", "handle", False),
    ],
)
def test_which_tasks_have_a_due_time_to_change(state, role, offered):
    row = {"task_id": "t", "state": state, "role": role}
    assert tasks.with_due([row]) == (frozenset({"t"}) if offered else frozenset())


def test_only_the_giver_is_offered_it_where_the_letter_is():
    waiting = {**TRACKING, "following": [holding("a", None), holding("d", "a")]}
    assert tracking.with_due(waiting, frozenset({"a"})) == {"b", "d"}
    assert tracking.with_due(waiting, frozenset({"b"})) == frozenset()
