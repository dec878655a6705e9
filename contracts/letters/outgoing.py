"""Outgoing letters: the draft, its initials and signature, its number.

States: ``draft → in_review → signed → dispatched``; what an initialler or the signer
saw is a *revision*, and an initial counts only for the revision it was given to.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from contracts.actor import ActorRef
from contracts.fields import (
    END,
    Code,
    Line,
    Note,
    Part,
    Positions,
    Request,
    Text,
)
from contracts.letters.requests import FileIds, InvitationBody
from contracts.letters.words import (
    Initial,
    LetterState,
    Secrecy,
    SigningForm,
    SigningMethod,
    Urgency,
)
from contracts.paging import ListQuery

InitialKind = Literal["hierarchy", "coordination"]
InitialState = Literal["waiting", "asked", "approved", "revise"]
ReviewStep = Literal["initial", "coordinate", "sign", "dispatch", "revise"]

BodyHtml = Annotated[str, msgspec.Meta(min_length=1, max_length=200_000)]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
"""Passes through once: never stored, logged, hashed or put into an error."""

RevisionNumber = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Pattern = Annotated[
    str,
    msgspec.Meta(
        min_length=3,
        max_length=100,
        pattern=r"^[A-Za-z0-9{}./\- ]+" + END,
        description="Text with the tokens {KS} {N} {K} {S} {Y} {MM} {RM}",
    ),
]
SeriesName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=30, pattern=r"^[a-z][a-z0-9_]*" + END)
]


# ---- requests ---------------------------------------------------------------------


class LetterParty(Part):
    """Whom a letter goes to: an office here, or anybody outside by name."""

    position_id: UUID | None = None
    name: Line | None = None
    address: Note | None = None


class DraftLetter(Request):
    """`initials` from below, in order; `coordinators` agree before them, together."""

    direction: Literal["outgoing"]
    kind: Code
    subject: Line
    signer_position_id: UUID
    recipients: Annotated[list[LetterParty], msgspec.Meta(min_length=1, max_length=200)]
    classification_code: Code
    urgency: Urgency
    secrecy: Secrecy
    body_html: BodyHtml | None = None
    file_ids: FileIds = msgspec.field(default_factory=list)
    signing_form: SigningForm = SigningForm.SELF
    initials: Annotated[list[UUID], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list
    )
    coordinators: Annotated[list[UUID], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list
    )
    copies: Positions = msgspec.field(default_factory=list)
    summary: Text | None = None
    replies_to: UUID | None = None
    invitation: InvitationBody | None = None


class GiveInitial(Request):
    """`revise` sends the draft back. `revision`: the one that was read; when it is not
    the present one any more, nothing happens."""

    decision: Initial
    note: Note | None = None
    revision: RevisionNumber | None = None


class SignLetter(Request):
    """`none` and `local` always ask for the account's `password` (or as `passphrase`),
    `bsre` for its `passphrase`, with `password` ten minutes after the login."""

    method: SigningMethod
    passphrase: Secret | None = None
    password: Secret | None = None
    revision: RevisionNumber | None = None
    reservation_id: UUID | None = None
    file_ids: Annotated[list[UUID], msgspec.Meta(max_length=1)] = msgspec.field(
        default_factory=list
    )


class AttachScan(Request):
    """The sheet that was signed with ink."""

    file_id: UUID


class DispatchLetter(Request):
    """`force`: a letter signed with ink goes out before its scan is there."""

    force: bool = False


class ReviewsQuery(ListQuery):
    position_id: UUID | None = None


class NumberTemplateBody(Part):
    """Null members stand for every kind, and for every signer of the unit."""

    pattern: Pattern
    series: SeriesName
    kind: Code | None = None
    signer_position_id: UUID | None = None


class PutNumberTemplates(Request):
    """All templates of one unit, instead of those it has; null = of the regency."""

    unit_id: UUID | None
    items: Annotated[list[NumberTemplateBody], msgspec.Meta(max_length=200)]


class NumberTemplatesQuery(ListQuery):
    unit_id: UUID | None = None


class ReserveNumber(Request):
    kind: Code
    dated_on: date
    reason: Note


class ReservationsQuery(ListQuery):
    """`unused`: only those no letter has yet."""

    unused: bool = False


# ---- answers ----------------------------------------------------------------------


class InitialLine(msgspec.Struct, kw_only=True):
    """One box of the row of initials, for the present revision."""

    position_id: UUID
    title: str
    kind: InitialKind
    order: int
    state: InitialState
    at: datetime | None
    by: ActorRef | None
    note: str | None


class OutgoingRecipient(msgspec.Struct, kw_only=True):
    """`letter_id`: the incoming letter it became at the recipient's register."""

    position_id: UUID | None
    title: str | None
    name: str | None
    address: str | None
    copy: bool
    state: Literal["pending", "dispatched"]
    letter_id: UUID | None


