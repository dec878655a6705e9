"""Outgoing letters as the API shows them: the draft's part, revisions, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.letters import (
    Initial,
    InitialLine,
    LetterLink,
    LetterState,
    Outgoing,
    OutgoingRecipient,
    Review,
    ReviewsQuery,
    Revision,
    RevisionDecision,
    Secrecy,
    Urgency,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters import numbering, signing
from services.letters.caller import Caller
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing import InitialBox, Recipient
from services.letters.masking import subject_in_list
from services.letters.views import ALLOWED, REACH, reach_values

# Rows of `Linked` beside a letter `it`.
LINKED = (
    f"SELECT l.letter_id, l.direction, l.agenda_number, l.number, l.dated_on,"
    f" l.subject, l.state, l.secrecy FROM letter l WHERE"
    f" (l.letter_id = it.source_letter_id"
    f" OR l.replies_to = it.letter_id AND l.direction = 'outgoing')"
    f" AND EXISTS (SELECT FROM letter_visibility v JOIN {REACH} ON {ALLOWED}"
    f" WHERE v.letter_id = l.letter_id) ORDER BY l.letter_id LIMIT 101"
)


class Linked(LetterLink, kw_only=True):
    """A link as it is stored; what of it is shown depends on its secrecy."""

    secrecy: Secrecy


def linked(
    rows: Sequence[Linked], source: UUID | None
) -> tuple[LetterLink | None, list[LetterLink]]:
    """The letter it was born of, and those that answer it; as far as one may see."""
    links = [_link(row) for row in rows]
    born_of = next((one for one in links if one.letter_id == source), None)
    return born_of, [one for one in links if one.letter_id != source]


def _link(row: Linked) -> LetterLink:
    facts = {name: getattr(row, name) for name in LetterLink.__struct_fields__}
    return LetterLink(**{**facts, "subject": subject_in_list(row.secrecy, row.subject)})


def part_of(session: Session, caller: Caller, it: Letter) -> Outgoing | None:
    """The outgoing part of a letter that was read with it."""
    part = it.outgoing
    if part is None:
        return None
    preview = numbering.preview(session, caller, it) if it.number is None else None
    plain = (
        "body_html signer_position_id signing_form drafter_position_id revision"
        " signed_at method verify_token dispatched_at scan_missing final_file_id"
        " scan_file_id"
    )
    return Outgoing(
        **{name: getattr(part, name) for name in plain.split()},
        signer_title=_title(caller, part.signer_position_id),
        initials=[_line(caller, one) for one in part.in_order()],
        recipients=[_recipient(caller, it, one) for one in part.recipients],
        number_preview=preview.number if preview else None,
        signed_by=codec.load(ActorRef, part.signed_by) if part.signed_by else None,
        waits_for=part.step,
        methods=signing.available(),
    )


def _line(caller: Caller, box: InitialBox) -> InitialLine:
    return InitialLine(
        position_id=box.position_id,
        title=_title(caller, box.position_id),
        kind=box.kind,
        order=box.place,
        state=box.state,
        at=box.at,
        by=codec.load(ActorRef, box.by) if box.by else None,
        note=box.note,
    )


def _recipient(caller: Caller, it: Letter, one: Recipient) -> OutgoingRecipient:
    done = it.state is LetterState.DISPATCHED
    return OutgoingRecipient(
        position_id=one.position_id,
        title=_title(caller, one.position_id) if one.position_id else None,
        name=one.name,
        address=one.address,
        copy=one.copy,
        state="dispatched" if done else "pending",
        letter_id=one.became,
    )


def _title(caller: Caller, position_id: UUID) -> str:
    position = caller.org.position(position_id)
    return position.title if position else ""


# ---- history ------------------------------------------------------------------------

_REVISIONS = sa.text(
    "SELECT * FROM outgoing_revision WHERE letter_id = :letter_id ORDER BY revision"
)
_DECISIONS = sa.text(
    "SELECT * FROM outgoing_decision WHERE letter_id = :letter_id"
    " ORDER BY at, decision, decision_id"
)


def revisions(session: Session, caller: Caller, letter_id: UUID) -> list[Revision]:
    """From the first on, each with what was decided about it."""
    values = {"letter_id": letter_id}
    decisions: dict[int, list[RevisionDecision]] = {}
    for row in session.execute(_DECISIONS, values).mappings():
        decisions.setdefault(row["revision"], []).append(_decision(caller, row))
    names = [
        "revision",
        "at",
        "subject",
        "body_html",
        "body_sha256",
        "files",
        "changed",
    ]
    return [
        Revision(
            **{name: row[name] for name in names},
            by=codec.load(ActorRef, row["by"]),
            decisions=decisions.get(row["revision"], []),
        )
        for row in session.execute(_REVISIONS, values).mappings()
    ]


def notes_of(session: Session, letter_id: UUID) -> dict[tuple[str, int], str | None]:
    """What each office noted about each revision, the last word of it."""
    rows = session.execute(_DECISIONS, {"letter_id": letter_id}).mappings()
    return {(str(row["position_id"]), row["revision"]): row["note"] for row in rows}


def _decision(caller: Caller, row: Any) -> RevisionDecision:
    return RevisionDecision(
        position_id=row["position_id"],
        title=_title(caller, row["position_id"]),
        decision=Initial(row["decision"]),
        note=row["note"],
        at=row["at"],
        by=codec.load(ActorRef, row["by"]),
    )


# ---- what waits for me --------------------------------------------------------------

_WAITING = f"""
    SELECT w.step, w.position_id, w.since, l.letter_id, l.subject, l.kind, l.urgency,
        l.secrecy, l.state, l.created_by, o.signer_position_id
    FROM {REACH} CROSS JOIN LATERAL (
        SELECT i.letter_id, i.at AS since, p.position_id, CASE i.kind
            WHEN 'coordination' THEN 'coordinate' ELSE 'initial' END AS step
        FROM outgoing_initial i WHERE i.position_id = p.position_id
            AND i.state = 'asked'
        UNION ALL
        SELECT s.letter_id, s.step_since, p.position_id, s.step FROM outgoing s
        WHERE s.signer_position_id = p.position_id AND s.step = 'sign'
        UNION ALL
        SELECT d.letter_id, d.step_since, p.position_id, d.step FROM outgoing d
        WHERE d.drafter_position_id = p.position_id AND d.step IN ('revise', 'dispatch')
        UNION ALL
        SELECT r.letter_id, r.step_since, p.position_id, r.step FROM outgoing r
        WHERE r.register_unit_id = ANY(CAST(:registers AS uuid[]))
            AND r.step = 'dispatch' AND p.position_id = ANY(CAST(:registrars AS uuid[]))
            AND r.drafter_position_id IS DISTINCT FROM p.position_id
    ) AS w
    JOIN letter l ON l.letter_id = w.letter_id AND l.secrecy_rank <= p.max_rank
    JOIN outgoing o ON o.letter_id = w.letter_id
    JOIN letter_visibility v ON v.letter_id = w.letter_id
        AND v.position_id = p.position_id
