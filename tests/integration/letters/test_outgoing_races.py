"""Outgoing letters when several act at the same instant, each on its own connection."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import eventlet
import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.letters import ReserveNumber
from services.letters.domain.outgoing_number import today
from services.letters.use_cases import reserving, reviewing
from services.letters.workshop import LetterWorkshop
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import (
    dispatch,
    draft,
    initial,
    paper,
    sign,
    submit,
    workshop_in,
)
from tests.integration.letters.test_races import at_once, crowd, refused, succeeded
from tests.unit.letters import offices

__all__ = ["crowd"]

ROUNDS = 3


@pytest.fixture
def desk(crowd: Database) -> Desk:
    plh = offices.holds("asisten.2", "sekda", "plh")
    return Desk(crowd, offices.regency(also=[plh]))


@pytest.fixture
def workshop(tmp_path: Path) -> LetterWorkshop:
    return workshop_in(tmp_path)


def test_two_approvals_at_once_count_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        letter = submit(desk, draft(desk))
        answers = at_once(*[partial(initial, desk, "asisten.1", letter)] * 4)
        assert succeeded(answers) == 1
        assert refused(answers) == {"not_your_turn"}


def test_an_initial_and_a_recall_never_both_count(desk: Desk) -> None:
    """Either the initial was first and stands, or it came too late."""
    for _ in range(ROUNDS):
        letter = submit(desk, draft(desk))
        recall = partial(
            desk.do, "kabag.kesra", reviewing.recall_letter, letter.letter_id
        )
        approved, recalled = at_once(
            partial(initial, desk, "asisten.1", letter), recall
        )
        assert recalled != "not_your_turn"
        box = recalled.outgoing.initials[0]
        assert (box.state == "approved") == (approved != "illegal_transition")


def test_two_signers_at_once_sign_once(desk: Desk, workshop: LetterWorkshop) -> None:
    """The definitive official and the one who acts for him."""
    for _ in range(ROUNDS):
        letter_id = paper(desk).letter_id
        answers = at_once(
            partial(sign, desk, letter_id, workshop),
            partial(sign, desk, letter_id, workshop, who="asisten.2"),
            partial(sign, desk, letter_id, workshop),
        )
        assert succeeded(answers) == 1
        assert refused(answers) <= {"signing_in_progress", "illegal_transition"}
        assert actions(desk, letter_id).count("signed") == 1


def test_forty_signatures_at_once_have_forty_numbers(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    first = number_of(sign(desk, paper(desk).letter_id, workshop))
    letters = [paper(desk).letter_id for _ in range(40)]
    answers = at_once(*[partial(sign, desk, one, workshop) for one in letters])
    numbers = sorted(number_of(one) for one in answers)
    assert numbers == list(range(first + 1, first + 41))
    agenda = sorted(one["body"]["agenda_seq"] for one in answers)
    assert agenda == list(range(agenda[0], agenda[0] + 40))


def test_signatures_and_reservations_share_the_series(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    first = number_of(sign(desk, paper(desk).letter_id, workshop))
    body = ReserveNumber(kind="surat_dinas", dated_on=today(desk.now), reason="Uji")
    unit = offices.unit_id("setda")
    reserve = partial(desk.do, "tu.setda", reserving.reserve_number, unit, body)
    letters = [paper(desk).letter_id for _ in range(6)]
    answers = at_once(
        *[partial(sign, desk, one, workshop) for one in letters], *[reserve] * 6
    )
    numbers = sorted(
        number_of(one) if isinstance(one, dict) else one.seq for one in answers
    )
    assert numbers == list(range(first + 1, first + 13))


def test_one_reservation_is_used_by_one_letter(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    body = ReserveNumber(kind="surat_dinas", dated_on=today(desk.now), reason="Uji")
    unit = offices.unit_id("setda")
    taken = desk.do("tu.setda", reserving.reserve_number, unit, body)
    use = {"reservation_id": taken.reservation_id}
    letters = [paper(desk).letter_id for _ in range(4)]
    answers = at_once(*[partial(sign, desk, one, workshop, **use) for one in letters])
    assert succeeded(answers) == 1
    assert refused(answers) == {"invalid"}


def test_crossing_dispatches_do_not_wait_for_each_other(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    """To the same registers, named in opposite order; a deadlock would be seen."""
    there = [{"position_id": f"kadis.{code}"} for code in ("dinkes", "pupr", "kominfo")]
    letters = [
        paper(desk, recipients=there if number % 2 else there[::-1]).letter_id
        for number in range(8)
    ]
    for one in letters:
        sign(desk, one, workshop)
    # Not `at_once`: that would repeat after a deadlock and hide it.
    threads = [eventlet.spawn(dispatch, desk, one, "kabag.kesra") for one in letters]
    assert {thread.wait().state for thread in threads} == {"dispatched"}
    for code in ("dinkes", "pupr", "kominfo"):
        seqs = born_at(desk, code, letters)
        assert seqs == list(range(seqs[0], seqs[0] + 8))


def test_a_letter_is_dispatched_once(desk: Desk, workshop: LetterWorkshop) -> None:
    letter_id = paper(desk).letter_id
    sign(desk, letter_id, workshop)
    answers = at_once(*[partial(dispatch, desk, letter_id, "kabag.kesra")] * 4)
    assert succeeded(answers) == 1
    assert refused(answers) == {"illegal_transition"}
    assert len(born_at(desk, "dinkes", [letter_id])) == 1


# ---- parts ---------------------------------------------------------------------------


def number_of(answer: dict[str, Any]) -> int:
    return int(answer["body"]["number"].split("/")[1])


def actions(desk: Desk, letter_id: UUID) -> list[str]:
    query = sa.text("SELECT action FROM trail WHERE letter_id = :id ORDER BY seq")
    with desk.database.session() as session:
        return list(session.scalars(query, {"id": letter_id}))


def born_at(desk: Desk, code: str, letters: list[UUID]) -> list[int]:
    query = sa.text(
        "SELECT agenda_seq FROM letter WHERE source_letter_id = ANY(:ids)"
        " AND register_unit_id = :unit ORDER BY agenda_seq"
    )
    values = {"ids": letters, "unit": offices.unit_id(code)}
    with desk.database.session() as session:
        return list(session.scalars(query, values))
