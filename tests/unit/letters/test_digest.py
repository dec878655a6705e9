"""The day's tree against RFC 6962 word by word, and the exact bytes that are sealed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.letters.domain import digest
from services.letters.domain.audit import ORIGIN, TrailLine, first_bad, seal
from services.letters.domain.digest import Head
from services.letters.sealing import BadKey, SealKey, is_signed, key_id_of

LETTER = UUID("0198f000-0000-7000-8000-00000000000a")


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1: split at the largest power of two below the count."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = by_the_book(leaves[:split]), by_the_book(leaves[split:])
    return hashlib.sha256(b"\1" + left + right).digest()


@given(st.integers(0, 70))
def test_the_root_and_every_way_up_to_it(count: int) -> None:
    leaves = [digest.leaf_of(Head(LETTER, n, f"{n:064x}")) for n in range(count)]
    root = digest.root_of(leaves)
    assert root == by_the_book(leaves)
    for index, leaf in enumerate(leaves):
        assert digest.climbed(leaf, digest.path_of(leaves, index)) == root


def test_the_sealed_bytes_are_those_of_the_document() -> None:
    """`docs/trail.md` promises strangers this text; it never changes."""
    line = TrailLine(
        letter_id=LETTER,
        seq=2,
        at=datetime(2026, 11, 24, 1, 2, 3, 45, tzinfo=UTC),
        action="closed",
        actor={"person": {"person_id": "p", "name": 'Ü "x" \u2028'}, "capacity": None},
        task_id=None,
        detail={
            "outcome": "noted",
            "decision": {"text": "a/b\n\t\x1b", "number": None},
        },
        prev_hash=ORIGIN,
    )
    text = (
        f'["{ORIGIN}","{LETTER}",2,"2026-11-24T01:02:03.000045+00:00","closed",'
        '{"capacity":null,"person":{"name":"Ü \\"x\\" \u2028","person_id":"p"}},null,'
        '{"decision":{"number":null,"text":"a/b\\n\\t\\u001b"},"outcome":"noted"}]'
    )
    assert seal(line) == hashlib.sha256(text.encode()).hexdigest()
    assert json.loads(text)[6] is None


def test_a_cut_tail_and_an_added_one_are_found() -> None:
    lines: list[TrailLine] = []
    for seq in (1, 2, 3):
        previous = lines[-1].hash if lines else ORIGIN
        values = {
            "letter_id": LETTER,
            "seq": seq,
            "at": datetime(2026, 1, seq, tzinfo=UTC),
            "action": "read",
            "actor": None,
            "task_id": None,
            "detail": {},
            "prev_hash": previous,
        }
        line = TrailLine(**values)  # type: ignore[arg-type]
        lines.append(TrailLine(**values, hash=seal(line)))  # type: ignore[arg-type]
    assert first_bad(lines, 3, lines[-1].hash) is None
    assert first_bad(lines[:2], 3, lines[-1].hash) == 3
    assert first_bad([], 3, lines[-1].hash) == 1
    assert first_bad(lines, 2, lines[1].hash) == 2
    assert first_bad([lines[0], lines[2]], 3, lines[-1].hash) == 2


def test_a_signature_holds_for_its_text_and_key_only() -> None:
    ours, other = SealKey("01" * 32), SealKey("02" * 32)
    text = digest.text_of(date(2026, 11, 23), 3, "ab", ORIGIN)
    assert text == f"rakat-trail-digest-v1\n2026-11-23\n3\nab\n{ORIGIN}\n"
    signature = ours.sign(text)
    assert is_signed(text, signature, ours.public)
    assert not is_signed(text + " ", signature, ours.public)
    assert not is_signed(text, signature, other.public)
    assert not is_signed(text, "%%%", "no key")
    assert ours.key_id == key_id_of(ours.public) != other.key_id


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "-----BEGIN X-----"])
def test_what_is_no_key_is_refused_without_telling_it(text: str) -> None:
    with pytest.raises(BadKey) as refused:
        SealKey(text)
    assert not text or text not in str(refused.value)
