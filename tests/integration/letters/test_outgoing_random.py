"""Random acts on outgoing letters through the use cases, against what must always hold.

`RAKAT_TEST_LONG=1` plays ten times as many.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts.errors import RakatError
from contracts.letters import Letter, VoidLetter
from ops import audit
from services.letters.use_cases import closing, drafting, reviewing
from services.letters.workshop import LetterWorkshop
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import (
    dispatch,
    draft,
    initial,
    sign,
    workshop_in,
)
from tests.unit.letters import offices

STEPS = 400 if os.environ.get("RAKAT_TEST_LONG") == "1" else 170
WHO = ("kabag.kesra", "asisten.1", "kadis.pupr", "sekda", "tu.setda", "kadis.dinkes")
ROWS = ([], ["asisten.1"], ["kabag.kesra", "asisten.1"])
Act = Callable[[Desk, Random, Letter, LetterWorkshop], object]


def test_what_must_always_hold_of_outgoing_letters(desk: Desk, tmp_path: Path) -> None:
    played = [play(desk, Random(seed), workshop_in(tmp_path)) for seed in range(3)]
    letters = [one.letter_id for those in played for one in those]
    ends = {rows(desk, "letter", one)[0]["state"] for one in letters}
    assert {"draft", "in_review", "signed", "dispatched", "void"} >= ends
    assert "dispatched" in ends  # some went the whole way
    broken = dict(audit.check(desk.database).broken)
    assert not broken.keys() & set(letters)


def play(desk: Desk, random: Random, workshop: LetterWorkshop) -> list[Letter]:
    letters = [begun(desk, random)]
    for step in range(STEPS):
        later = desk.later(minutes=step + 1)
        if random.random() < 0.05:
            letters.append(begun(later, random))
        letter = random.choice(letters[-2:])
        with suppress(RakatError):  # refused: what must hold is checked all the same
            random.choice(ACTS)(later, random, letter, workshop)
        check(later, letter.letter_id)
    return letters


def begun(desk: Desk, random: Random) -> Letter:
    """On paper only, so that a signature makes no PDF and is quick."""
    return draft(
        desk,
        secrecy="sangat_rahasia",
        body_html=None,
        initials=random.choice(ROWS),
        coordinators=random.choice(([], ["kadis.pupr"])),
        copies=random.choice(([], ["bupati"])),
    )


def submits(desk: Desk, random: Random, it: Letter, _: LetterWorkshop) -> object:
    return desk.do(
        random.choice(WHO[:1] * 3 + WHO), reviewing.submit_letter, it.letter_id
    )


def recalls(desk: Desk, random: Random, it: Letter, _: LetterWorkshop) -> object:
    return desk.do("kabag.kesra", reviewing.recall_letter, it.letter_id)


def revises(desk: Desk, random: Random, it: Letter, _: LetterWorkshop) -> object:
    changes = random.choice(
        (
            {"subject": f"Perihal {random.randint(1, 3)}"},
            {"initials": [offices.position_id(one) for one in random.choice(ROWS)]},
        )
    )
    revise = partial(desk.do, "kabag.kesra", drafting.revise_draft, it.letter_id)
    return revise(changes, None)


def initials(desk: Desk, random: Random, it: Letter, _: LetterWorkshop) -> object:
    decision = "revise" if random.random() < 0.1 else "approve"
    return initial(desk, random.choice(WHO[:3]), it, decision)


def signs(desk: Desk, random: Random, it: Letter, workshop: LetterWorkshop) -> object:
    return sign(desk, it.letter_id, workshop)


def sends(desk: Desk, random: Random, it: Letter, _: LetterWorkshop) -> object:
    return dispatch(
        desk, it.letter_id, random.choice(("kabag.kesra", "sekda", "tu.setda"))
    )


def voids(desk: Desk, random: Random, it: Letter, _: LetterWorkshop) -> object:
    if random.random() < 0.9:
        return None
    reason = VoidLetter(reason="Tidak jadi")
    return desk.do("kabag.kesra", closing.void_letter, it.letter_id, reason)


ACTS: tuple[Act, ...] = (
    *[submits] * 4,
    *[initials] * 8,
    *[signs] * 3,
    *[sends] * 2,
    *(recalls, revises, voids),
)


# ---- what must hold -------------------------------------------------------------------


def check(desk: Desk, letter_id: UUID) -> None:
    (letter,) = rows(desk, "letter", letter_id)
    (part,) = rows(desk, "outgoing", letter_id)
    boxes = rows(desk, "outgoing_initial", letter_id)
    trail = rows(desk, "trail", letter_id, order="seq")
    state = letter["state"]
    signed = state in ("signed", "dispatched")

    assert all(
        box["revision"] == part["revision"]
        for box in boxes
        if box["state"] == "approved"
    )
    assert any(box["state"] == "asked" for box in boxes) <= (state == "in_review")
    if signed:
        assert {box["state"] for box in boxes} <= {"approved"}
    assert signed <= (letter["number"] is not None)
    numbers = rows(desk, "outgoing_number", letter_id)
    assert len(numbers) <= 1
    assert [one["number"] for one in numbers] == [letter["number"]] * len(numbers)
    assert (letter["agenda_seq"] is not None) == bool(numbers)

    chain = {part["drafter_position_id"], part["signer_position_id"]}
    chain |= {box["position_id"] for box in boxes}
    seen = {row["position_id"] for row in rows(desk, "letter_visibility", letter_id)}
    assert chain <= seen
    assert offices.position_id("kadis.dinkes") not in seen  # a mere recipient
    born = born_of(desk, letter_id)
    assert bool(born) == (state == "dispatched")

    assert letter["trail_seq"] == len(trail)
    published = desk.published(letter_id)
    sequences = [one["sequence"] for one in published]
    assert sequences == sorted(set(sequences))
    for action, kind in (
        ("signed", "letter.signed.v1"),
        ("voided", "letter.voided.v1"),
    ):
        acted = sum(one["action"] == action for one in trail)
        assert acted == sum(one["type"] == kind for one in published) <= 1


def rows(desk: Desk, table: str, letter_id: UUID, order: str = "1") -> list[Any]:
    query = sa.text(f"SELECT * FROM {table} WHERE letter_id = :id ORDER BY {order}")
    with desk.database.session() as session:
        return list(session.execute(query, {"id": letter_id}).mappings())


def born_of(desk: Desk, letter_id: UUID) -> list[UUID]:
    query = sa.text("SELECT letter_id FROM letter WHERE source_letter_id = :id")
    with desk.database.session() as session:
        return list(session.scalars(query, {"id": letter_id}))
