"""What waits for the visitor, in order of due time, each with its own verb."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gateway.portal import words
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

OPEN = frozenset({"sent", "read", "in_progress"})
BLOCKING = frozenset({"handle", "represent", "coordinate"})


class Verb(NamedTuple):
    """A button: a link, or a post when `post` is set."""

    text: str
    icon: str
    to: str
    post: bool = False


@dataclass
class Card:
    """A task as it stands on the home page."""

    task: dict[str, Any]
    main: Verb | None
    others: list[Verb] = field(default_factory=list)
    clash: dict[str, Any] | None = None
    children: int = 0

    @property
    def waits_for_others(self) -> bool:
        return self.children > 0 and self.task["state"] in OPEN


def own_cards(
    tasks: list[dict[str, Any]],
    given: list[dict[str, Any]],
    known: Offices,
    visitor: Visitor,
) -> list[Card]:
    """Cards of the open tasks of the visitor's offices."""
    return [_own_card(task, _children(task, given), known, visitor) for task in tasks]


def _children(task: dict[str, Any], given: list[dict[str, Any]]) -> int:
    return sum(
        child["parent_task_id"] == task["task_id"] and child["role"] in BLOCKING
        for child in given
        if child["state"] in OPEN | {"reported"}
    )


def _own_card(
    task: dict[str, Any], children: int, known: Offices, visitor: Visitor
) -> Card:
    task = {**task, "open_children": children}
    verbs = verbs_of(task, known, visitor.rights(task["position_id"]))
    return Card(task, verbs[0] if verbs else None, verbs[1:], children=children)


def verbs_of(
    task: dict[str, Any], known: Offices, rights: frozenset[str]
) -> list[Verb]:
    """What the visitor can do with a task of an office; the usual one first."""
    address = f"/tugas/{task['task_id']}"
    read = Verb("Baca", "mail", f"/surat/{task['letter_id']}")
    report = Verb("Lapor", "check", f"{address}/lapor")
    dispose = Verb("Disposisi", "branch", f"{address}/disposisi")
    if task["state"] not in OPEN or "prepare" not in rights:
        return [read]
    if "act" not in rights:
        # An aide prepares what the leader then sends.
        return [Verb("Siapkan disposisi", "branch", f"{address}/disposisi"), read]
    if task["role"] == "inform":
        return [Verb("Tandai diketahui", "eye", f"{address}/diketahui", True), read]
    if task.get("open_children"):
        return [Verb("Posisi", "tree", f"/surat/{task['letter_id']}/posisi"), read]
    leads = bool(known.subordinates(task["position_id"]))
    if is_invitation(task):
        answer = Verb("Jawab undangan", "calendar", f"{address}/kehadiran")
        return [answer, dispose, read] if leads else [answer, read]
    return [dispose, report, read] if leads else [report, read]


def with_due(rows: list[dict[str, Any]]) -> frozenset[str]:
    """Ids of those whose due time their giver can change."""
    return frozenset(
        row["task_id"]
        for row in rows
        if row["state"] in OPEN | {"reported"} and row["role"] in BLOCKING
    )


def is_invitation(task: dict[str, Any]) -> bool:
    """Whether its office itself is invited and has not answered."""
    return bool(
        task.get("invitation")
        and task["given_by"] is None
        and task["role"] == "handle"
        and task["state"] in ("sent", "read")
    )


def to_approve(given: list[dict[str, Any]]) -> list[Card]:
    """Reports that wait for the visitor's approval."""
    return [
        Card(
            task, Verb("Periksa laporan", "check", f"/tugas/{task['task_id']}/laporan")
        )
        for task in given
        if task["state"] == "reported"
    ]


def by_due(cards: list[Card]) -> list[Card]:
    """Earliest due first, without a due time last."""
    return sorted(cards, key=lambda card: (not card.task["due_at"], _due(card)))


def _due(card: Card) -> datetime:
    due_at = card.task["due_at"] or card.task["since"]
    return words.instant(due_at)


FILTERS = ("semua", "terlambat", "hari-ini", "pekan-ini", "mengetahui")
MOST_AT_ONCE = 100  # tasks acknowledged by one tap


def can_be_acknowledged(card: Card) -> bool:
    """Whether nothing is asked but to know of it."""
    return card.main is not None and card.main.to.endswith("/diketahui")


def in_filter(card: Card, chosen: str, now: datetime) -> bool:
    """Whether the card stays under a chip of the filter row."""
    if chosen == "semua":
        return True
    if chosen == "mengetahui":
        return can_be_acknowledged(card)
    if not card.task["due_at"]:
        return False
    due = words.instant(card.task["due_at"])
    late = card.task["overdue"] or due < now
    if chosen == "terlambat":
        return bool(late)
    today = words.day_of(now)
    if chosen == "hari-ini":
        return not late and due.date() == today
    return not late and due.date() <= today + timedelta(days=6 - today.weekday())


@dataclass(frozen=True)
class Waiting:
    """One line of *Menunggu orang lain*."""

    count: int
    title: str
    longest: dict[str, Any] | None
    late: bool = False

    @property
    def link(self) -> str:
        return "/diberikan?saring=terlambat" if self.late else "/diberikan"


def waiting_lines(given: list[dict[str, Any]], now: datetime) -> list[Waiting]:
    """How many did not read, how many are late, and the longest of each."""
    unread = [task for task in given if task["state"] == "sent"]
    late = [task for task in given if task["overdue"] and task["state"] in OPEN]
    working = [task for task in given if task["state"] in OPEN and task not in unread]
    lines = [
        Waiting(len(late), "Terlambat ditangani", _first(late, "due_at"), late=True),
        Waiting(len(unread), "Belum dibaca penerima", _first(unread, "since")),
        Waiting(len(working), "Sedang dikerjakan", _first(working, "since")),
    ]
    return [line for line in lines if line.count]


def _first(tasks: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    dated = [task for task in tasks if task[name]]
    return min(dated, key=lambda task: words.instant(task[name]), default=None)
