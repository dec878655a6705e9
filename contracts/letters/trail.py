"""Corrections of a letter, its sealed trail, and the daily digests of all trails."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from contracts.fields import (
    Code,
    Instant,
    Line,
    Note,
    Part,
    Positions,
    Request,
    ShortLine,
    Text,
)
from contracts.letters.details import Detail
from contracts.letters.outgoing import BodyHtml, LetterParty
from contracts.letters.requests import FileIds
from contracts.letters.words import Action, Secrecy, SigningForm, Urgency

LONGEST_TRAIL_PAGE = 1_000


class SenderPatch(Part):
    name: Line | UnsetType = UNSET
    unit_id: UUID | UnsetType | None = UNSET
    address: Note | UnsetType | None = UNSET


class ExternalRefPatch(Part):
    system: ShortLine | UnsetType = UNSET
    id: ShortLine | UnsetType = UNSET


class InvitationPatch(Part):
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType | None = UNSET
    place: Line | UnsetType | None = UNSET
    dress_code: Line | UnsetType | None = UNSET
    contact: Line | UnsetType | None = UNSET


class CorrectLetter(Request):
    """JSON Merge Patch; what is absent stays, null removes.

    Of an incoming letter its facts; of an outgoing draft also its text, its signer
    and who goes over it. A member of the other direction is refused by its name.
    """

    kind: Code | UnsetType = UNSET
    number: ShortLine | UnsetType | None = UNSET
    dated_on: date | UnsetType | None = UNSET
    received_at: Instant | UnsetType = UNSET
    sender: SenderPatch | UnsetType = UNSET
    subject: Line | UnsetType = UNSET
    summary: Text | UnsetType | None = UNSET
    classification_code: Code | UnsetType | None = UNSET
    urgency: Urgency | UnsetType = UNSET
    secrecy: Secrecy | UnsetType = UNSET
    file_ids: FileIds | UnsetType = UNSET
    replies_to: UUID | UnsetType | None = UNSET
    external_ref: ExternalRefPatch | UnsetType | None = UNSET
    invitation: InvitationPatch | UnsetType | None = UNSET
    body_html: BodyHtml | UnsetType | None = UNSET
    signer_position_id: UUID | UnsetType = UNSET
    signing_form: SigningForm | UnsetType = UNSET
    initials: Positions | UnsetType = UNSET
    coordinators: Positions | UnsetType = UNSET
    recipients: (
        Annotated[list[LetterParty], msgspec.Meta(max_length=200)] | UnsetType
    ) = UNSET
    copies: Positions | UnsetType = UNSET


class SaveDraft(Request):
    """What is written of a draft, while it is written; absent stays, null removes."""

    subject: Line | UnsetType = UNSET
    summary: Text | UnsetType | None = UNSET
    body_html: BodyHtml | UnsetType | None = UNSET
    file_ids: FileIds | UnsetType = UNSET
    invitation: InvitationPatch | UnsetType | None = UNSET


# ---- the trail -------------------------------------------------------------------


class TrailQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    limit: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_TRAIL_PAGE)] = 200
    cursor: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class TrailHead(msgspec.Struct, frozen=True, kw_only=True):
    """The last line of a trail, as the letter itself keeps it."""

    seq: int
    hash: str


class TrailItem(msgspec.Struct, kw_only=True):
    """One sealed line; `docs/trail.md` says which bytes `hash` is of. `actor` is an
    `ActorRef` as it was written, because it is sealed as it was written."""

    seq: int
    at: datetime
    action: Action
    actor: dict[str, Any] | None
    task_id: UUID | None
    detail: Detail
    prev_hash: str
    hash: str


class TrailDigest(msgspec.Struct, frozen=True, kw_only=True):
    """All trails that grew on one day, signed: `signature` (Ed25519, base64) is over
    the text `docs/trail.md` gives; `previous` is the SHA-256 of the day before's."""

    day: date
    letters: int
    root: str
    previous: str
    signature: str
    key_id: str
    public_key: str  # base64, 32 bytes
    made_at: datetime


class TrailStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step up the tree: the sibling's hash, and on which side it stands."""

    side: str  # left right
    hash: str


class TrailAnchor(msgspec.Struct, kw_only=True):
    """Why a line of this trail is in a signed digest: the way up to its root."""

    seq: int
    hash: str
    steps: list[TrailStep]
    digest: TrailDigest


class LetterTrail(msgspec.Struct, kw_only=True):
    """A letter's trail, oldest first. `first_broken`: the `seq` of the first line
    that does not hold. `anchor`: the newest signed digest it stands in, if any."""

    letter_id: UUID
    agenda_number: str | None
    head: TrailHead
    intact: bool
    first_broken: int | None
    anchor: TrailAnchor | None
    items: list[TrailItem]
    next_cursor: str | None


class DigestsQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, msgspec.Meta(max_length=500)] | None = None