class Outgoing(msgspec.Struct, kw_only=True):
    """What an outgoing letter has beside the facts of every letter. `methods`: the
    ways of signing that are set up here, the strongest first."""

    body_html: str | None
    signer_position_id: UUID
    signer_title: str
    signing_form: SigningForm
    drafter_position_id: UUID | None
    initials: list[InitialLine]
    recipients: list[OutgoingRecipient]
    revision: int
    number_preview: str | None
    signed_at: datetime | None
    signed_by: ActorRef | None
    method: SigningMethod | None
    methods: list[SigningMethod]
    verify_token: str | None
    dispatched_at: datetime | None
    scan_missing: bool
    final_file_id: UUID | None
    scan_file_id: UUID | None
    waits_for: ReviewStep | None


class LetterLink(msgspec.Struct, kw_only=True):
    """Another letter, named; only for who may see it."""

    letter_id: UUID
    direction: str
    agenda_number: str | None
    number: str | None
    dated_on: date | None
    subject: str
    state: LetterState


class RevisionDecision(msgspec.Struct, kw_only=True):
    position_id: UUID
    title: str
    decision: Initial
    note: str | None
    at: datetime
    by: ActorRef


class Revision(msgspec.Struct, kw_only=True):
    """One state of the draft, as whoever initialled it saw it. `files` are SHA-256."""

    revision: int
    at: datetime
    by: ActorRef
    subject: str
    body_html: str | None
    body_sha256: str | None
    files: list[str]
    changed: list[str]
    decisions: list[RevisionDecision]


class DraftSaved(msgspec.Struct, kw_only=True):
    """`version` is that of the next change."""

    letter_id: UUID
    version: int
    revision: int
    saved_at: datetime


class Review(msgspec.Struct, kw_only=True):
    """An outgoing letter that waits for the caller's office `position_id`."""

    letter_id: UUID
    step: ReviewStep
    position_id: UUID
    since: datetime
    subject: str
    kind: str
    urgency: Urgency
    secrecy: Secrecy
    state: LetterState
    drafter: ActorRef
    signer_position_id: UUID
    signer_title: str


class NumberPreview(msgspec.Struct, kw_only=True):
    """`provisional` until signed: another letter may take it first."""

    number: str | None
    provisional: bool


class NumberTemplate(msgspec.Struct, kw_only=True):
    template_id: UUID
    unit_id: UUID | None
    kind: str | None
    signer_position_id: UUID | None
    pattern: str
    series: str


class Reservation(msgspec.Struct, kw_only=True):
    """A number taken for a past date; in `number` "…" stands for what only the letter
    that uses it knows."""

    reservation_id: UUID
    register_unit_id: UUID
    number: str
    seq: int
    year: int
    kind: str
    dated_on: date
    reason: str
    created_by: ActorRef
    created_at: datetime
    letter_id: UUID | None


__all__ = [
    "AttachScan",
    "DispatchLetter",
    "DraftLetter",
    "DraftSaved",
    "GiveInitial",
    "InitialLine",
    "LetterLink",
    "LetterParty",
    "NumberPreview",
    "NumberTemplate",
    "NumberTemplateBody",
    "NumberTemplatesQuery",
    "Outgoing",
    "OutgoingRecipient",
    "PutNumberTemplates",
    "Reservation",
    "ReservationsQuery",
    "ReserveNumber",
    "Review",
    "ReviewsQuery",
    "Revision",
    "RevisionDecision",
    "SignLetter",
]
