"""Registers (buku agenda) and retention: queries and rows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.actor import PositionRef
from contracts.fields import Code, Part, Request, SearchText
from contracts.letters.requests import Day
from contracts.letters.resources import Sender
from contracts.letters.words import Direction, LetterState, Outcome, Secrecy, Urgency
from contracts.paging import ListQuery

# ---- registers -------------------------------------------------------------------


class RegisterSort(StrEnum):
    NEWEST = "-agenda_seq"
    OLDEST = "agenda_seq"


class RegisterQuery(ListQuery):
    """`from` and `to` are days of the register's own date column; `q` finds words in
    what the caller may read, and agenda numbers. `legacy`: the book of an older
    application, imported, whose numbers are its own."""

    direction: Direction = Direction.INCOMING
    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None
    q: SearchText | None = None
    legacy: bool = False
    sort: RegisterSort = RegisterSort.NEWEST


class RegisterRow(msgspec.Struct, kw_only=True):
    """One line of a register. `masked`: number and day only; a letter that is
    `rahasia` or above is masked for everybody, `letter_id` then leads who may read it
    to the letter itself."""

    agenda_seq: int
    agenda_number: str
    day: date  # of receipt or dispatch
    masked: bool
    letter_id: UUID | None = None
    state: LetterState | None = None
    outcome: Outcome | None = None
    void_reason: str | None = None
    kind: str | None = None
    number: str | None = None
    dated_on: date | None = None
    received_at: datetime | None = None
    dispatched_at: datetime | None = None
    sender: Sender | None = None
    recipients: list[str] | None = None
    subject: str | None = None
    summary: str | None = None
    attachments: int | None = None
    forwarded_to: list[PositionRef] | None = None
    classification_code: str | None = None
    urgency: Urgency | None = None
    secrecy: Secrecy | None = None


class RegisterPage(msgspec.Struct, kw_only=True):
    """A page of lines, and of which book."""

    unit_id: UUID
    unit_name: str
    direction: Direction
    year: int
    legacy: bool
    items: list[RegisterRow]
    next_cursor: str | None = None


class Register(msgspec.Struct, kw_only=True):
    """A book the caller may open. `count` numbers were given, void ones included;
    `next_number` is a forecast, null for a book that grows no more."""

    unit_id: UUID
    unit_name: str
    direction: Direction
    year: int
    legacy: bool
    last_seq: int
    count: int
    next_number: str | None


# ---- retention -------------------------------------------------------------------


class Fate(StrEnum):
    """What becomes of a letter when its retention ends; nobody but people act."""

    DESTROY = "destroy"
    REVIEW = "review"
    PERMANENT = "permanent"


class RetentionStage(StrEnum):
    """`unscheduled`: no rule covers its classification."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DUE = "due"
    UNSCHEDULED = "unscheduled"


class RetentionQuery(ListQuery):
    """`before`: the whole retention ends before this day."""

    unit_id: UUID | None = None
    stage: RetentionStage | None = None
    fate: Fate | None = None
    before: date | None = None


class RetentionRow(msgspec.Struct, kw_only=True):
    """An ended letter; `masked`: `rahasia` or above, without its subject. The rule is
    that of the nearest classification above, `rule_code`."""

    letter_id: UUID
    direction: Direction
    agenda_number: str
    agenda_year: int
    register_unit_id: UUID
    masked: bool
    subject: str | None
    classification_code: str | None
    state: LetterState
    ended_at: datetime
    rule_code: str | None
    active_until: date | None
    inactive_until: date | None
    fate: Fate | None
    stage: RetentionStage


class RetentionRule(Part):
    """How long letters of a classification and those below it are kept."""

    classification_code: Code
    active_years: Annotated[int, msgspec.Meta(ge=0, le=100)]
    inactive_years: Annotated[int, msgspec.Meta(ge=0, le=100)]
    fate: Fate


class PutRetentionRules(Request):
    """The whole schedule: what is not named has no rule any more."""

    rules: Annotated[list[RetentionRule], msgspec.Meta(max_length=5000)]


class RetentionRules(msgspec.Struct, kw_only=True):
    items: list[RetentionRule]
