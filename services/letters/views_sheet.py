"""What a printed *lembar disposisi* shows of a letter: one sheet for each disposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.codec import ZONE
from contracts.letters import Role, Secrecy, TaskState, Urgency
from services.letters import links, reference, views_tasks
from services.letters.caller import Caller
from services.letters.documents.letterhead import letterhead_of
from services.letters.documents.model import DispositionSheet, SheetRecipient
from services.letters.outgoing_document import signs_with_rank

_LIST = "instructions"
MOST = 40  # sheets of one letter, the oldest first

_LETTER = sa.text("SELECT * FROM letter WHERE letter_id = :letter_id")
_DISPOSITIONS = sa.text(
    "SELECT disposition_id, given_by, note, issued_by, issued_at FROM disposition"
    " WHERE letter_id = :letter_id AND state = 'issued'"
    " AND disposition_id = coalesce(CAST(:only AS uuid), disposition_id)"
    " ORDER BY issued_at, disposition_id LIMIT :most"
)
_TASKS = sa.text(
    "SELECT t.task_id, t.disposition_id, t.position_id, t.given_by, t.parent_task_id,"
    " t.role, t.instructions, t.note, t.due_at, t.state, :secrecy AS secrecy FROM task t"
    " WHERE t.letter_id = :letter_id AND t.disposition_id = ANY(CAST(:ids AS uuid[]))"
    " ORDER BY t.task_id"
)
_ROLES = {
    Role.HANDLE: "menangani",
    Role.REPRESENT: "mewakili",
    Role.COORDINATE: "koordinasi",
    Role.INFORM: "mengetahui",
}
_TAKEN_BACK = {TaskState.WITHDRAWN: "ditarik", TaskState.CANCELLED: "dibatalkan"}
ACTING = {"plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. "}


def sheets(
    session: Session, caller: Caller, letter_id: UUID, only: UUID | None = None
) -> list[DispositionSheet]:
    """Of a letter the caller is known to see; a blank one when nobody has disposed,
    none when `only` is no disposition of it. Notes as everywhere: for who may read them.
    """
    letter = session.execute(_LETTER, {"letter_id": letter_id}).mappings().one()
    values = {"letter_id": letter_id, "only": only, "most": MOST}
    given = session.execute(_DISPOSITIONS, values).mappings().all()
    ids = [str(row["disposition_id"]) for row in given]
    facts = {"letter_id": letter_id, "secrecy": letter["secrecy"], "ids": ids}
    tasks = session.execute(_TASKS, facts).mappings().all()
    paper = _Paper(
        caller,
        letter,
        {one["code"]: one["label_id"] for one in reference.items(session, _LIST)},
        views_tasks.may_read_notes(session, caller, tasks),
    )
    if not given:
        return [] if only else [paper.blank()]
    return [
        paper.sheet(
            row, [t for t in tasks if t["disposition_id"] == row["disposition_id"]]
        )
        for row in given
    ]


@dataclass(frozen=True)
class _Paper:
    """`readable`: the tasks whose notes the caller reads."""

    caller: Caller
    letter: Any
    labels: dict[str, str]
    readable: frozenset[UUID]

    def blank(self) -> DispositionSheet:
        """For the pen of the first addressee; its head is the register's."""
        office = next(iter(self.letter["addressees"]), None)
        position = self.caller.org.position(office) if office else None
        return self._made(
            self.letter["register_unit_id"],
            instructions=[(label, False) for label in self.labels.values()],
            given_by_title=position.title if position else None,
            ranked=position is None or signs_with_rank(self.caller.org, position),
        )

    def sheet(self, row: Any, tasks: Sequence[Any]) -> DispositionSheet:
        giver = self.caller.org.position(row["given_by"])
        by = codec.load(ActorRef, row["issued_by"])
        wanted = {code for task in tasks for code in task["instructions"]}
        differ = len({tuple(sorted(task["instructions"])) for task in tasks}) > 1
        noted = any(task["task_id"] in self.readable for task in tasks)
        acting = ACTING.get(by.capacity or "", "")
        return self._made(
            giver.unit_id if giver else self.letter["register_unit_id"],
            recipients=[self._recipient(task, differ) for task in tasks],
            instructions=[(text, code in wanted) for code, text in self.labels.items()],
            note=row["note"] if noted else None,
            given_by_title=acting + (giver.title if giver else ""),
            given_by_name=by.person.name if by.person else None,
            given_by=by.person.person_id if by.person else None,
            ranked=giver is None or signs_with_rank(self.caller.org, giver),
            given_on=row["issued_at"].astimezone(ZONE).date(),
        )

    def _recipient(self, task: Any, differ: bool) -> SheetRecipient:
        position = self.caller.org.position(task["position_id"])
        codes = task["instructions"] if differ else []
        words = [_ROLES[Role(task["role"])], _TAKEN_BACK.get(TaskState(task["state"]))]
        words += [self.labels.get(code, code).lower() for code in codes]
        return SheetRecipient(
            title=position.title if position else "",
            role_label=", ".join(word for word in words if word),
            due_at=task["due_at"],
            note=task["note"] if task["task_id"] in self.readable else None,
        )

    def _made(self, unit_id: UUID, **given: Any) -> DispositionSheet:
        letter = self.letter
        same = ("number", "dated_on", "received_at", "agenda_number", "subject")
        return DispositionSheet(
            letterhead=letterhead_of(self.caller.org, unit_id),
            sender=letter["sender_name"],
            urgency=Urgency(letter["urgency"]),
            secrecy=Secrecy(letter["secrecy"]),
            tracking_url=links.tracking_url(letter["letter_id"]),
            **{name: letter[name] for name in same},
            **given,
        )