"""


def reviews(session: Session, caller: Caller, query: ReviewsQuery) -> Page[Review]:
    """Drafts and letters that wait for the caller's offices, the longest first."""
    reaches = caller.reaches(query.position_id)
    registers, registrars = _registers(caller, [one.position_id for one in reaches])
    values: dict[str, Any] = {
        **reach_values(reaches),
        "registers": registers,
        "registrars": registrars,
        "limit": query.limit + 1,
    }
    after = ""
    if query.cursor is not None:
        since, letter_id, position_id = decode_cursor(
            query.cursor, tuple[datetime, UUID, UUID]
        )
        values |= {"since": since, "after": letter_id, "office": position_id}
        after = (
            "WHERE (w.since, l.letter_id, w.position_id) > (:since, :after, :office)"
        )
    statement = (
        f"{_WAITING} {after} ORDER BY w.since, l.letter_id, w.position_id LIMIT :limit"
    )
    rows = session.execute(sa.text(statement), values).mappings().all()
    items = [_review(caller, row) for row in rows[: query.limit]]
    last = items[-1] if len(rows) > query.limit else None
    cursor = None
    if last is not None:
        cursor = encode_cursor(last.since, last.letter_id, last.position_id)
    return Page(items=items, next_cursor=cursor)


def _registers(
    caller: Caller, positions: Sequence[UUID]
) -> tuple[list[str], list[str]]:
    """Registers the caller keeps, and the offices as which he keeps them."""
    found = {
        (register, one)
        for one in positions
        if (register := caller.org.register_unit_of(one)) is not None
        and one in {each.position_id for each in caller.org.registrars_of(register)}
    }
    return [str(register) for register, _ in found], [str(one) for _, one in found]


def _review(caller: Caller, row: Any) -> Review:
    names = "letter_id step position_id since kind signer_position_id"
    secrecy = Secrecy(row["secrecy"])
    return Review(
        **{name: row[name] for name in names.split()},
        subject=subject_in_list(secrecy, row["subject"]),
        urgency=Urgency(row["urgency"]),
        secrecy=secrecy,
        state=LetterState(row["state"]),
        drafter=codec.load(ActorRef, row["created_by"]),
        signer_title=_title(caller, row["signer_position_id"]),
    )
