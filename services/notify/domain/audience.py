"""From the offices of a notice to the people who read for them at that moment.

Holders and acting officials are always told; those an office is delegated to as
well, of secret letters only with `include_secret`, of the most secret never.
Who did it is not told of it. A person hears once per topic of an event, however
many of his offices are concerned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from chassis.organisation import Reader
from contracts.directory import Capacity
from contracts.letters import Secrecy
from contracts.notify import Topic
from services.notify.domain.drafts import Draft
from services.notify.domain.notices import Notice, Scene
from services.notify.domain.wording import office

_LENT = frozenset({Capacity.DELEGATE, Capacity.AIDE})


@dataclass(frozen=True, kw_only=True)
class _Reached:
    """One person reached by one notice, through one of his offices or in person."""

    person_id: UUID
    notice: Notice
    position_id: UUID | None = None
    capacity: Capacity | None = None

    @property
    def lent(self) -> bool:
        return self.capacity in _LENT


def drafts_of(notices: Iterable[Notice], scene: Scene) -> tuple[Draft, ...]:
    """One draft per person and topic, the foremost notice leading."""
    found: dict[tuple[UUID, Topic], list[_Reached]] = {}
    for reached in _reach(notices, scene):
        found.setdefault((reached.person_id, reached.notice.topic), []).append(reached)
    return tuple(_draft(group, scene) for group in found.values())


def _reach(notices: Iterable[Notice], scene: Scene) -> Iterator[_Reached]:
    person = scene.actor.person if scene.actor else None
    for notice in notices:
        for reached in _readers_of(notice, scene):
            own = person is not None and reached.person_id == person.person_id
            if notice.to_actor or not own:
                yield reached


def _readers_of(notice: Notice, scene: Scene) -> Iterator[_Reached]:
    for position_id in notice.target.positions:
        for reader in scene.org.readers(position_id, scene.at):
            if may_know(reader, notice.secrecy):
                yield _Reached(
                    person_id=reader.person_id,
                    notice=notice,
                    position_id=position_id,
                    capacity=reader.capacity,
                )
    for person_id in notice.target.people:
        yield _Reached(person_id=person_id, notice=notice)


def may_know(reader: Reader, secrecy: Secrecy) -> bool:
    if secrecy.rank < Secrecy.RAHASIA.rank or reader.capacity not in _LENT:
        return True
    return secrecy is Secrecy.RAHASIA and reader.include_secret


def _draft(group: list[_Reached], scene: Scene) -> Draft:
    """The first through an office of his own leads; the others are mentioned."""
    lead = next((reached for reached in group if not reached.lent), group[0])
    notice = lead.notice
    several = len({reached.notice.target.task_id for reached in group}) > 1
    return Draft(
        person_id=lead.person_id,
        topic=notice.topic,
        title=notice.title,
        body=" ".join([notice.body, *_addressed_as(group, scene)]),
        link=notice.common_link if several and notice.common_link else notice.link,
        letter_id=notice.letter_id,
        task_id=notice.target.task_id,
        activity_id=notice.activity_id,
        urgency=notice.urgency,
    )


def _addressed_as(group: list[_Reached], scene: Scene) -> Iterator[str]:
    """``Untuk Bupati.``: only where the reader could wonder which office is meant."""
    offices: dict[UUID, str] = {}
    for reached in group:
        position = scene.org.position(reached.position_id)
        if position:
            capacity = None if reached.lent else reached.capacity
            offices[position.position_id] = office(position.short_title, capacity)
    only_his_own = all(reached.capacity is Capacity.DEFINITIVE for reached in group)
    if offices and not (len(offices) == 1 and only_his_own):
        yield f"Untuk {' dan '.join(offices.values())}."
