"""Which acts on a letter the page offers a visitor; the service has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis import clock
from gateway.portal import correcting
from gateway.portal.correcting import registers_here
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

Row = dict[str, Any]
_RUNNING = ("registered", "under_disposition")
_FINISHED = ("completed", "closed")


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Entries of the menu of a letter."""

    correct: bool
    raise_secrecy: bool
    redirect: bool
    reopen: bool
    print_sheet: bool
    answer_again: str | None = None  # the task its invitation was answered by


def allowed(letter: Row, tracking: Row, visitor: Visitor, known: Offices) -> Allowed:
    is_incoming = letter["direction"] == "incoming"
    registers = registers_here(letter, visitor, known)
    return Allowed(
        correct=correcting.may_correct(letter, tracking, visitor, known),
        raise_secrecy=correcting.may_raise(letter, visitor, known),
        redirect=is_incoming and registers and letter["state"] in _RUNNING,
        reopen=is_incoming
        and letter["state"] in _FINISHED
        and (registers or is_addressed(letter, visitor)),
        print_sheet=is_incoming and letter["state"] != "void",
        answer_again=_answered(letter, tracking, visitor),
    )


def _answered(letter: Row, tracking: Row, visitor: Visitor) -> str | None:
    """While there is time, or when its activity was called off since."""
    invitation = letter.get("invitation")
    if not invitation or letter["state"] in ("closed", "void"):
        return None
    ends_at = invitation["ends_at"] or invitation["starts_at"]
    is_ahead = datetime.fromisoformat(ends_at) > clock.now()
    for entry in reversed(tracking["timeline"]):
        if entry["action"] == "activity_cancelled":
            is_ahead = True
        answered = entry["action"] == "attendance_decided" and entry["task_id"]
        if answered and "act" in visitor.rights(entry["detail"]["position_id"]):
            return str(entry["task_id"]) if is_ahead else None
    return None


def is_addressed(letter: Row, visitor: Visitor) -> bool:
    """Whether the visitor acts for one of those it is addressed to."""
    return any("act" in visitor.rights(each) for each in letter["addressees"])


@dataclass(frozen=True, kw_only=True)
class PaperActs:
    """What the visitor can do with the paper, which one office holds at a time."""

    hand_over: bool = False
    receive: bool = False
    take_back: bool = False


def paper_acts(paper: Row | None, visitor: Visitor) -> PaperActs:
    if paper is None:
        return PaperActs()
    holds = "act" in visitor.rights(paper["position_id"])
    on_the_way_to = paper["on_the_way_to"]
    if on_the_way_to is None:
        return PaperActs(hand_over=holds)
    receives = "act" in visitor.rights(on_the_way_to)
    return PaperActs(receive=receives, take_back=holds and not receives)
