"""Rules of who holds an office: told to himself, to the office and to Sekda."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from contracts.codec import ZONE
from contracts.directory import AssignmentEnded, AssignmentStarted
from contracts.envelope import Event
from contracts.notify import Topic
from services.notify.domain.notices import Scene, Target
from services.notify.domain.rule import Frame, Rule, Selector
from services.notify.domain.wording import day, office, sentence

AssignmentFacts = AssignmentStarted | AssignmentEnded


def himself(event: AssignmentFacts) -> Iterator[Target]:
    yield Target(people=(event.person.person_id,))


def concerned(event: AssignmentFacts) -> Iterator[Target]:
    yield Target(
        positions=event.concerned_position_ids, people=event.concerned_person_ids
    )


def _row(to: Selector, title: str, body: str) -> Rule:
    return Rule(
        topic=Topic.ASSIGNMENT_CHANGED,
        to=to,
        title=title,
        body=body,
        link="/",
    )


RULES: Mapping[type[Event], tuple[Rule, ...]] = {
    AssignmentStarted: (
        _row(himself, "Anda kini {office}", "{from_until}"),
        _row(concerned, "Pemegang jabatan berganti", "{office}: {from_until}"),
    ),
    AssignmentEnded: (
        _row(himself, "Anda tidak lagi {office}", "Jabatan ini berakhir {ended}."),
        _row(concerned, "Masa jabatan berakhir", "{office}, berakhir {ended}."),
    ),
}


def frame_of(event: AssignmentFacts, scene: Scene) -> Frame:
    return Frame(
        at=scene.at,
        words={
            "office": office(event.position.title, event.capacity.value),
            "from_until": _from_until(event, scene.at),
            "ended": day(event.ends_at or scene.at, scene.at),
        },
    )


def _from_until(event: AssignmentFacts, now: datetime) -> str:
    until = f"sampai {day(_noon(event.ends_on), now)}" if event.ends_on else None
    return sentence(f"Mulai {day(_noon(event.starts_on), now)}", until)


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=ZONE)
