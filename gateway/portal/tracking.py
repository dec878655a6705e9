"""The three answers, the tree and the timeline of a letter, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.portal import labels, tasks, words
from gateway.portal.status import Mark, is_slow

Row = dict[str, Any]


@dataclass
class Node:
    """A task in the tree of who gave to whom."""

    task_id: str
    title: str
    role: str
    state: str
    row: Row
    children: list[Node] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in ("sent", "read", "in_progress", "reported")


def groups(tracking: Row) -> dict[str, list[Row]]:
    """Leaf holders before those who wait for them."""
    following = [{**row, "open_children": 1} for row in tracking["following"]]
    return {
        "handle": tracking["must_handle"]
        + [row for row in following if row["role"] in ("handle", "represent")],
        "coordinate": tracking["must_coordinate"]
        + [row for row in following if row["role"] == "coordinate"],
        "inform": tracking["informed"],
    }


def actor_title(entry: Row) -> str:
    """The office that acted, with its acting capacity."""
    actor = entry["actor"] or {}
    if actor.get("client"):
        return str(actor["client"]["name"])
    position, capacity = actor.get("position"), actor.get("capacity")
    if not position:
        return "Sistem"
    if capacity in ("plt", "plh", "pj"):
        return f"{labels.CAPACITIES[capacity]} {position['title']}"
    return str(position["title"])


def task_titles(tracking: Row) -> dict[str, str]:
    """Whose task is meant by a line that no person wrote."""
    titles = {row["task_id"]: row["title"] for row in _holdings(tracking)}
    for entry in tracking["timeline"]:
        for given in entry["detail"].get("recipients") or ():
            titles.setdefault(given["task_id"], given["title"])
        if entry["task_id"] and entry["actor"]:
            titles.setdefault(entry["task_id"], actor_title(entry))
    return titles


def latest_late(tracking: Row) -> Row | None:
    """The holder that is most overdue, named on top of the page."""
    late = [
        row
        for row in tracking["must_handle"] + tracking["must_coordinate"]
        if row["overdue"]
    ]
    return min(late, key=lambda row: str(row["due_at"]), default=None)


def entry_mark(entry: Row) -> Mark:
    """Glyph and verb of a line of the timeline."""
    glyph, verb = labels.ACTIONS.get(entry["action"], ("st-sent", entry["action"]))
    return Mark(glyph, verb)


@dataclass(frozen=True)
class Reminders:
    """Whom the visitor may remind where it helps, and who was reminded today."""

    offered: frozenset[str] = frozenset()
    sent: dict[str, str] = field(default_factory=dict)  # task id → instant


def reminders(tracking: Row, giving: frozenset[str], now: datetime) -> Reminders:
    """`giving`: tasks of the visitor, under which he gave others.

    Helps: when it is late or nearly, or was left unread for a day; with who waits
    for others himself, only when it is late.
    """
    today = words.day_of(now)
    sent = {
        entry["task_id"]: entry["at"]
        for entry in tracking["timeline"]
        if entry["action"] == "reminded" and words.day_of(entry["at"]) == today
    }
    waited_for = [*tracking["must_handle"], *tracking["must_coordinate"]]
    waited_for += [row for row in tracking["following"] if row["overdue"]]
    waited_for += tracking["informed"]
    offered = frozenset(
        row["task_id"]
        for row in waited_for
        if row["parent_task_id"] in giving
        and row["task_id"] not in sent
        and row["state"] in _AT_WORK
        and is_slow(row, now)
    )
    return Reminders(offered, sent)


def with_due(tracking: Row, giving: frozenset[str]) -> frozenset[str]:
    """Tasks under those of `giving`, whose due time the visitor can change."""
    rows = [row for row in _holdings(tracking) if row["parent_task_id"] in giving]
    return tasks.with_due(rows)


_AT_WORK = ("sent", "read", "in_progress")
_STATE_AFTER = {
    "read": "read",
    "accepted": "in_progress",
    "disposed": "in_progress",
    "reported": "reported",
    "rejected": "in_progress",
    "approved": "completed",
    "acknowledged": "completed",
    "completed": "completed",
    "returned": "returned",
    "withdrawn": "withdrawn",
    "cancelled": "cancelled",
}


def build_tree(tracking: Row, roots: dict[str, Row]) -> list[Node]:
    """Who gave to whom: told by the timeline, open tasks as the lists have them.

    `roots` maps the ids of root tasks to ``{"title", "role"}`` where they are known.
    """
    nodes: dict[str, Node] = {}
    parents: dict[str, str | None] = {}
    for task_id, row in roots.items():
        nodes[task_id] = Node(task_id, row["title"], row["role"], "sent", row)
    for entry in sorted(tracking["timeline"], key=lambda entry: str(entry["at"])):
        _follow(entry, nodes, parents)
    for row in _holdings(tracking):
        task_id = row["task_id"]
        nodes[task_id] = Node(task_id, row["title"], row["role"], row["state"], row)
        parents[task_id] = row["parent_task_id"]
    return _linked(nodes, parents)


def _follow(entry: Row, nodes: dict[str, Node], parents: dict[str, str | None]) -> None:
    task_id = entry["task_id"]
    if task_id and task_id not in nodes and entry["actor"]:
        nodes[task_id] = Node(task_id, actor_title(entry), "handle", "sent", {})
    if task_id in nodes:
        node = nodes[task_id]
        node.state = _STATE_AFTER.get(entry["action"], node.state)
        node.row = {**node.row, "at": entry["at"]}
        if entry["action"] == "disposed" and entry["detail"].get("note"):
            node.row["said"] = entry["detail"]["note"]
    for given in entry["detail"].get("recipients") or ():
        row = {**given, "at": entry["at"]}
        nodes[given["task_id"]] = Node(
            given["task_id"], given["title"], given["role"], "sent", row
        )
        parents[given["task_id"]] = task_id


def _holdings(tracking: Row) -> list[Row]:
    following = [{**row, "open_children": 1} for row in tracking["following"]]
    return [
        *following,
        *tracking["must_handle"],
        *tracking["must_coordinate"],
        *tracking["informed"],
    ]


def _linked(nodes: dict[str, Node], parents: dict[str, str | None]) -> list[Node]:
    top: list[Node] = []
    for task_id, node in nodes.items():
        parent = nodes.get(parents.get(task_id) or "")
        (parent.children if parent else top).append(node)
    return top
