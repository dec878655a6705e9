"""An outgoing letter beside the facts of every letter: who initials, signs, gets it.

A *revision* is one state of the draft. An initial counts only for the revision it was
given to, so that an initialled text never changes silently. Offices of other units
agree first, all at once (*paraf koordinasi*); then the levels under the signer, from
below (*paraf hierarki*), so that the last initial is that of the one next to him.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.letters import SigningForm, SigningMethod
from contracts.letters.outgoing import InitialKind, InitialState, ReviewStep


@dataclass(kw_only=True)
class InitialBox:
    """A box in the row of initials; `at` says since when it is in its state."""

    position_id: UUID
    kind: InitialKind
    place: int
    state: InitialState = "waiting"
    revision: int | None = None
    at: datetime | None = None
    by: dict[str, Any] | None = None
    note: str | None = None

    def clear(self) -> None:
        self.state, self.revision = "waiting", None
        self.at, self.by, self.note = None, None, None

    def decide(
        self,
        state: InitialState,
        revision: int,
        now: datetime,
        by: dict[str, Any],
        note: str | None,
    ) -> None:
        self.state, self.revision = state, revision
        self.at, self.by, self.note = now, by, note


@dataclass(kw_only=True)
class Recipient:
    """An office here, or a name outside; `became`: its own letter after dispatch."""

    position_id: UUID | None = None
    name: str | None = None
    address: str | None = None
    copy: bool = False
    became: UUID | None = None


@dataclass(kw_only=True)
class Outgoing:
    """`step` is what it waits for, since `step_since`; the signing token belongs to
    whoever signs just now, until it expires."""

    signer_position_id: UUID
    signing_form: SigningForm
    drafter_position_id: UUID | None
    register_unit_id: UUID
    body_html: str | None = None
    revision: int = 1
    initials: list[InitialBox] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)
    step: ReviewStep | None = None
    step_since: datetime | None = None
    signing_token: UUID | None = None
    signing_until: datetime | None = None
    method: SigningMethod | None = None
    signed_at: datetime | None = None
    signed_by: dict[str, Any] | None = None
    printed: dict[str, Any] | None = None  # name, rank, NIP as the paper has them
    verify_token: str | None = None
    final_file_id: UUID | None = None
    scan_file_id: UUID | None = None
    dispatched_at: datetime | None = None

    def box_of(self, position_id: UUID) -> InitialBox | None:
        return next(
            (one for one in self.initials if one.position_id == position_id), None
        )

    def next_boxes(self) -> list[InitialBox]:
        """Whose turn it is: all open coordinations, else the lowest open level."""
        open_boxes = [one for one in self.in_order() if one.state != "approved"]
        together = [one for one in open_boxes if one.kind == "coordination"]
        return together or open_boxes[:1]

    def in_order(self) -> list[InitialBox]:
        """As they are asked: coordination first."""
        return sorted(
            self.initials, key=lambda one: (one.kind == "hierarchy", one.place)
        )

    def missing(self) -> list[UUID]:
        """Offices whose initial this revision still lacks."""
        return [
            one.position_id
            for one in self.in_order()
            if one.state != "approved" or one.revision != self.revision
        ]

    def chain(self) -> Iterator[UUID]:
        if self.drafter_position_id is not None:
            yield self.drafter_position_id
        yield from (one.position_id for one in self.in_order())
        yield self.signer_position_id

    def enter(self, step: ReviewStep | None, now: datetime) -> None:
        if step != self.step:
            self.step, self.step_since = step, now if step else None

    def is_signing(self, now: datetime) -> bool:
        """Somebody signs it at this moment; his claim lapses if he dies over it."""
        return self.signing_until is not None and now < self.signing_until

    @property
    def scan_missing(self) -> bool:
        return self.method is SigningMethod.NONE and self.scan_file_id is None
