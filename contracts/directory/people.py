"""Facts of a person that only the directory keeps: number, rank, academic titles.

They never travel in rows of read copies or events (ADR 0117): administrators write
them, and whoever signs gets his own.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from contracts.directory.codes import Grade
from contracts.directory.requests import PersonWithPositions
from contracts.fields import END, Request, ShortLine

Nip = Annotated[
    str,
    msgspec.Meta(
        min_length=18,
        max_length=30,
        pattern=r"^[0-9][0-9 .]*" + END,
        description="18 digits; blanks and dots between them are taken away",
    ),
]


class PersonFacts(PersonWithPositions, frozen=True, kw_only=True):
    """One person for an administrator; `nip` is masked here, too."""

    grade: Grade | None
    degrees_before: str | None
    degrees_after: str | None
    version: int


class UpdatePerson(Request):
    """JSON Merge Patch; what is absent stays, null removes."""

    nip: Nip | UnsetType | None = UNSET
    grade: Grade | UnsetType | None = UNSET
    degrees_before: ShortLine | UnsetType | None = UNSET
    degrees_after: ShortLine | UnsetType | None = UNSET


class SigningIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller himself is printed with when he signs; over RPC only."""

    nip: str | None = None
    grade: Grade | None = None
    degrees_before: str | None = None
    degrees_after: str | None = None


class PrintedIdentity(SigningIdentity, frozen=True, kw_only=True):
    """The same of another, for a disposition sheet he gave; over RPC only."""

    person_id: UUID
