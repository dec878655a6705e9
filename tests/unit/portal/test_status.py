"""The status language: glyph, words, tone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from contracts.codec import ZONE
from contracts.letters import Action, LetterState, Outcome, Role, TaskState
from contracts.letters import Urgency as LetterUrgency
from contracts.notify import Topic
from contracts.schedule import ActivityKind, ActivityState, ParticipantRole, Response
from gateway.portal import labels, status

NOW = datetime(2026, 11, 24, 7, 40, tzinfo=ZONE)


def task(**changes: Any) -> dict[str, Any]:
    usual = {
        "state": "sent",
        "role": "handle",
        "since": "2026-11-24T07:00:00+08:00",
        "due_at": "2026-11-26T16:00:00+08:00",
        "overdue": False,
    }
    return {**usual, **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Terkirim"),
        ({"since": "2026-11-20T03:00:00+08:00"}, "Belum dibaca 4 hari"),
        ({"state": "read"}, "Sudah dibaca"),
        ({"state": "in_progress"}, "Dikerjakan"),
        ({"state": "in_progress", "open_children": 1}, "Menunggu bawahan"),
        ({"state": "reported"}, "Dilaporkan, menunggu persetujuan"),
        ({"state": "completed"}, "Selesai"),
        ({"state": "completed", "role": "inform"}, "Diketahui"),
        ({"state": "withdrawn"}, "Ditarik"),
    ],
)
def test_each_state_of_a_task_has_its_words(changes, words):
    assert status.task_mark(task(**changes), NOW).words == words


@pytest.mark.parametrize(
    ("due_at", "words", "tone"),
    [
        ("2026-11-24T06:15:00+08:00", "Terlambat 1 jam 25 menit", "late"),
        ("2026-11-24T16:40:00+08:00", "Sisa 9 jam · hari ini 16.40", "soon"),
        ("2026-11-26T16:00:00+08:00", "Kam, 26 Nov 16.00", ""),
    ],
)
def test_a_due_time_is_late_soon_or_plain(due_at, words, tone):
    mark = status.due_mark(task(due_at=due_at), NOW)
    assert mark is not None
    assert (mark.words, mark.tone) == (words, tone)


def test_a_task_without_a_due_time_has_no_due_mark():
    assert status.due_mark(task(due_at=None), NOW) is None


def test_a_displaced_line_is_a_clash_in_its_own_row_only():
    activity = {
        "state": "confirmed",
        "participants": [
            {"position_id": "a", "standing": "displaced", "response": "attending"},
            {"position_id": "b", "standing": "binding", "response": "represented"},
        ],
    }
    assert status.activity_tone(activity, "a") == "clash"
    assert status.activity_tone(activity, "b") == "rep"
    assert status.activity_tone(activity, None) == "conf"


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (Role, labels.ROLES),
        (LetterUrgency, labels.URGENCIES),
        (LetterState, labels.LETTER_STATES),
        (Outcome, labels.OUTCOMES),
        (Action, labels.ACTIONS),
        (Topic, labels.TOPICS),
        (ActivityState, labels.ACTIVITY_STATES),
        (ActivityKind, labels.ACTIVITY_KINDS),
        (ParticipantRole, labels.PARTICIPANT_ROLES),
        (Response, labels.RESPONSES),
    ],
)
def test_every_code_of_the_contracts_has_words(codes, table):
    assert {code.value for code in codes} <= set(table)


@pytest.mark.parametrize("state", list(TaskState))
def test_every_state_of_a_task_can_be_drawn(state):
    assert status.task_mark(task(state=state.value), NOW).words


def test_a_word_of_the_giver_is_offered_once_a_day():
    late = task(due_at="2026-11-24T06:00:00+08:00", state="read")
    assert status.needs_a_word(late, NOW)
    assert not status.needs_a_word(
        {**late, "reminded_at": "2026-11-24T07:00:00+08:00"}, NOW
    )
    assert status.needs_a_word(
        {**late, "reminded_at": "2026-11-23T07:00:00+08:00"}, NOW
    )
    assert not status.needs_a_word(task(state="read"), NOW)
