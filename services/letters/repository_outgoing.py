"""Outgoing letters in PostgreSQL: the draft's own rows, read and written with its
letter, under the letter's lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.letters import SigningForm, SigningMethod
from services.letters import orm_outgoing as orm
from services.letters.domain.outgoing import InitialBox, Outgoing, Recipient

_PLAIN = [
    "signer_position_id",
    "drafter_position_id",
    "register_unit_id",
    "body_html",
    "revision",
    "step",
    "step_since",
    "signing_token",
    "signing_until",
    "signed_at",
    "signed_by",
    "printed",
    "verify_token",
    "final_file_id",
    "scan_file_id",
    "dispatched_at",
]
_BOX = ["position_id", "kind", "place", "state", "revision", "at", "by", "note"]
_RECIPIENT = ["position_id", "name", "address", "copy"]


def load(session: Session, letter_id: UUID) -> Outgoing:
    """The outgoing part of a letter whose row was read or locked just now."""
    values = {"letter_id": letter_id}
    row = session.execute(_ONE, values).mappings().one()
    return Outgoing(
        **{name: row[name] for name in _PLAIN},
        signing_form=SigningForm(row["signing_form"]),
        method=SigningMethod(row["method"]) if row["method"] else None,
        initials=[_box(one) for one in session.execute(_BOXES, values).mappings()],
        recipients=[
            _recipient(one) for one in session.execute(_RECIPIENTS, values).mappings()
        ],
    )


_ONE = sa.select(orm.outgoing).where(
    orm.outgoing.c.letter_id == sa.bindparam("letter_id")
)
_BOXES = (
    sa.select(orm.outgoing_initial)
    .where(orm.outgoing_initial.c.letter_id == sa.bindparam("letter_id"))
    .order_by(orm.outgoing_initial.c.kind.desc(), orm.outgoing_initial.c.place)
)
_RECIPIENTS = (
    sa.select(orm.outgoing_recipient)
    .where(orm.outgoing_recipient.c.letter_id == sa.bindparam("letter_id"))
    .order_by(orm.outgoing_recipient.c.place)
)


def _box(row: sa.RowMapping) -> InitialBox:
    return InitialBox(**{name: row[name] for name in _BOX})


def _recipient(row: sa.RowMapping) -> Recipient:
    facts = {name: row[name] for name in _RECIPIENT}
    return Recipient(**facts, became=row["became_letter_id"])


def save(session: Session, letter_id: UUID, it: Outgoing) -> None:
    """Write all of it; new or not. The letter's row is locked."""
    values = {
        **{name: getattr(it, name) for name in _PLAIN},
        "signing_form": it.signing_form.value,
        "method": it.method.value if it.method else None,
    }
    statement = insert(orm.outgoing).values(letter_id=letter_id, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["letter_id"], set_=values)
    )
    _replace(session, orm.outgoing_initial, letter_id, map(_box_row, it.initials))
    recipients = enumerate(it.recipients)
    rows = (_recipient_row(place, one) for place, one in recipients)
    _replace(session, orm.outgoing_recipient, letter_id, rows)


def _box_row(box: InitialBox) -> dict[str, Any]:
    return {name: getattr(box, name) for name in _BOX}


def _recipient_row(place: int, one: Recipient) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in _RECIPIENT}
    return {**facts, "place": place, "became_letter_id": one.became}


def _replace(
    session: Session, table: sa.Table, letter_id: UUID, rows: Iterable[dict[str, Any]]
) -> None:
    """Nothing is written when nothing changed: a recipient's row refers to the letter
    it became, and to write it waits for whoever works on that one."""
    given = [{**row, "letter_id": letter_id} for row in rows]
    of_letter = table.c.letter_id == letter_id
    present = session.execute(sa.select(table).where(of_letter)).mappings().all()
    if len(present) == len(given) and all(dict(row) in given for row in present):
        return
    session.execute(sa.delete(table).where(of_letter))
    if given:
        session.execute(sa.insert(table), given)


_REVISION = sa.text(
    "SELECT by, changed, EXISTS (SELECT FROM trail t WHERE t.letter_id = r.letter_id"
    " AND t.action = 'submitted' AND t.detail->>'revision' = CAST(r.revision AS text))"
    " AS submitted FROM outgoing_revision r"
    " WHERE letter_id = :letter_id AND revision = :revision"
)


class OutgoingLetters:
    """Revisions of a draft and decisions about them: added, and never changed once
    somebody was asked about them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_revision(self, **values: Any) -> None:
        self._session.execute(sa.insert(orm.outgoing_revision).values(**values))

    def write_over(self, letter_id: UUID, revision: int, **values: Any) -> None:
        """Of a revision that is still being written."""
        table = orm.outgoing_revision
        one = (table.c.letter_id == letter_id) & (table.c.revision == revision)
        self._session.execute(sa.update(table).where(one).values(**values))

    def revision(self, letter_id: UUID, revision: int) -> sa.RowMapping:
        """Who wrote it, what it changed, and whether it was ever submitted."""
        values = {"letter_id": letter_id, "revision": revision}
        return self._session.execute(_REVISION, values).mappings().one()

    def add_decision(self, **values: Any) -> None:
        self._session.execute(sa.insert(orm.outgoing_decision).values(**values))
