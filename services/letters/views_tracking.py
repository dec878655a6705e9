"""Where a letter is: who must handle, coordinate, who follows, who was informed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from chassis.organisation import Holder
from contracts.actor import ActorRef
from contracts.letters import (
    Action,
    Holding,
    PersonHolding,
    TimelineEntry,
    Tracking,
)
from services.letters import views_outgoing, views_paper
from services.letters.bundle import Bundle
from services.letters.caller import Caller
from services.letters.domain import tracking
from services.letters.domain.letter import Letter
from services.letters.domain.paper import PaperPlace
from services.letters.domain.task import Task
from services.letters.repository_dispositions import PLACE

_HIDDEN = [
    one.value
    for one in (Action.VIEWED, Action.DUE_SOON, Action.PREPARED, Action.DISCARDED)
]


class _Line(msgspec.Struct):
    at: datetime
    action: Action
    actor: ActorRef | None
    task_id: UUID | None
    detail: dict[str, Any]


class _Note(msgspec.Struct):
    disposition_id: UUID
    note: str


class _Reminder(msgspec.Struct):
    task_id: UUID
    day: str
    note: str


class _Report(msgspec.Struct):
    report_id: UUID
    task_id: UUID
    text: str


_PARTS = Bundle(
    lines=(
        (
            "SELECT at, action, actor, task_id, detail FROM trail"
            " WHERE letter_id = :letter_id AND action <> ALL(:hidden) ORDER BY seq"
        ),
        _Line,
    ),
    notes=(
        (
            "SELECT disposition_id, note FROM disposition"
            " WHERE letter_id = :letter_id AND note IS NOT NULL"
        ),
        _Note,
    ),
    reminders=(
        (
            "SELECT r.task_id, r.day, r.note FROM reminder r JOIN task t"
            " ON t.task_id = r.task_id"
            " WHERE t.letter_id = :letter_id AND r.note IS NOT NULL"
        ),
        _Reminder,
    ),
    reports=(
        (
            "SELECT r.report_id, r.task_id, r.text FROM report r JOIN task t"
            " ON t.task_id = r.task_id WHERE t.letter_id = :letter_id"
        ),
        _Report,
    ),
    places=(PLACE, PaperPlace),
)
_Parts = Mapping[str, list[Any]]


def tracking_of(session: Session, caller: Caller, letter: Letter) -> Tracking:
    """From a letter loaded with its tasks; the caller is known to see it."""
    lists = holdings_of(letter, caller)
    parts = _PARTS.ask(session, {"letter_id": letter.letter_id, "hidden": _HIDDEN})
    return Tracking(
        letter_id=letter.letter_id,
        state=letter.state,
        outcome=letter.outcome,
        must_handle=lists["must_handle"],
        must_coordinate=lists["must_coordinate"],
        following=lists["following"],
        informed=lists["informed"],
        timeline=_timeline(session, caller, letter, parts),
        paper=views_paper.paper_at(caller, parts["places"]),
    )


def holdings_of(letter: Letter, caller: Caller) -> dict[str, list[Holding]]:
    lists: dict[str, list[Holding]] = {
        name: [] for name in ("must_handle", "must_coordinate", "following", "informed")
    }
    for task in letter.tasks.values():
        name = tracking.list_of(letter, task)
        if name is not None:
            lists[name].append(_holding(letter, task, caller))
    return lists


def _holding(letter: Letter, task: Task, caller: Caller) -> Holding:
    position = caller.org.position(task.position_id)
    holder = caller.org.holder(task.position_id, caller.now)
    return Holding(
        task_id=task.task_id,
        parent_task_id=task.parent_task_id,
        position_id=task.position_id,
        title=position.title if position else "",
        unit_name=position.unit_name if position else "",
        person=_person(holder),
        role=task.role,
        state=task.state,
        since=task.since,
        due_at=task.due_at,
        overdue=task.overdue(caller.now),
        waiting_for=tracking.waiting_for(letter, task, caller.org, caller.now),
    )


def _person(holder: Holder | None) -> PersonHolding | None:
    if holder is None:
        return None
    return PersonHolding(
        person_id=holder.person_id, name=holder.name, capacity=holder.capacity
    )


def _timeline(
    session: Session, caller: Caller, letter: Letter, parts: _Parts
) -> list[TimelineEntry]:
    words = _Words(session, caller, letter, parts)
    return [
        TimelineEntry(
            at=row.at,
            action=row.action,
            actor=row.actor,
            task_id=row.task_id,
            detail=words.added_to(row.detail, row.task_id),
        )
        for row in parts["lines"]
    ]


def _readable(caller: Caller, letter: Letter) -> frozenset[UUID]:
    """Tasks whose notes and reports the caller reads, as `views_tasks.may_read_notes`
    finds them: all tasks of the letter are at hand here."""
    mine = caller.readable(letter.secrecy)

    def above(task: Task) -> Iterator[UUID]:
        parent = letter.tasks.get(task.parent_task_id) if task.parent_task_id else None
        if parent is not None:
            yield parent.position_id
            yield from above(parent)

    return frozenset(
        task.task_id
        for task in letter.tasks.values()
        if mine & {task.position_id, task.given_by, *above(task)}
    )


class _Words:
    """Notes and reports, kept out of the trail, put back for who may read them."""

    def __init__(
        self, session: Session, caller: Caller, letter: Letter, parts: _Parts
    ) -> None:
        self._allowed = _readable(caller, letter)
        self._tasks = letter.tasks
        self._org = caller.org
        self._notes = {str(row.disposition_id): row.note for row in parts["notes"]}
        self._reminders = {
            (row.task_id, row.day): row.note for row in parts["reminders"]
        }
        self._decisions = (
            views_outgoing.notes_of(session, letter.letter_id)
            if letter.outgoing
            else {}
        )
        self._reports = {str(row.report_id): row for row in parts["reports"]}

    def added_to(
        self, detail: Mapping[str, Any], task_id: UUID | None
    ) -> dict[str, Any]:
        shown = dict(detail)
        if "day" in detail and task_id in self._allowed:
            shown["note"] = self._reminders.get((task_id, detail["day"]))
        if "recipients" in detail:
            shown["recipients"] = [self._recipient(one) for one in detail["recipients"]]
            if any(self._may_read(one["task_id"]) for one in detail["recipients"]):
                shown["note"] = self._notes.get(detail["disposition_id"])
        if "revision" in detail and "position_id" in detail:
            key = (detail["position_id"], detail["revision"])
            shown["note"] = self._decisions.get(key)
        report = self._reports.get(detail.get("report_id", ""))
        if report is not None and report.task_id in self._allowed:
            shown["text"] = report.text
        return shown

    def _recipient(self, line: Mapping[str, Any]) -> dict[str, Any]:
        position = self._org.position(UUID(line["position_id"]))
        task = self._tasks.get(UUID(line["task_id"]))
        note = task.note if task and self._may_read(line["task_id"]) else None
        return {**line, "title": position.title if position else "", "note": note}

    def _may_read(self, task_id: str) -> bool:
        return UUID(task_id) in self._allowed
