"""A notice: what is to be told, and which offices and people it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import ActorRef
from contracts.letters import Secrecy
from contracts.notify import Topic


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where an event happened: when, by whom, in which organisation."""

    at: datetime
    actor: ActorRef | None
    org: Organisation


@dataclass(frozen=True, kw_only=True)
class Target:
    """Whom a rule tells of one event, and the task that is theirs."""

    positions: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    task_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Worded and addressed; becomes one draft per person it reaches."""

    topic: Topic
    target: Target
    title: str
    body: str
    link: str
    letter_id: UUID | None = None
    activity_id: UUID | None = None
    urgency: str = "biasa"
    secrecy: Secrecy = Secrecy.BIASA
    common_link: str | None = None  # where several of one person are seen together
    to_actor: bool = False
