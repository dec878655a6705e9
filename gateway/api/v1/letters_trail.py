"""HTTP rows of letters: corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

from functools import partial

from contracts.letters import (
    CorrectLetter,
    DigestsQuery,
    Letter,
    LetterTrail,
    TrailDigest,
    TrailQuery,
)
from contracts.paging import Page
from gateway.api.v1.operation import Operation

_row = partial(Operation, service="letters", tag="letters")

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="correct_letter",
        method="PATCH",
        path="/letters/{letter_id}",
        summary="Correct a letter nobody disposed yet, or raise its secrecy",
        response=Letter,
        body=CorrectLetter,
        command=True,
        etag=True,
        errors=(
            "position_not_held",
            "already_disposed",
            "illegal_transition",
            "signing_in_progress",
            "paper_only",
        ),
    ),
    _row(
        name="get_letter_audit",
        method="GET",
        path="/letters/{letter_id}/audit",
        summary="The letter's sealed trail, and whether it holds",
        response=LetterTrail,
        query=TrailQuery,
    ),
    _row(
        name="list_trail_digests",
        method="GET",
        path="/trail-digests",
        summary="The signed digest of every day, newest first",
        response=Page[TrailDigest],
        query=DigestsQuery,
        public=True,
    ),
    _row(
        name="get_trail_digest",
        method="GET",
        path="/trail-digests/{day}",
        summary="The signed digest of one day",
        response=TrailDigest,
        public=True,
    ),
)
