"""HTTP rows of letters: corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

from functools import partial

from contracts.letters import CorrectLetter, Letter
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
            "paper_only",
        ),
    ),
)
