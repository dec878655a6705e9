"""The tree of a letter from its lists and timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.codec import ZONE
from gateway.portal import tracking


def holding(task_id: str, parent: str | None, **changes: Any) -> dict[str, Any]:
    usual = {
        "task_id": task_id,
        "parent_task_id": parent,
        "position_id": f"p-{task_id}",
        "title": f"Jabatan {task_id}",
        "role": "handle",
        "state": "in_progress",
        "overdue": False,
        "due_at": None,
    }
    return {**usual, **changes}


def entry(action: str, task_id: str | None, at: str, **detail: Any) -> dict[str, Any]:
    position = {"title": f"Jabatan {task_id}"}
    actor = {"person": None, "position": position, "capacity": "plh", "client": None}
    return {
        "at": at,
        "action": action,
        "task_id": task_id,
        "actor": actor,
        "detail": detail,
    }


GIVEN = [
    {"task_id": "b", "title": "Jabatan b", "role": "handle"},
    {"task_id": "c", "title": "Jabatan c", "role": "coordinate"},
]
TRACKING = {
    "following": [holding("a", None)],
    "must_handle": [holding("b", "a", overdue=True, due_at="2026-11-24")],
    "must_coordinate": [],
    "informed": [],
    "timeline": [
        entry("disposed", "a", "2026-11-20T08:00", recipients=GIVEN, note="Segera"),
        entry("read", "c", "2026-11-20T09:00"),
        entry("acknowledged", "c", "2026-11-20T10:00"),
    ],
}


def test_ended_tasks_stay_in_the_tree():
    roots = tracking.build_tree(TRACKING, {})
    assert [node.task_id for node in roots] == ["a"]
    children = {node.task_id: node for node in roots[0].children}
    assert children["b"].is_open
    assert children["c"].state == "completed"


def test_who_must_act_comes_before_who_waits():
    rows = tracking.groups(TRACKING)["handle"]
    assert [row["task_id"] for row in rows] == ["b", "a"]
    assert rows[1]["open_children"]


def test_the_most_overdue_holder_is_named():
    late = tracking.latest_late(TRACKING)
    assert late is not None
    assert late["task_id"] == "b"


def test_an_acting_official_is_named_as_such():
    assert tracking.actor_title(TRACKING["timeline"][0]) == "Plh. Jabatan a"
    assert tracking.task_titles(TRACKING)["c"] == "Jabatan c"


NOW = datetime(2026, 11, 24, 7, 40, tzinfo=ZONE)
SLOW = {
    **TRACKING,
    "must_handle": [
        holding("b", "a", overdue=True, due_at="2026-11-24T07:00:00+08:00"),
        holding("d", "x", overdue=True, due_at="2026-11-24T07:00:00+08:00"),
    ],
    "must_coordinate": [
        holding("c", "a", state="sent", since="2026-11-20T08:00:00+08:00"),
        holding("e", "a", due_at="2026-11-30T07:00:00+08:00"),
    ],
}


def test_a_giver_is_offered_to_remind_where_it_helps():
    found = tracking.reminders(SLOW, frozenset({"a"}), NOW)
    assert found.offered == {"b", "c"}
    assert not tracking.reminders(SLOW, frozenset(), NOW).offered


def test_who_was_reminded_today_is_not_reminded_again():
    told = [entry("reminded", "b", "2026-11-24T07:10:00+08:00")]
    found = tracking.reminders({**SLOW, "timeline": told}, frozenset({"a"}), NOW)
    assert found.offered == {"c"}
    assert found.sent == {"b": "2026-11-24T07:10:00+08:00"}
    yesterday = [entry("reminded", "b", "2026-11-23T07:10:00+08:00")]
    again = tracking.reminders({**SLOW, "timeline": yesterday}, frozenset({"a"}), NOW)
    assert "b" in again.offered


def test_who_waits_for_others_is_reminded_only_when_late():
    due = "2026-11-24T12:00:00+08:00"
    waiting = [holding("f", "a", due_at=due), holding("g", "a", due_at=due)]
    waiting[1] |= {"overdue": True}
    row = {**SLOW, "must_handle": [], "must_coordinate": [], "following": waiting}
    assert tracking.reminders(row, frozenset({"a"}), NOW).offered == {"g"}
