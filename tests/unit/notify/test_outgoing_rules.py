"""Whose turn it is with a draft, and what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.letters import (
    LetterReviewAsked,
    LetterRevisionAsked,
    LetterSigned,
    LetterVoided,
    Secrecy,
)
from contracts.notify import Topic
from tests.unit.directory.organisations import key
from tests.unit.notify.scenes import DUE, letter_facts, told

ALICE, BOB = key("alice"), key("bob")


def facts(*offices: str, secrecy: Secrecy = Secrecy.BIASA) -> dict[str, Any]:
    """Of a draft: it is in no register yet."""
    recipients = tuple(key(office) for office in offices)
    return letter_facts(secrecy, recipients=recipients, agenda_number=None)


@pytest.mark.parametrize(
    ("step", "title"),
    [
        ("coordinate", "Konsep menunggu paraf koordinasi Anda"),
        ("initial", "Konsep menunggu paraf Anda"),
        ("sign", "Surat menunggu tanda tangan Anda"),
    ],
)
def test_whose_turn_it_is_is_told_once(step: Any, title: str) -> None:
    drafts = told(LetterReviewAsked(**facts("bupati"), step=step))

    assert set(drafts) == {ALICE}
    draft = drafts[ALICE]
    assert (draft.topic, draft.title) == (Topic.TASK_ASSIGNED, title)
    assert draft.body.startswith("Undangan rapat koordinasi")
    assert draft.link.startswith("/surat/")


def test_the_drafter_is_told_who_wants_it_mended() -> None:
    event = LetterRevisionAsked(**facts("kadis"), position_id=key("bupati"))

    assert told(event)[BOB].title.endswith("meminta perbaikan konsep")


def test_a_signed_letter_waits_to_be_sent() -> None:
    event = LetterSigned(
        **facts("kadis"),
        signer_position_id=key("bupati"),
        method="local",  # type: ignore[arg-type]
        signed_at=DUE,
    )

    assert told(event)[BOB].body.startswith("Siap dikirim: ")


def test_a_draft_thrown_away_has_no_number_to_keep() -> None:
    drafted = told(LetterVoided(**facts("kadis"), reason="x"))[BOB]
    numbered = letter_facts(recipients=(key("kadis"),))
    registered = told(LetterVoided(**numbered, reason="x"))[BOB]

    assert "Konsep dibuang" in drafted.title
    assert "omor" not in drafted.body
    assert "SM/0001/2026 tetap terpakai" in registered.body


def test_a_restricted_draft_is_told_without_its_subject_or_a_number() -> None:
    secret = facts("bupati", secrecy=Secrecy.TERBATAS)
    event = LetterReviewAsked(**secret, step="sign")

    assert told(event)[ALICE].body == "Surat terbatas."
