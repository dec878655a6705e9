"""PATCH of a letter: facts until somebody disposed, secrecy upwards at any time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from contracts import codec
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from contracts.letters import CorrectLetter, Letter, RecordFile, ReportTask
from services.letters.use_cases import correcting, reading, storing, working
from tests.integration.letters import sending
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

NOON = "2026-11-23T12:00:00+08:00"


def test_a_day_after_the_one_it_came_on_is_pointed_out(desk: Desk) -> None:
    later = desk.register(dated_on="2027-05-05")
    assert [one.code for one in later.warnings] == ["dated_later"]
    still = correct(desk, later.letter_id, dated_on="2026-11-24")
    assert [one.code for one in still.warnings] == ["dated_later"]
    right = correct(desk, later.letter_id, dated_on="2026-11-23")  # the day it came
    assert right.warnings == []


def correct(
    desk: Desk,
    letter_id: UUID,
    who: str = "tu.setda",
    version: int | None = None,
    **patch: Any,
) -> Letter:
    body = codec.load(CorrectLetter, codec.dump(patch))
    return desk.do(who, correcting.correct_letter, letter_id, body, version)


def trail(desk: Desk, letter_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    query = "SELECT action, detail FROM trail WHERE letter_id = :id ORDER BY seq"
    with desk.database.session() as session:
        rows = session.execute(sa.text(query), {"id": letter_id})
        return [(row.action, row.detail) for row in rows]


def upload(desk: Desk, who: str, name: str) -> UUID:
    body = RecordFile(
        sha256="0" * 64, size_bytes=1, media_type="application/pdf", filename=name
    )
    return desk.do(who, storing.record_file, body).file_id


def seen_by(desk: Desk, letter_id: UUID) -> set[str]:
    query = "SELECT position_id FROM letter_visibility WHERE letter_id = :id"
    codes = {one.position_id: one.code for one in desk.org.positions}
    with desk.database.session() as session:
        found = session.scalars(sa.text(query), {"id": letter_id})
        return {codes[one] for one in found}


def test_facts_are_corrected_and_every_value_is_kept_in_the_trail(desk: Desk) -> None:
    letter = desk.register(subject="Undangan raapt", summary="Lama")

    done = correct(
        desk,
        letter.letter_id,
        version=letter.version,
        subject="Undangan rapat",
        summary=None,
        sender={"address": "Banjarmasin"},
        invitation={"place": "Pendopo"},
    )

    assert (done.subject, done.summary) == ("Undangan rapat", None)
    assert done.sender.name == letter.sender.name
    assert done.sender.address == "Banjarmasin"
    assert done.invitation is not None
    assert done.invitation.place == "Pendopo"
    assert done.invitation.starts_at == letter.invitation.starts_at  # type: ignore[union-attr]
    assert done.version == letter.version + 1
    action, detail = trail(desk, letter.letter_id)[-1]
    assert action == "corrected"
    changed = {one["field"]: one for one in detail["changes"]}
    assert set(changed) == {"subject", "summary", "sender", "invitation"}
    assert changed["subject"]["before"] == "Undangan raapt"
    assert changed["subject"]["after"] == "Undangan rapat"
    event = desk.published(letter.letter_id)[-1]
    assert event["type"] == "letter.corrected.v1"
    assert set(event["data"]["fields"]) == set(changed)
    assert "raapt" not in str(event)


def test_what_changes_nothing_leaves_no_line(desk: Desk) -> None:
    letter = desk.register()
    done = correct(desk, letter.letter_id, subject=letter.subject)
    assert done.version == letter.version
    assert [action for action, _ in trail(desk, letter.letter_id)] == ["registered"]


def test_due_times_follow_urgency_and_receipt(desk: Desk) -> None:
    letter = desk.register(copies=["wabup"])
    done = correct(desk, letter.letter_id, urgency="amat_segera")
    assert done.due_at is not None
    assert letter.due_at is not None
    assert done.due_at < letter.due_at
    task = desk.do("bupati", reading.get_task, desk.task_of(letter.letter_id, "bupati"))
    assert task.due_at == done.due_at
    copy = desk.do("wabup", reading.get_task, desk.task_of(letter.letter_id, "wabup"))
    assert copy.due_at is None
    actions = [action for action, _ in trail(desk, letter.letter_id)]
    assert actions == ["registered", "corrected", "due_changed"]


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"kind": "tidak_ada"}, "/kind"),
        ({"classification_code": "999.99.99"}, "/classification_code"),
        ({"received_at": "2026-12-31T09:00:00+08:00"}, "/received_at"),
        ({"sender": {"unit_id": offices.person_id("x")}}, "/sender/unit_id"),
        (
            {"invitation": {"ends_at": "2026-11-26T08:00:00+08:00"}},
            "/invitation/ends_at",
        ),
        ({"replies_to": offices.person_id("x")}, "/replies_to"),
        ({"external_ref": {"system": "srikandi"}}, "/external_ref/id"),
        ({"signer_position_id": offices.position_id("bupati")}, "/signer_position_id"),
        ({"body_html": "<p>x</p>"}, "/body_html"),
        ({"copies": []}, "/copies"),
        ({"file_ids": [offices.person_id("x")]}, "/file_ids/0"),
    ],
)
def test_bad_corrections_name_their_field(desk: Desk, patch: Any, field: str) -> None:
    letter = desk.register()
    with pytest.raises(Invalid) as refused:
        correct(desk, letter.letter_id, **patch)
    assert [one["field"] for one in refused.value.errors] == [field]


def test_only_registrars_and_only_until_somebody_disposed(desk: Desk) -> None:
    letter = desk.register()
    with pytest.raises(Forbidden):
        correct(desk, letter.letter_id, "bupati", subject="Lain")
    with pytest.raises(NotFound):
        correct(desk, letter.letter_id, "kadis.pupr", subject="Lain")
    with pytest.raises(Stale):
        correct(desk, letter.letter_id, version=letter.version + 1, subject="Lain")
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    with pytest.raises(Conflict, match="already_disposed"):
        correct(desk, letter.letter_id, subject="Lain")
    with pytest.raises(Conflict, match="already_disposed"):
        correct(desk, letter.letter_id, secrecy="rahasia", subject="Lain")


def test_a_report_is_rested_on_like_a_disposition(desk: Desk) -> None:
    letter = desk.register()
    task_id = desk.task_of(letter.letter_id, "bupati")
    progress = ReportTask(text="Sedang dibahas", final=False)
    desk.do("bupati", working.report_task, task_id, progress)
    with pytest.raises(Conflict, match="already_disposed"):
        correct(desk, letter.letter_id, subject="Lain")


def test_files_come_and_go(desk: Desk) -> None:
    first, second = (upload(desk, "tu.setda", name) for name in ("a.pdf", "b.pdf"))
    letter = desk.register(file_ids=[first])
    assert correct(desk, letter.letter_id, file_ids=[second, first]).file_ids == [
        second,
        first,
    ]
    assert correct(desk, letter.letter_id, file_ids=[second]).file_ids == [second]
    foreign = upload(desk, "tu.dinkes", "c.pdf")
    with pytest.raises(Invalid):
        correct(desk, letter.letter_id, file_ids=[second, foreign])


def test_raising_secrecy_takes_sight_from_all_but_the_chain(desk: Desk) -> None:
    letter = desk.register("tu.dinkes", addressees=["kadis.dinkes"])
    desk.dispose("kadis.dinkes", letter.letter_id, ("sekretaris.dinkes",))
    chain = {"tu.dinkes", "kadis.dinkes", "sekretaris.dinkes"}
    assert seen_by(desk, letter.letter_id) > chain
    desk.do("sekda", reading.get_letter, letter.letter_id)

    correct(desk, letter.letter_id, "kadis.dinkes", secrecy="rahasia")

    assert seen_by(desk, letter.letter_id) == chain
    with pytest.raises(NotFound):
        desk.do("sekda", reading.get_letter, letter.letter_id)
    assert trail(desk, letter.letter_id)[-1][0] == "secrecy_raised"
    event = desk.published(letter.letter_id)[-1]
    assert event["type"] == "letter.secrecy_raised.v1"
    assert event["data"]["subject"] is None
    assert event["data"]["before"] == "biasa"


def test_secrecy_is_lowered_only_until_somebody_disposed(desk: Desk) -> None:
    letter = desk.register("tu.dinkes", addressees=["kadis.dinkes"], secrecy="rahasia")
    with pytest.raises(Forbidden):
        correct(desk, letter.letter_id, "kadis.dinkes", secrecy="biasa")
    correct(desk, letter.letter_id, "tu.dinkes", secrecy="biasa")
    assert {"sekda", "bupati"} <= seen_by(desk, letter.letter_id)
    correct(desk, letter.letter_id, "tu.dinkes", secrecy="terbatas")
    assert not {"sekda", "bupati"} & seen_by(desk, letter.letter_id)
    desk.dispose("kadis.dinkes", letter.letter_id, ("sekretaris.dinkes",))
    with pytest.raises(Conflict, match="already_disposed"):
        correct(desk, letter.letter_id, "tu.dinkes", secrecy="biasa")


def test_what_has_files_becomes_paper_only_when_they_go(desk: Desk) -> None:
    file_id = upload(desk, "tu.setda", "a.pdf")
    letter = desk.register(secrecy="rahasia", file_ids=[file_id])
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    with pytest.raises(Invalid, match="paper_only"):
        correct(desk, letter.letter_id, "bupati", secrecy="sangat_rahasia")
    done = correct(desk, letter.letter_id, secrecy="sangat_rahasia", file_ids=[])
    assert (done.secrecy, done.file_ids) == ("sangat_rahasia", [])


def test_of_two_corrections_at_once_one_is_refused(desk: Desk) -> None:
    letter = desk.register()

    def attempt(subject: str) -> str | None:
        try:
            done = correct(
                desk, letter.letter_id, version=letter.version, subject=subject
            )
        except Stale:
            return None
        return done.subject

    with ThreadPoolExecutor(4) as pool:
        won = [one for one in pool.map(attempt, "ABCD") if one]
    assert len(won) == 1
    assert desk.do("bupati", reading.get_letter, letter.letter_id).subject == won[0]
    assert [one for one, _ in trail(desk, letter.letter_id)].count("corrected") == 1


def test_a_disposition_and_a_raised_secrecy_at_once(desk: Desk) -> None:
    """Whichever comes first: who is only above the new recipient sees nothing."""
    for _ in range(4):
        letter = desk.register("tu.dinkes", addressees=["kadis.dinkes"])

        def raise_it(letter_id: UUID = letter.letter_id) -> None:
            correct(desk, letter_id, "tu.dinkes", secrecy="rahasia")

        def pass_on(letter_id: UUID = letter.letter_id) -> None:
            desk.dispose("kadis.dinkes", letter_id, ("sekretaris.dinkes",))

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(raise_it), pool.submit(pass_on)]:
                done.result()
        chain = {"tu.dinkes", "kadis.dinkes", "sekretaris.dinkes"}
        assert seen_by(desk, letter.letter_id) == chain


# ---- outgoing letters ------------------------------------------------------------------


def test_a_draft_is_revised_by_its_own_rules(desk: Desk) -> None:
    made = sending.draft(desk)
    done = correct(
        desk, made.letter_id, "kabag.kesra", version=made.version, subject="Lain"
    )
    assert done.subject == "Lain"
    assert [one for one, _ in trail(desk, made.letter_id)] == ["drafted", "revised"]
    for patch in ({"number": "1"}, {"sender": {"name": "x"}}, {"received_at": NOON}):
        with pytest.raises(Invalid) as refused:
            correct(desk, made.letter_id, "kabag.kesra", **patch)
        (name,) = patch
        assert [one["field"] for one in refused.value.errors] == [f"/{name}"]


def test_a_draft_that_becomes_more_secret_is_told_of_as_such(desk: Desk) -> None:
    made = sending.draft(desk)
    correct(desk, made.letter_id, "kabag.kesra", secrecy="rahasia")
    event = desk.published(made.letter_id)[-1]
    assert event["type"] == "letter.secrecy_raised.v1"
    chain = {"kabag.kesra", "asisten.1", "sekda"}
    assert seen_by(desk, made.letter_id) == chain
    assert {str(offices.position_id(one)) for one in chain} == set(
        event["data"]["chain"]
    )


@pytest.mark.parametrize("who", ["sekda", "kabag.kesra", "tu.setda"])
def test_under_review_only_its_secrecy_rises(desk: Desk, who: str) -> None:
    made = sending.submit(desk, sending.draft(desk))
    assert "bupati" in seen_by(desk, made.letter_id)
    with pytest.raises(Conflict):
        correct(desk, made.letter_id, "kabag.kesra", subject="Lain")
    with pytest.raises(Invalid, match="paper_only"):
        correct(desk, made.letter_id, who, secrecy="sangat_rahasia")
    with pytest.raises((Forbidden, NotFound)):
        correct(desk, made.letter_id, "asisten.1", secrecy="rahasia")
    done = correct(desk, made.letter_id, who, secrecy="rahasia")
    assert (done.secrecy, done.subject) == ("rahasia", made.subject)
    assert done.version > made.version
    assert seen_by(desk, made.letter_id) == {"kabag.kesra", "asisten.1", "sekda"}
    if who == "tu.setda":  # outside the chain: it was his last look
        with pytest.raises(NotFound):
            desk.do(who, reading.get_letter, made.letter_id)


# ---- letters born of one ---------------------------------------------------------------


def sent(desk: Desk, folder: Path) -> tuple[UUID, dict[str, UUID]]:
    """A signed letter, and what it became at each agency it went to."""
    to = [{"position_id": one} for one in ("kadis.dinkes", "kadis.pupr")]
    letter_id = sending.reviewed(desk, recipients=to).letter_id
    sending.sign(desk, letter_id, sending.workshop_in(folder), method="local")
    sending.dispatch(desk, letter_id)
    query = "SELECT letter_id, addressees FROM letter WHERE source_letter_id = :id"
    codes = {one.position_id: one.code for one in desk.org.positions}
    with desk.database.session() as session:
        rows = session.execute(sa.text(query), {"id": letter_id})
        return letter_id, {codes[row.addressees[0]]: row.letter_id for row in rows}


def test_a_letter_that_was_sent_is_raised_where_it_arrived(
    desk: Desk, tmp_path: Path
) -> None:
    letter_id, born = sent(desk, tmp_path)
    desk.dispose("kadis.dinkes", born["kadis.dinkes"], ("sekretaris.dinkes",))
    correct(desk, born["kadis.pupr"], "kadis.pupr", secrecy="rahasia")
    assert "bupati" in seen_by(desk, born["kadis.dinkes"])

    correct(desk, letter_id, "sekda", secrecy="terbatas")

    with pytest.raises(NotFound):
        desk.do("bupati", reading.get_letter, born["kadis.dinkes"])
    chain = {"tu.dinkes", "kadis.dinkes", "sekretaris.dinkes"}
    assert seen_by(desk, born["kadis.dinkes"]) == chain
    assert trail(desk, born["kadis.dinkes"])[-1][0] == "secrecy_raised"
    event = desk.published(born["kadis.dinkes"])[-1]
    assert event["type"] == "letter.secrecy_raised.v1"
    assert event["actor"]["position"]["position_id"] == str(
        offices.position_id("sekda")
    )
    # What its receiver made more secret himself stays as he made it.
    kept = desk.do("kadis.pupr", reading.get_letter, born["kadis.pupr"])
    assert kept.secrecy == "rahasia"
    raised = [one for one, _ in trail(desk, born["kadis.pupr"])]
    assert raised.count("secrecy_raised") == 1


def test_a_letter_is_raised_while_its_receivers_pass_it_on(
    desk: Desk, tmp_path: Path
) -> None:
    """Neither waits for the other for ever, and nobody above the new recipients sees."""
    letter_id, born = sent(desk, tmp_path)
    acts = [
        partial(correct, desk, letter_id, "sekda", secrecy="rahasia"),
        partial(
            desk.dispose,
            "kadis.dinkes",
            born["kadis.dinkes"],
            ("sekretaris.dinkes",),
        ),
        partial(
            correct, desk, born["kadis.dinkes"], "kadis.dinkes", secrecy="terbatas"
        ),
    ]
    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(one) for one in acts]
        faults = [one.exception() for one in done]
    assert faults[:2] == [None, None]
    assert faults[2] is None or isinstance(faults[2], Conflict | Forbidden)
    chain = {"tu.dinkes", "kadis.dinkes", "sekretaris.dinkes"}
    assert seen_by(desk, born["kadis.dinkes"]) == chain
    one = desk.do("kadis.dinkes", reading.get_letter, born["kadis.dinkes"])
    assert one.secrecy == "rahasia"
