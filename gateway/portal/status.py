"""Status language: every state is a glyph, words and a tone, in that order.

The table is section 4 of the portal's visual direction; colour comes last.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gateway.portal import labels, words

DAY = timedelta(days=1)


class Mark(NamedTuple):
    """What the ``mark`` macro draws."""

    glyph: str
    words: str
    tone: str = ""


_PLAIN = {
    "read": Mark("st-read", "Sudah dibaca"),
    "reported": Mark("st-reported", "Dilaporkan, menunggu persetujuan"),
    "returned": Mark("st-back", "Dikembalikan"),
    "withdrawn": Mark("st-void", "Ditarik"),
    "cancelled": Mark("st-void", "Dibatalkan"),
}


def task_mark(task: dict[str, Any], now: datetime) -> Mark:
    """State of a task, as somebody who looks for it wants to read it."""
    state = task["state"]
    if state == "sent":
        return _unread(task, now)
    if state == "in_progress" or (state == "read" and task.get("open_children")):
        return _in_progress(task)
    if state == "completed":
        known = task.get("role") == "inform"
        return Mark("st-done", "Diketahui" if known else "Selesai", "done")
    return _PLAIN[state]


def _unread(task: dict[str, Any], now: datetime) -> Mark:
    since = task.get("since") or task.get("created_at")
    if since and now - words.instant(since) >= DAY:
        waited = words.duration(now - words.instant(since))
        return Mark("st-sent", f"Belum dibaca {waited}", "soon")
    return Mark("st-sent", "Terkirim")


def _in_progress(task: dict[str, Any]) -> Mark:
    if task.get("open_children"):
        return Mark("st-fwd", "Menunggu bawahan")
    return Mark("st-work", "Dikerjakan", "work")


def due_mark(task: dict[str, Any], now: datetime) -> Mark | None:
    """When it is due, or by how much it is late; None without a due time."""
    if not task.get("due_at"):
        return None
    due = words.instant(task["due_at"])
    if task.get("overdue") or due < now:
        late = words.duration(max(now - due, timedelta(minutes=1)))
        return Mark("st-late", f"Terlambat {late}", "late")
    if due - now < DAY:
        left = words.duration(due - now)
        return Mark("st-soon", f"Sisa {left} · {words.moment(due, now)}", "soon")
    return Mark("st-soon", words.first_upper(words.moment(due, now)))


def is_slow(task: dict[str, Any], now: datetime) -> bool:
    """Late or nearly, or left unread for a day: a word of the giver helps."""
    mark = due_mark(task, now)
    unread = task["state"] == "sent" and now - words.instant(task["since"]) >= DAY
    return unread or (mark is not None and mark.tone != "")


def needs_a_word(task: dict[str, Any], now: datetime) -> bool:
    """Slow, and nobody was reminded of it today."""
    reminded = task.get("reminded_at")
    if reminded and words.day_of(reminded) == words.day_of(now):
        return False
    return is_slow(task, now)


def task_tone(task: dict[str, Any], now: datetime) -> str:
    """Edge of the card of a task: late, soon or plain."""
    mark = due_mark(task, now)
    return mark.tone if mark else ""


def letter_mark(letter: dict[str, Any]) -> Mark:
    """State of a letter as a whole."""
    text, glyph, tone = labels.LETTER_STATES[letter["state"]]
    outcome = labels.OUTCOMES.get(letter.get("outcome") or "")
    if letter["state"] == "closed" and outcome:
        text = outcome
    return Mark(glyph, text, tone)


def activity_mark(activity: dict[str, Any], position_id: str | None = None) -> Mark:
    """State of an activity, seen from a row of the board or day when given."""
    line = line_of(activity, position_id)
    if line.get("standing") == "displaced":
        return Mark("st-clash", "Bentrok, tergeser", "late")
    if line.get("standing") == "blocked" or activity.get("blocked"):
        return Mark("st-clash", "Bentrok, belum pasti", "late")
    if line.get("response") == "represented":
        return Mark("st-rep", "Diwakilkan")
    if activity.get("masked"):
        return Mark("st-lock", "Sibuk")
    text, glyph, tone = labels.ACTIVITY_STATES[activity["state"]]
    return Mark(glyph, text, tone)


def activity_tone(activity: dict[str, Any], position_id: str | None = None) -> str:
    """Class of its block: clash, rep, lock, tent or conf."""
    glyph = activity_mark(activity, position_id).glyph
    tones = {"st-clash": "clash", "st-rep": "rep", "st-lock": "lock"}
    if glyph in tones:
        return tones[glyph]
    is_firm = activity["state"] in ("confirmed", "completed")
    return "conf" if is_firm else "tent"


def line_of(activity: dict[str, Any], position_id: str | None) -> dict[str, Any]:
    """The participant line of a position, or an empty one."""
    for line in activity.get("participants") or ():
        if line.get("position_id") == position_id:
            found: dict[str, Any] = line
            return found
    return {}
