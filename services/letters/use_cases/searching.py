"""Lists of letters; who finds secret letters by their content has read of them."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from contracts import codec
from contracts.errors import invalid
from contracts.letters import Action, LettersQuery, Secrecy
from contracts.letters.search import FoundLetter, MatchedOn
from contracts.paging import Page
from services.letters import reference, views_letters
from services.letters.caller import Caller
from services.letters.domain.audit import ORIGIN, TrailLine, seal
from services.letters.unit_of_work import LettersUnitOfWork

KINDS = "kinds"

# All letters of a page at once, so that the cost of a list does not grow with them;
# in the order of their ids, so that two lists do not wait for each other.
_LOCK = sa.text(
    "SELECT letter_id, trail_seq, trail_hash FROM letter"
    " WHERE letter_id = ANY(CAST(:ids AS uuid[])) ORDER BY letter_id FOR NO KEY UPDATE"
)
_MOVE_HEADS = sa.text(
    "UPDATE letter SET trail_seq = c.seq, trail_hash = c.hash"
    " FROM jsonb_to_recordset(CAST(:lines AS jsonb))"
    " AS c(letter_id uuid, seq int, hash text) WHERE letter.letter_id = c.letter_id"
)


def list_letters(
    uow: LettersUnitOfWork, caller: Caller, query: LettersQuery
) -> Page[FoundLetter]:
    """Raises: Invalid for a kind that no list names: nobody has such letters, and an
    empty page would hide the mistyped word."""
    if query.kind is not None and query.kind not in reference.codes(uow.session, KINDS):
        raise invalid("/kind", "Jenis naskah tidak dikenal")
    found = views_letters.listed(uow.session, caller, query)
    secret = [one for one in found.items if _tells_content(one)]
    if secret:
        _note_views(uow, caller, secret)
    return found


def _tells_content(one: FoundLetter) -> bool:
    """Asked for words, the answer says that they stand in the letter's files."""
    by_file = one.match is not None and one.match.on is MatchedOn.FILE
    return by_file and one.secrecy.rank >= Secrecy.RAHASIA.rank


def _note_views(
    uow: LettersUnitOfWork, caller: Caller, secret: list[FoundLetter]
) -> None:
    """A line in the trail of each, as `reading.note_view` writes it for one."""
    least = min((one.secrecy for one in secret), key=lambda secrecy: secrecy.rank)
    readable = caller.readable(least)
    held = next((one for one in caller.held if one.position_id in readable), None)
    actor = codec.dump(caller.ref(held))
    ids = {"ids": [str(one.letter_id) for one in secret]}
    uow.begin()
    lines = [
        _sealed(row, caller, actor) for row in uow.session.execute(_LOCK, ids).all()
    ]
    heads = msgspec.json.encode(lines).decode()
    uow.session.execute(_MOVE_HEADS, {"lines": heads})
    uow.letters.append_trail(lines)


def _sealed(
    row: sa.Row[tuple[object, ...]], caller: Caller, actor: object
) -> TrailLine:
    values = {
        "letter_id": row.letter_id,
        "seq": row.trail_seq + 1,
        "at": caller.now,
        "action": Action.VIEWED.value,
        "actor": actor,
        "task_id": None,
        "detail": {"what": "search"},
        "prev_hash": row.trail_hash or ORIGIN,
    }
    return TrailLine(**values, hash=seal(TrailLine(**values)))
