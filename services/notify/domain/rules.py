"""The rule table: what each event tells to whom, in which words.

Rows stand in `letter_rules`, `outgoing_rules`, `activity_rules`,
`assignment_rules` and `takeover_rules`; a type of event without rows tells nobody anything. All of it is a function of the event and
the organisation at the event's time: no order of arrival changes what is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts import codec, directory, schedule_events
from contracts.directory import AssignmentEnded, AssignmentStarted
from contracts.envelope import Envelope, Event
from contracts.letters import EVENTS as LETTER_EVENTS
from contracts.letters import LetterFacts, TasksTakenOver
from contracts.schedule_events import ActivityFacts
from services.notify.domain import (
    activity_rules,
    assignment_rules,
    letter_rules,
    outgoing_rules,
    takeover_rules,
)
from services.notify.domain.notices import Notice, Scene
from services.notify.domain.rule import Frame, Rule, fill

RULES: Mapping[type[Event], tuple[Rule, ...]] = {
    **letter_rules.RULES,
    **outgoing_rules.RULES,
    **activity_rules.RULES,
    **assignment_rules.RULES,
    **takeover_rules.RULES,
}

_TYPES: dict[str, type[Event]] = {
    **LETTER_EVENTS,
    **schedule_events.EVENTS,
    **directory.EVENTS,
    TasksTakenOver.type: TasksTakenOver,
}


def read_event(envelope: Envelope) -> Event:
    """The envelope's data as its declared type; unknown fields are ignored."""
    return codec.load(_TYPES[envelope.type], envelope.data)


def notices_of(event: Event, scene: Scene) -> Iterator[Notice]:
    """Everything `event` gives to tell, foremost first."""
    rows = RULES.get(type(event), ())
    if rows:
        frame = _frame_of(event, scene)
        for row in rows:
            for target in row.to(event):
                yield fill(row, target, frame)


def _frame_of(event: Event, scene: Scene) -> Frame:
    if isinstance(event, LetterFacts):
        return letter_rules.frame_of(event, scene)
    if isinstance(event, ActivityFacts):
        return activity_rules.frame_of(event, scene)
    if isinstance(event, AssignmentStarted | AssignmentEnded):
        return assignment_rules.frame_of(event, scene)
    if isinstance(event, TasksTakenOver):
        return takeover_rules.frame_of(event, scene)
    raise TypeError(type(event))
