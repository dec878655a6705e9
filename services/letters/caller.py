"""Who calls: the positions he may use now, how far each reaches, and as which he acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

import msgspec

from chassis.organisation import Held, Organisation
from contracts.actor import Actor, ActorRef
from contracts.directory import Right
from contracts.errors import Forbidden, Unauthenticated
from contracts.letters import Secrecy
from services.letters.domain.visibility import Reach, reach, reach_of_client


@dataclass(frozen=True)
class Caller:
    actor: Actor
    org: Organisation
    now: datetime

    @classmethod
    def of(cls, actor: Actor | None, org: Organisation, now: datetime) -> Caller:
        if actor is None:
            raise Unauthenticated
        return cls(actor, org, now)

    @classmethod
    def nobody(cls, org: Organisation, now: datetime) -> Caller:
        """For what happens by itself: due times, links between services."""
        return cls(Actor(), org, now)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        return self.org.held_by(self.actor.person_id, self.now)

    def reaches(self, position_id: UUID | None = None) -> tuple[Reach, ...]:
        """Every position he reads as; `position_id` narrows (not held: nothing)."""
        if self.actor.client is not None:
            found = reach_of_client(self.org, self.actor.client.unit_id)
        else:
            found = tuple(reach(one) for one in self.held)
        return tuple(one for one in found if position_id in (None, one.position_id))

    def readable(self, secrecy: Secrecy) -> frozenset[UUID]:
        """The positions as which he may read such a letter, with the notes for them;
        a client is no office and has none."""
        return frozenset(
            one.position_id
            for one in map(reach, self.held)
            if one.max_secrecy >= secrecy.rank
        )

    # ---- acting -------------------------------------------------------------------

    def acting(self, right: Right = Right.ACT) -> Held:
        """As ``X-Acting-As`` says, else as the primary position."""
        held = self.org.acting(self.actor, self.now)
        return _with(right, held)

    def act_as(
        self, position_id: UUID, secrecy: Secrecy, right: Right = Right.ACT
    ) -> Held:
        """As this very position. Raises: Forbidden when he may not."""
        held = self.org.held(self.actor.person_id, position_id, self.now)
        if held is None or reach(held).max_secrecy < secrecy.rank:
            raise Forbidden("position_not_held", position_id=str(position_id))
        return _with(right, held)

    def may_act_as(self, position_id: UUID, secrecy: Secrecy) -> bool:
        held = self.org.held(self.actor.person_id, position_id, self.now)
        return (
            held is not None
            and reach(held).max_secrecy >= secrecy.rank
            and Right.ACT in held.rights
        )

    def acts_among(self, positions: Iterable[UUID], secrecy: Secrecy) -> Held | None:
        """The first of his positions among `positions`: the chosen one if it is."""
        wanted = set(positions)
        usable = [
            one
            for one in self.held
            if one.position_id in wanted
            and Right.ACT in one.rights
            and reach(one).max_secrecy >= secrecy.rank
        ]
        if self.actor.acting_as is not None:
            chosen = self.acting()
            usable = [one for one in usable if one.position_id == chosen.position_id]
        return next(iter(usable), None)

    def ref(self, held: Held | None) -> ActorRef:
        """How his act is signed; what a client may do is nobody's business."""
        ref = self.org.actor_ref(self.actor, held)
        if ref.client is None:
            return ref
        client = msgspec.structs.replace(ref.client, scopes=())
        return msgspec.structs.replace(ref, client=client)


def _with(right: Right, held: Held) -> Held:
    if right not in held.rights:
        raise Forbidden("forbidden", needed=right.value, held=sorted(held.rights))
    return held
