"""What the detail of a line may hold, by the acts that write it.

A line keeps what its act was about, so its members differ; a reader takes those he
knows. The schema names all of them and stays open for acts that come later.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": ["string", "null"]}
_FLAG: _Schema = {"type": "boolean"}
_COUNT: _Schema = {"type": "integer"}
_DAY: _Schema = {"type": ["string", "null"], "format": "date"}


def _id(what: str) -> _Schema:
    return {"type": ["string", "null"], "format": "uuid", "description": what}


def _texts(what: str) -> _Schema:
    return {"type": "array", "items": {"type": "string"}, "description": what}


def _rows(what: str, **members: _Schema) -> _Schema:
    row = {"type": "object", "properties": members, "additionalProperties": True}
    return {"type": "array", "items": row, "description": what}


_GIVEN = {
    "task_id": _id("the new task"),
    "position_id": _id("who got it"),
    "title": _TEXT,
    "role": _TEXT,
    "instructions": _texts("codes of instructions"),
    "due_at": _TEXT,
    "note": _TEXT,
}
MEMBERS: dict[str, _Schema] = {
    # Of a registration, an import, a signature:
    "agenda_number": _TEXT,
    "number": _TEXT,
    "dated_on": _DAY,
    "source_letter_id": _id("the outgoing letter it was born of"),
    "reservation_id": _id("the number that was kept for it"),
    # disposed, prepared, discarded, redirected, reopened
    "disposition_id": _id("the disposition"),
    "recipients": _rows("who got a task", **_GIVEN),
    "tasks": _rows("who got a task", **_GIVEN),
    "note": {**_TEXT, "description": "in a timeline, for who may read it"},
    "new_task_id": _id("what the giver has to handle now"),
    # Of a report and the ends of a task:
    "report_id": _id("the report"),
    "final": _FLAG,
    "text": {**_TEXT, "description": "in a timeline, for who may read it"},
    "by": {**_TEXT, "description": "approval acknowledgement report children letter"},
    "reason": _TEXT,
    # Instants of a due time, or positions of a redirection:
    "from": {"description": "what it was"},
    "to": {"description": "what it is"},
    # attendance_decided (a word) and closed (what was decided)
    "decision": {"description": "attend, represent or decline; or what was decided"},
    "outcome": _TEXT,
    "position_id": _id("whose answer or initial it is"),
    "represented_by": _id("who was sent"),
    "activity_id": _id("the activity that came of it"),
    # viewed
    "what": _TEXT,
    "file_id": _id("the file"),
    # corrected and secrecy_raised
    "changes": _rows("what was corrected", field=_TEXT, before={}, after={}),
    "before": _TEXT,
    "after": _TEXT,
    # drafts: drafted, revised, submitted, initialled, signed, dispatched
    "revision": _COUNT,
    "changed": _texts("members of the draft"),
    "method": _TEXT,
    "form": _TEXT,
    "signer_position_id": _id("who signs"),
    "sha256": _TEXT,
    "letter_ids": _texts("the incoming letters it became"),
    "outside": {**_COUNT, "description": "how many recipients it went to on paper"},
    "step": _TEXT,
    "asks": _texts("offices asked next"),
    # reopened: how it had ended
    "state": _TEXT,
    # the paper
    "handover_id": _id("the hand-over"),
    "from_position_id": _id("who gave it"),
    "to_position_id": _id("who gets it"),
    "accepted": _FLAG,
}

Detail = Annotated[
    dict[str, Any],
    msgspec.Meta(
        extra_json_schema={"properties": MEMBERS, "additionalProperties": True}
    ),
]
