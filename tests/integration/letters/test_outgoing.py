"""Outgoing letters on a real database: from the draft to the letters it becomes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts import codec
from contracts.actor import Actor, ClientRef
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, RakatError
from contracts.letters import (
    AttachScan,
    CloseLetter,
    CorrectLetter,
    DraftLetter,
    Letter,
    LettersQuery,
    Outcome,
    PutNumberTemplates,
    RecordFile,
    ReserveNumber,
    ReviewsQuery,
    Secrecy,
    VoidLetter,
)
from services.letters import reference, views_letters, views_outgoing
from services.letters.domain import outgoing_number
from services.letters.use_cases import (
    closing,
    correcting,
    dispatching,
    drafting,
    previewing,
    reading,
    reserving,
    reviewing,
    storing,
)
from services.letters.workshop import LetterWorkshop
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import (
    dispatch,
    draft,
    draft_body,
    initial,
    paper,
    reviewed,
    sign,
    submit,
    workshop_in,
)
from tests.unit.letters import offices

RESERVE = ReserveNumber(
    kind="surat_dinas", dated_on=date(2026, 11, 20), reason="Terlambat dicatat"
)


@pytest.fixture
def workshop(tmp_path: Path) -> LetterWorkshop:
    return workshop_in(tmp_path)


def part(letter: Letter) -> Any:
    assert letter.outgoing is not None
    return letter.outgoing


def states(letter: Letter) -> list[str]:
    return [one.state for one in part(letter).initials]


# ---- the draft -----------------------------------------------------------------------


def test_a_draft_has_no_place_in_the_register_yet(desk: Desk) -> None:
    letter = draft(desk)
    assert (letter.state, letter.agenda_number, letter.received_at) == (
        "draft",
        None,
        None,
    )
    assert letter.sender.name == "Sekretariat Daerah"
    assert part(letter).number_preview is not None
    listed = desk.look(
        "kabag.kesra",
        views_letters.listed,
        LettersQuery(box="outgoing"),
    )
    assert letter.letter_id in [one.letter_id for one in listed.items]


def test_a_draft_may_start_from_the_text_of_its_kind(desk: Desk) -> None:
    with desk.database.session() as session:
        kinds = reference.items(session, "kinds")
        texts = {
            item["code"]: item["html"]
            for item in reference.items(session, reference.TEXTS)
        }
    assert texts.keys() == {item["code"] for item in kinds if item["outgoing"]}
    letter = draft(desk, kind="surat_keputusan", body_html=texts["surat_keputusan"])
    assert part(letter).body_html == texts["surat_keputusan"]


def test_a_draft_is_its_chains_and_not_its_recipients(desk: Desk) -> None:
    letter = draft(desk, secrecy="rahasia")
    for who in ("kabag.kesra", "asisten.1", "sekda"):
        assert desk.do(who, reading.get_letter, letter.letter_id).outgoing
    for who in ("kadis.dinkes", "tu.dinkes", "tu.setda", "bupati"):
        with pytest.raises(NotFound):
            desk.do(who, reading.get_letter, letter.letter_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "permohonan"}, "/kind"),
        ({"classification_code": "9.9"}, "/classification_code"),
        ({"body_html": None}, "/body_html"),
        ({"initials": ["sekda"]}, "/initials/0"),
        ({"initials": ["asisten.1"], "coordinators": ["asisten.1"]}, "/initials/0"),
        ({"signer_position_id": "bupati", "signing_form": "an"}, "/signing_form"),
        ({"signing_form": "ub"}, "/signing_form"),
        ({"recipients": [{}]}, "/recipients/0"),
        ({"recipients": [{"position_id": "wabup", "name": "x"}]}, "/recipients/0"),
        ({"copies": ["kadis.dinkes"]}, "/copies/0"),
        ({"replies_to": str(offices.unit_id("x"))}, "/replies_to"),
        ({"secrecy": "sangat_rahasia"}, "/body_html"),
    ],
)
def test_a_bad_draft_is_refused_by_field(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        draft(desk, **changes)
    assert field in [one["field"] for one in refused.value.errors]


def test_an_application_drafts_for_its_unit_and_never_signs(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    app = Actor(
        client=ClientRef(
            client_id=offices.person_id("app"),
            name="Siska",
            unit_id=offices.unit_id("dinkes"),
        )
    )
    own = {"signer_position_id": "kadis.dinkes", "initials": []}
    body = {**own, "recipients": [{"position_id": "sekda"}]}
    letter = draft(desk, app, **body)
    assert letter.created_by.client is not None
    assert letter.created_by.client.name == "Siska"
    assert part(letter).drafter_position_id == offices.position_id("kadis.dinkes")
    for changes in ({"signer_position_id": "sekda"}, {"secrecy": "rahasia"}):
        with pytest.raises(Forbidden) as refused:
            draft(desk, app, **{**body, **changes})
        assert refused.value.code == "outside_register"
    submit(desk, letter, who="kadis.dinkes")
    with pytest.raises(Forbidden):
        sign(desk, letter.letter_id, workshop, who=app)


def test_an_aide_drafts_for_his_leader(database: Database) -> None:
    lent = offices.lends("bupati", "ajudan.bupati", "prepare")
    desk = Desk(database, offices.regency(delegations=[lent]))
    body = codec.load(DraftLetter, draft_body(signer_position_id="bupati"))
    letter = desk.do("ajudan.bupati", drafting.draft_letter, body, acting_as="bupati")
    assert part(letter).drafter_position_id == offices.position_id("bupati")
    assert letter.created_by.capacity == "aide"


def test_what_is_written_is_cleaned(desk: Desk) -> None:
    letter = draft(desk, body_html="<p onclick='x()'>Isi<script>bad()</script></p>")
    assert part(letter).body_html == "<p>Isi</p>"


def test_a_changed_draft_is_another_revision(desk: Desk) -> None:
    letter = draft(desk)
    same = {"subject": letter.subject, "initials": [offices.position_id("asisten.1")]}
    unchanged = revise(desk, letter, **same)
    assert part(unchanged).revision == 1
    changed = revise(desk, letter, subject="Lain", coordinators=[office("kadis.pupr")])
    assert (part(changed).revision, changed.subject) == (2, "Lain")
    assert desk.do("kadis.pupr", reading.get_letter, letter.letter_id)
    found = desk.do("sekda", previewing.list_revisions, letter.letter_id).items
    assert [(one.revision, one.changed) for one in found] == [
        (1, []),
        (2, ["subject", "coordinators"]),
    ]


def test_only_the_drafter_changes_it_and_only_while_it_is_a_draft(desk: Desk) -> None:
    letter = draft(desk)
    with pytest.raises(Forbidden):
        revise(desk, letter, who="asisten.1", subject="Lain")
    submit(desk, letter)
    with pytest.raises(Conflict) as refused:
        revise(desk, letter, subject="Lain")
    assert refused.value.code == "illegal_transition"
    desk.do("kabag.kesra", reviewing.recall_letter, letter.letter_id)
    assert revise(desk, letter, subject="Lain").subject == "Lain"


def test_a_draft_made_secret_is_hidden_from_who_stood_above(desk: Desk) -> None:
    letter = draft(desk)
    assert desk.do("bupati", reading.get_letter, letter.letter_id)
    revise(desk, letter, secrecy="rahasia")
    with pytest.raises(NotFound):
        desk.do("bupati", reading.get_letter, letter.letter_id)
    assert desk.do("asisten.1", reading.get_letter, letter.letter_id)


# ---- initials ------------------------------------------------------------------------


def test_coordination_comes_first_and_together_then_the_levels_in_order(
    desk: Desk,
) -> None:
    letter = draft(
        desk,
        initials=["kabag.kesra", "asisten.1"],
        coordinators=["kadis.pupr", "kadis.kominfo"],
    )
    letter = submit(desk, letter)
    assert states(letter) == ["asked", "asked", "waiting", "waiting"]
    with pytest.raises(Conflict) as refused:
        initial(desk, "asisten.1", letter)
    assert refused.value.code == "not_your_turn"
    initial(desk, "kadis.kominfo", letter)
    letter = initial(desk, "kadis.pupr", letter)
    assert states(letter) == ["approved", "approved", "asked", "waiting"]
    initial(desk, "kabag.kesra", letter)
    letter = initial(desk, "asisten.1", letter)
    assert part(letter).waits_for == "sign"
    asked = [
        (one["data"]["step"], one["data"]["recipients"])
        for one in desk.published(letter.letter_id)
        if one["type"] == "letter.review_asked.v1"
    ]
    assert [step for step, _ in asked] == ["coordinate", "initial", "initial", "sign"]
    assert asked[-1][1] == [str(offices.position_id("sekda"))]


def test_who_is_not_in_the_row_does_not_initial(desk: Desk) -> None:
    letter = submit(desk, draft(desk))
    with pytest.raises(Forbidden):
        initial(desk, "tu.setda", letter)


def test_sent_back_it_starts_again_once_it_is_changed(desk: Desk) -> None:
    letter = submit(desk, draft(desk, coordinators=["kadis.pupr"]))
    initial(desk, "kadis.pupr", letter)
    letter = initial(desk, "asisten.1", letter, "revise", note="Sebut tahunnya")
    assert (letter.state, part(letter).waits_for) == ("draft", "revise")
    assert [one.note for one in part(letter).initials] == [None, "Sebut tahunnya"]
    told = desk.published(letter.letter_id)[-1]
    assert told["type"] == "letter.revision_asked.v1"
    assert told["data"]["recipients"] == [str(offices.position_id("kabag.kesra"))]
    revise(desk, letter, body_html="<p>Tahun 2026.</p>")
    letter = submit(desk, letter)
    assert states(letter) == ["asked", "waiting"]
    found = desk.do("sekda", previewing.list_revisions, letter.letter_id).items
    assert [[(one.decision, one.note) for one in row.decisions] for row in found] == [
        [("approve", None), ("revise", "Sebut tahunnya")],
        [],
    ]


def test_an_initial_for_a_revision_nobody_read_is_refused(desk: Desk) -> None:
    letter = submit(desk, draft(desk))
    with pytest.raises(Conflict) as refused:
        initial(desk, "asisten.1", letter, revision=2)
    assert refused.value.code == "revision_changed"


def test_recalled_and_unchanged_it_keeps_its_initials(desk: Desk) -> None:
    letter = submit(desk, draft(desk, coordinators=["kadis.pupr"]))
    initial(desk, "kadis.pupr", letter)
    desk.do("kabag.kesra", reviewing.recall_letter, letter.letter_id)
    assert states(submit(desk, letter)) == ["approved", "asked"]


def test_the_signer_sends_back_instead_of_signing(desk: Desk) -> None:
    letter = reviewed(desk)
    with pytest.raises(Conflict):
        initial(desk, "sekda", letter)
    assert initial(desk, "sekda", letter, "revise", note="Ulangi").state == "draft"


def test_what_waits_for_whom(desk: Desk, workshop: LetterWorkshop) -> None:
    letter = submit(desk, draft(desk))
    assert step_of(desk, "asisten.1", letter) == "initial"
    assert step_of(desk, "sekda", letter) is None
    initial(desk, "asisten.1", letter)
    assert step_of(desk, "asisten.1", letter) is None
    assert step_of(desk, "sekda", letter) == "sign"
    initial(desk, "sekda", letter, "revise")
    assert step_of(desk, "kabag.kesra", letter) == "revise"
    secret = paper(desk, secrecy="sangat_rahasia")
    sign(desk, secret.letter_id, workshop)
    assert step_of(desk, "kabag.kesra", secret) == "dispatch"
    assert step_of(desk, "tu.setda", secret) is None  # may not know of it


# ---- signature and numbers -------------------------------------------------------------


def test_signing_fixes_number_date_and_pdf(
    desk: Desk, workshop: LetterWorkshop, tmp_path: Path
) -> None:
    letter = reviewed(desk)
    preview = desk.do("sekda", previewing.preview_number, letter.letter_id)
    signed = sign(desk, letter.letter_id, workshop, method="local")["body"]
    assert (preview.provisional, preview.number) == (True, signed["number"])
    assert signed["state"] == "signed"
    assert signed["dated_on"] == "2026-11-23"
    assert signed["agenda_number"].startswith("SK/")
    (file,) = signed["files"]
    blob = tmp_path / "blobs" / "blobs" / file["sha256"][:2] / file["sha256"]
    assert blob.read_bytes().startswith(b"%PDF")
    assert b"/ByteRange" in blob.read_bytes()
    assert signed["outgoing"]["final_file_id"] == file["file_id"]
    assert not signed["outgoing"]["scan_missing"]
    again = desk.do("sekda", previewing.preview_number, letter.letter_id)
    assert (again.provisional, again.number) == (False, signed["number"])
    event = desk.published(letter.letter_id)[-1]
    assert event["type"] == "letter.signed.v1"
    assert str(offices.position_id("kabag.kesra")) in event["data"]["recipients"]


def test_nobody_signs_before_the_initials_or_for_the_signer(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = submit(desk, draft(desk))
    with pytest.raises(Conflict) as refused:
        sign(desk, letter.letter_id, workshop)
    assert refused.value.code == "initials_missing"
    assert refused.value.facts["position_ids"] == [office("asisten.1")]
    initial(desk, "asisten.1", letter)
    with pytest.raises(Forbidden):
        sign(desk, letter.letter_id, workshop, who="asisten.1")


def test_a_delegate_does_not_sign(database: Database, workshop: LetterWorkshop) -> None:
    lent = offices.lends("sekda", "sespri.sekda", "act", include_secret=True)
    desk = Desk(database, offices.regency(delegations=[lent]))
    letter = paper(desk, secrecy="rahasia", body_html="<p>x</p>")
    with pytest.raises(Forbidden) as refused:
        sign(desk, letter.letter_id, workshop, who="sespri.sekda")
    assert refused.value.facts["reason"] == "not_signer"


def test_an_acting_official_signs_as_such(
    database: Database, workshop: LetterWorkshop
) -> None:
    plh = offices.holds("asisten.2", "sekda", "plh")
    desk = Desk(database, offices.regency(also=[plh]))
    signed = sign(desk, paper(desk).letter_id, workshop, who="asisten.2")["body"]
    assert signed["outgoing"]["signing_form"] == "plh"
    assert signed["outgoing"]["signed_by"]["capacity"] == "plh"


def test_a_failed_signature_leaves_no_gap_and_says_why(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = reviewed(desk)
    broken = Broken(workshop)
    with pytest.raises(RakatError) as refused:
        sign(desk, letter.letter_id, broken, method="bsre", passphrase="rahasia-sekali")
    assert refused.value.code == "signing_timeout"
    other = sign(desk, paper(desk, secrecy="sangat_rahasia").letter_id, workshop)
    signed = sign(desk, letter.letter_id, workshop, method="local")["body"]
    first, second = seqs(desk, letter.letter_id, UUID(other["body"]["letter_id"]))
    assert second == first + 1
    assert f"/{first}/" in signed["number"]
    lines = trail(desk, letter.letter_id)
    failed = next(one for one in lines if one["action"] == "signing_failed")
    assert failed["detail"] == {"method": "bsre", "reason": "signing_timeout"}
    assert "rahasia-sekali" not in everything(desk)


def test_a_claim_that_nobody_finishes_lapses(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = paper(desk)
    with pytest.raises(KeyboardInterrupt):  # the process dies over it
        sign(desk, reviewed(desk).letter_id, Dying(workshop))
    stuck = reviewed(desk)
    with pytest.raises(KeyboardInterrupt):
        sign(desk, stuck.letter_id, Dying(workshop))
    with pytest.raises(Conflict) as refused:
        sign(desk, stuck.letter_id, workshop)
    assert refused.value.code == "signing_in_progress"
    secret = CorrectLetter(secrecy=Secrecy.RAHASIA)
    for act, more in (
        (reviewing.recall_letter, ()),
        (correcting.correct_letter, (secret, None)),
    ):
        with pytest.raises(Conflict) as refused:
            desk.do("kabag.kesra", act, stuck.letter_id, *more)
        assert refused.value.code == "signing_in_progress"
    later = desk.later(minutes=3)
    assert sign(later, stuck.letter_id, workshop)["body"]["state"] == "signed"
    assert sign(desk, letter.letter_id, workshop)["body"]["state"] == "signed"


def test_who_comes_back_late_does_not_sign_over_a_changed_text(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = reviewed(desk)
    later = desk.later(minutes=3)

    class Slow(Broken):
        """The claim lapses, and the draft is changed and submitted anew meanwhile."""

        def make(self, *_: Any) -> bytes:
            later.do("kabag.kesra", reviewing.recall_letter, letter.letter_id)
            revise(later, letter, subject="Yang lain")
            submit(later, letter)
            return b"%PDF-1.7 the old text"

        def store(self, pdf: bytes) -> str:
            return "0" * 64

        def pages(self, pdf: bytes) -> int | None:
            return 1

    with pytest.raises(Conflict) as refused:
        sign(desk, letter.letter_id, Slow(workshop))
    assert refused.value.code == "signing_in_progress"
    now = later.do("sekda", reading.get_letter, letter.letter_id)
    assert (now.state, now.files, now.subject) == ("in_review", [], "Yang lain")
    assert sign(later, letter.letter_id, workshop)["body"]["state"] == "signed"


def test_a_key_signs_once_and_answers_again(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = paper(desk)
    first = sign(desk, letter.letter_id, workshop, key="tanda")
    again = sign(desk, letter.letter_id, workshop, key="tanda")
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["body"] == again["body"]
    with pytest.raises(Conflict):
        sign(desk, letter.letter_id, workshop, key="lain")


def test_a_letter_signed_with_ink_lacks_its_scan_until_it_has_one(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = reviewed(desk)
    signed = sign(desk, letter.letter_id, workshop)["body"]
    assert signed["outgoing"]["scan_missing"]
    body = AttachScan(file_id=stored(desk, "tu.setda"))
    done = desk.do("tu.setda", dispatching.attach_scan, letter.letter_id, body)
    assert not part(done).scan_missing
    with pytest.raises(Conflict):
        desk.do("tu.setda", dispatching.attach_scan, letter.letter_id, body)


def test_a_scan_reaches_the_letters_that_were_sent_without_it(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    to = [{"position_id": one} for one in ("kadis.dinkes", "kadis.pupr")]
    letter = reviewed(desk, recipients=to, subject="Surat bertinta")
    sign(desk, letter.letter_id, workshop)
    dispatch(desk, letter.letter_id)
    born = desk.look("kadis.dinkes", views_letters.listed, LettersQuery(box="inbox"))
    (born_id,) = [one.letter_id for one in born.items if one.subject == letter.subject]
    before = desk.do("kadis.dinkes", reading.get_letter, born_id)
    body = AttachScan(file_id=stored(desk, "tu.setda"))
    sent = desk.do("tu.setda", dispatching.attach_scan, letter.letter_id, body)
    after = desk.do("kadis.dinkes", reading.get_letter, born_id)
    (scan,) = [one for one in sent.files if one.file_id == body.file_id]
    assert [one.sha256 for one in after.files] == [
        scan.sha256,
        *[one.sha256 for one in before.files],
    ]
    tracking = desk.tracking("kadis.dinkes", born_id)
    assert tracking.timeline[-1].action == "scan_attached"


def test_the_year_of_a_number_changes_at_the_offices_midnight(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    eve = Desk(desk.database, desk.org, datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC))
    old = sign(eve, paper(eve).letter_id, workshop)["body"]
    new_year = eve.later(seconds=1)
    new = sign(new_year, paper(new_year).letter_id, workshop)["body"]
    assert old["number"].endswith("/2026")
    assert old["dated_on"] == "2026-12-31"
    assert new["number"] == "SR/1/400.14/2027"
    assert (new["dated_on"], new["agenda_number"]) == ("2027-01-01", "SK/0001/2027")


def test_a_reserved_number_is_used_once_with_its_date(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    taken = desk.do("tu.setda", reserving.reserve_number, office_unit("setda"), RESERVE)
    assert taken.number == f"…/{taken.seq}/…/2026"
    letter = paper(desk)
    use = {"reservation_id": taken.reservation_id}
    signed = sign(desk, letter.letter_id, workshop, **use)["body"]
    assert signed["dated_on"] == "2026-11-20"
    assert signed["number"] == f"SR/{taken.seq}/400.14/2026"
    with pytest.raises(Invalid):
        sign(desk, paper(desk).letter_id, workshop, **use)
    unit = office_unit("setda")
    listed = desk.do("tu.setda", reserving.list_reservations, unit, NO_QUERY).items
    assert listed[0].letter_id == letter.letter_id
    assert listed[0].reason == "Terlambat dicatat"


def test_a_reserved_number_is_printed_by_the_signers_pattern(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    sekda = offices.position_id("sekda")
    pattern = {
        "kind": "surat_dinas",
        "signer_position_id": str(sekda),
        "pattern": "{KS}/{N}/{K}/{S}/{Y}",
        "series": outgoing_number.USUAL.series,
    }
    body = {"unit_id": str(office_unit("setda")), "items": [pattern]}
    desk.do("tu.setda", reserving.put_templates, codec.load(PutNumberTemplates, body))
    taken = desk.do("tu.setda", reserving.reserve_number, office_unit("setda"), RESERVE)
    use = {"reservation_id": taken.reservation_id}
    signed = sign(desk, paper(desk).letter_id, workshop, **use)["body"]
    assert signed["number"] == f"SR/{taken.seq}/400.14/SETDA/2026"


@pytest.mark.parametrize("who", ["sekda", "tu.dinkes"])
def test_only_the_registers_own_registrar_reserves(desk: Desk, who: str) -> None:
    with pytest.raises(Forbidden) as refused:
        desk.do(who, reserving.reserve_number, office_unit("setda"), RESERVE)
    assert refused.value.code == "outside_register"


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2024, 12, 31)])
def test_numbers_are_reserved_for_the_past_only(desk: Desk, day: date) -> None:
    body = msgspec.structs.replace(RESERVE, dated_on=day)
    with pytest.raises(Invalid) as refused:
        desk.do("tu.setda", reserving.reserve_number, office_unit("setda"), body)
    assert refused.value.errors[0]["field"] == "/dated_on"


def test_a_kind_without_numbers_gets_none(desk: Desk, workshop: LetterWorkshop) -> None:
    signed = sign(desk, paper(desk, kind="pengumuman").letter_id, workshop)["body"]
    assert signed["number"] is None
    assert signed["agenda_number"].startswith("SK/")


# ---- the end ---------------------------------------------------------------------------


def test_every_register_gets_its_own_incoming_letter(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = reviewed(
        desk,
        recipients=[
            {"position_id": "kadis.dinkes"},
            {"position_id": "kadis.pupr"},
            {"name": "Kanwil Kemenag", "address": "Banjarmasin"},
        ],
        copies=["bupati"],
    )
    signed = sign(desk, letter.letter_id, workshop, method="local")["body"]
    sent = dispatch(desk, letter.letter_id)
    assert sent.state == "dispatched"
    rows = {one.title or one.name: one for one in part(sent).recipients}
    assert rows["Kanwil Kemenag"].letter_id is None
    assert {one.state for one in rows.values()} == {"dispatched"}
    born_id = next(
        one.letter_id
        for one in part(sent).recipients
        if one.position_id == offices.position_id("kadis.dinkes")
    )
    born = desk.do("kadis.dinkes", reading.get_letter, born_id)
    assert (born.direction, born.state, born.number) == (
        "incoming",
        "registered",
        signed["number"],
    )
    assert born.agenda_number.startswith("SM/")  # type: ignore[union-attr]
    assert born.source is None  # he may not see the letter it came of
    assert [one.sha256 for one in born.files] == [signed["files"][0]["sha256"]]
    assert [one.role for one in born.my_tasks] == ["handle"]
    assert desk.do("tu.dinkes", reading.get_letter, born_id)
    copied = desk.do("bupati", reading.get_letter, letter.letter_id)
    copy_id = next(one.letter_id for one in part(copied).recipients if one.copy)
    copy = desk.do("bupati", reading.get_letter, copy_id)
    assert (copy.state, copy.my_tasks[0].role) == ("completed", "inform")
    assert copy.source is not None
    assert copy.source.letter_id == letter.letter_id
    types = [one["type"] for one in desk.published(born_id)]
    assert types == ["letter.registered.v1"]
    with pytest.raises(Conflict):
        dispatch(desk, letter.letter_id)
    assert len(rows) == 4


def test_a_reply_is_seen_from_the_letter_it_answers(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    asked = paper_to_dinkes(desk, workshop)
    answer = paper(
        desk,
        who="kadis.dinkes",
        signer_position_id="kadis.dinkes",
        recipients=[{"position_id": "sekda"}],
        replies_to=str(asked),
    )
    seen = desk.do("kadis.dinkes", reading.get_letter, asked)
    assert [one.letter_id for one in seen.replies] == [answer.letter_id]
    sign(desk, answer.letter_id, workshop, who="kadis.dinkes")
    sent = dispatch(desk, answer.letter_id, who="kadis.dinkes")
    came = desk.do("sekda", reading.get_letter, part(sent).recipients[0].letter_id)
    assert came.replies_to is not None  # our own letter that they answer
    assert desk.do("sekda", reading.get_letter, came.replies_to).state == "dispatched"


def test_a_void_draft_is_gone_and_a_void_letter_keeps_its_number(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    reason = VoidLetter(reason="Tidak jadi")
    letter = submit(desk, draft(desk))
    done = desk.do("kabag.kesra", closing.void_letter, letter.letter_id, reason)
    assert (done.state, states(done)) == ("void", ["waiting"])
    assert step_of(desk, "asisten.1", letter) is None
    signed = sign(desk, paper(desk).letter_id, workshop)["body"]
    key = UUID(signed["letter_id"])
    void = desk.do("kabag.kesra", closing.void_letter, key, reason)
    assert (void.state, void.number) == ("void", signed["number"])
    with pytest.raises(Conflict):
        dispatch(desk, key, who="kabag.kesra")
    close = CloseLetter(outcome=Outcome.NOTED)
    with pytest.raises(Conflict):
        desk.do("kabag.kesra", closing.close_letter, key, close)


# ---- parts -----------------------------------------------------------------------------


class Broken:
    """A workshop whose signing service never answers."""

    def __init__(self, real: LetterWorkshop) -> None:
        self._real = real

    def require(self, *_: Any) -> None:
        return None

    def verify_url(self, token: str) -> str:
        return self._real.verify_url(token)

    def make(self, *_: Any) -> bytes:
        from services.letters.signing import errors

        raise errors.timeout()


class Dying(Broken):
    def make(self, *_: Any) -> bytes:
        raise KeyboardInterrupt


def office(code: str) -> str:
    return str(offices.position_id(code))


def office_unit(code: str) -> UUID:
    return offices.unit_id(code)


def revise(desk: Desk, letter: Letter, who: str = "kabag.kesra", **changes: Any) -> Any:
    return desk.do(who, drafting.revise_draft, letter.letter_id, changes, None)


def step_of(desk: Desk, who: str, letter: Letter) -> str | None:
    query = ReviewsQuery(limit=200)
    items = desk.look(who, views_outgoing.reviews, query).items
    return next((one.step for one in items if one.letter_id == letter.letter_id), None)


def stored(desk: Desk, who: str) -> UUID:
    body = RecordFile(
        sha256="5" * 64, size_bytes=9, media_type="application/pdf", filename="p.pdf"
    )
    return desk.do(who, storing.record_file, body).file_id


def paper_to_dinkes(desk: Desk, workshop: LetterWorkshop) -> UUID:
    """The incoming letter at Dinkes that one of the Sekda's became."""
    letter = paper(desk)
    sign(desk, letter.letter_id, workshop)
    sent = dispatch(desk, letter.letter_id, who="kabag.kesra")
    found: UUID = part(sent).recipients[0].letter_id
    return found


def seqs(desk: Desk, *letters: UUID) -> list[int]:
    query = sa.text("SELECT seq FROM outgoing_number WHERE letter_id = :id")
    with desk.database.session() as session:
        return [session.execute(query, {"id": one}).scalar_one() for one in letters]


def trail(desk: Desk, letter_id: UUID) -> list[Any]:
    query = sa.text("SELECT * FROM trail WHERE letter_id = :id ORDER BY seq")
    with desk.database.session() as session:
        return list(session.execute(query, {"id": letter_id}).mappings())


def everything(desk: Desk) -> str:
    """All that is stored where a secret could have strayed."""
    tables = ("trail", "outbox", "idempotency", "outgoing", "outgoing_number", "letter")
    with desk.database.session() as session:
        return "".join(
            str(session.execute(sa.text(f"SELECT * FROM {one}")).all())
            for one in tables
        )


NO_QUERY = reserving.ReservationsQuery()
