"""A draft saved while it is written: kept, without a history of every pause."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from chassis.database import Database
from contracts.errors import Conflict, Forbidden, Invalid, Stale
from contracts.letters import DraftSaved, Letter, Revision, Secrecy, TrailQuery
from services.letters.use_cases import (
    auditing,
    drafting,
    previewing,
    reading,
    reviewing,
)
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import draft, initial, submit
from tests.integration.letters.test_races import at_once, crowd, refused, succeeded
from tests.unit.letters import offices

__all__ = ["crowd"]

DRAFTER = "kabag.kesra"


def save(
    desk: Desk, letter: Letter, version: int, who: str = DRAFTER, **given: Any
) -> DraftSaved:
    return desk.do(who, drafting.save_draft, letter.letter_id, given, version)


def revisions(desk: Desk, letter: Letter) -> list[Revision]:
    return desk.do(DRAFTER, previewing.list_revisions, letter.letter_id).items


def shown(desk: Desk, letter: Letter) -> Letter:
    return desk.do(DRAFTER, reading.get_letter, letter.letter_id)


def body(desk: Desk, letter: Letter) -> str | None:
    part = shown(desk, letter).outgoing
    assert part is not None
    return part.body_html


def text(words: str) -> dict[str, str]:
    return {"body_html": f"<p>{words}</p>"}


def test_pauses_write_over_one_revision_and_leave_no_trail(desk: Desk) -> None:
    letter = draft(desk)
    version, told = letter.version, len(desk.published(letter.letter_id))
    for number in range(3):
        saved = save(desk.later(minutes=number), letter, version, **text(f"{number}"))
        assert (saved.version, saved.revision) == (version + 1, 1)
        version = saved.version
    (only,) = revisions(desk, letter)
    assert only.body_html == "<p>2</p>"
    assert only.changed == []
    assert shown(desk, letter).version == version
    assert body(desk, letter) == "<p>2</p>"
    trail = desk.do(DRAFTER, auditing.get_letter_audit, letter.letter_id, TrailQuery())
    assert [line.action for line in trail.items] == ["drafted"]
    assert trail.intact
    assert len(desk.published(letter.letter_id)) == told


def test_what_changes_nothing_is_no_new_version(desk: Desk) -> None:
    letter = draft(desk)
    first = save(desk, letter, letter.version, **text("sama"))
    again = save(desk, letter, first.version, **text("sama"))
    lost = save(desk, letter, letter.version, **text("sama"))
    assert again.version == lost.version == first.version


def test_what_somebody_was_asked_about_is_never_written_over(desk: Desk) -> None:
    letter = draft(desk)
    submit(desk, letter)
    initial(desk, "asisten.1", letter, "revise", note="Dasarnya?")
    version = shown(desk, letter).version
    saved = save(desk, letter, version, **text("dengan dasar"))
    assert saved.revision == 2
    further = save(desk, letter, saved.version, subject="Permintaan data menurut SE")
    assert further.revision == 2
    first, second = revisions(desk, letter)
    assert letter.outgoing is not None
    assert first.body_html == letter.outgoing.body_html
    assert second.changed == ["body_html", "subject"]
    submit(desk, letter)
    with pytest.raises(Conflict):
        save(desk, letter, shown(desk, letter).version, **text("terlambat"))


def test_an_initial_given_before_a_recall_is_asked_for_again(desk: Desk) -> None:
    letter = draft(desk)
    submit(desk, letter)
    initial(desk, "asisten.1", letter)
    desk.do(DRAFTER, reviewing.recall_letter, letter.letter_id)
    saved = save(desk, letter, shown(desk, letter).version, **text("lain"))
    assert saved.revision == 2
    part = shown(desk, letter).outgoing
    assert part is not None
    assert [box.state for box in part.initials] == ["waiting"]


def test_what_another_wrote_stays_in_the_history(desk: Desk) -> None:
    letter = draft(desk)
    plh = offices.holds("asisten.2", DRAFTER, "plh")
    other = Desk(desk.database, offices.regency(also=[plh]), desk.now)
    saved = other.do(
        "asisten.2", drafting.save_draft, letter.letter_id, text("Plh"), letter.version
    )
    assert saved.revision == 2
    assert [one.body_html for one in revisions(other, letter)][-1] == "<p>Plh</p>"


def test_a_stale_save_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    letter = draft(desk)
    save(desk, letter, letter.version, **text("pertama"))
    with pytest.raises(Stale):
        save(desk, letter, letter.version, **text("kedua"))
    assert body(desk, letter) == "<p>pertama</p>"


def test_only_the_drafter_writes(desk: Desk) -> None:
    letter = draft(desk)
    with pytest.raises(Forbidden):
        save(desk, letter, letter.version, "asisten.1", **text("orang lain"))


def test_of_a_letter_on_paper_only_no_text_is_kept(desk: Desk) -> None:
    letter = draft(desk, secrecy=Secrecy.SANGAT_RAHASIA.value, body_html=None)
    with pytest.raises(Invalid) as refused_:
        save(desk, letter, letter.version, **text("rahasia"))
    assert refused_.value.code == "paper_only"


def test_of_two_pages_open_at_once_one_is_told(crowd: Database) -> None:
    desk = Desk(crowd, offices.regency())
    for number in range(3):
        letter = draft(desk)
        pages = [
            partial(save, desk, letter, letter.version, **text(f"{number}-{page}"))
            for page in range(4)
        ]
        answers = at_once(*pages)
        assert succeeded(answers) == 1
        assert refused(answers) == {"version_conflict"}
        (only,) = revisions(desk, letter)
        assert only.body_html == body(desk, letter)


def test_a_save_and_a_submission_never_mix(crowd: Database) -> None:
    """What is asked about is what was there: the save comes first, or too late."""
    desk = Desk(crowd, offices.regency())
    for _ in range(4):
        letter = draft(desk)
        write = partial(save, desk, letter, letter.version, **text("terakhir"))
        answers = at_once(partial(submit, desk, letter), write)
        text_now = body(desk, letter)
        saved = isinstance(answers[1], DraftSaved)
        assert saved or answers[1] in ("version_conflict", "illegal_transition")
        assert (text_now == "<p>terakhir</p>") == saved
        (only,) = revisions(desk, letter)
        assert only.body_html == text_now
