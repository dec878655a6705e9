"""A row of the rule table, and how it becomes a notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.letters import Secrecy
from contracts.notify import Topic
from services.notify.domain.notices import Notice, Target
from services.notify.domain.wording import NOTHING_TOLD, moment

Selector = Callable[[Any], Iterable[Target]]
"""From an event to those it is told to."""


def when(condition: Callable[[Any], bool], select: Selector) -> Selector:
    """`select`, only for events that meet `condition`."""

    def conditional(event: Any) -> Iterable[Target]:
        return select(event) if condition(event) else ()

    return conditional


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`title`, `body` and `link` are templates over the words of the frame, `task_id` and `due`."""

    topic: Topic
    to: Selector
    title: str
    body: str
    link: str
    common_link: str | None = None  # when one person gets several targets
    to_actor: bool = False  # also to the one whose act it was: he cannot know it yet


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What all rows of one event share."""

    at: datetime
    words: Mapping[str, str]
    letter_id: UUID | None = None
    activity_id: UUID | None = None
    urgency: str = "biasa"
    secrecy: Secrecy = Secrecy.BIASA


def fill(rule: Rule, target: Target, frame: Frame) -> Notice:
    """Of a secret letter nothing but the act is told."""
    words = {
        **frame.words,
        "task_id": str(target.task_id),
        "due": _due(target.due_at, frame.at),
    }
    secret = frame.secrecy.rank >= Secrecy.RAHASIA.rank
    return Notice(
        topic=rule.topic,
        target=target,
        title=rule.title.format_map(words),
        body=NOTHING_TOLD if secret else rule.body.format_map(words).strip(),
        link=rule.link.format_map(words),
        letter_id=frame.letter_id,
        activity_id=frame.activity_id,
        urgency=frame.urgency,
        secrecy=frame.secrecy,
        to_actor=rule.to_actor,
        common_link=rule.common_link and rule.common_link.format_map(words),
    )


def _due(due_at: datetime | None, now: datetime) -> str:
    return f" Tenggat {moment(due_at, now)}." if due_at else ""
