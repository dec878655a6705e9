"""The form of an outgoing letter as a value: what is pressed, sent and complained of."""

from __future__ import annotations

import pytest
from multidict import MultiDict

from gateway.portal import outgoing, signers
from gateway.portal.offices import Offices, _build
from tests.unit.portal import desk
from tests.unit.portal.desk import pid


@pytest.fixture
def known() -> Offices:
    return _build(desk.positions(), desk.units())


def posted(**changes: object) -> MultiDict[str]:
    fields = {
        "jenis": "surat_dinas",
        "perihal": "Permintaan data",
        "klasifikasi": "000.8 Organisasi",
        "penerima": [pid("sekda")],
        "luar": [],
        "penanda": pid("kadis"),
        "bentuk": "self",
        "paraf": [pid("kabid")],
        "isi": "Dengan hormat.",
        "kunci": "k1",
        "aksi": "simpan",
        **changes,
    }
    rows: MultiDict[str] = MultiDict()
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            rows.add(name, str(each))
    return rows


def read(known: Offices, **changes: object) -> outgoing.Draft:
    return outgoing.from_form(posted(**changes), pid("staf"), known)


def test_a_new_draft_is_signed_by_the_head_and_initialled_up_the_ladder(known):
    draft = outgoing.fresh(pid("staf"), known)
    assert draft.signer == pid("kadis")
    assert draft.offices["paraf"] == [pid("kabid")]
    assert outgoing.fresh(pid("kadis"), known).signer == pid("kadis")


def test_a_person_without_an_office_gets_an_empty_draft(known):
    assert outgoing.fresh(None, known).signer == ""


def test_the_form_becomes_the_body_of_the_api(known):
    draft = read(
        known,
        luar=["Balai Monitor", ""],
        **{"luar-alamat": ["Banjarmasin", ""]},
        tembusan=[pid("bupati")],
    )
    assert not outgoing.problems_in(draft)
    body = outgoing.creation_of(draft)
    assert body == {
        "direction": "outgoing",
        "kind": "surat_dinas",
        "subject": "Permintaan data",
        "body_html": "<p>Dengan hormat.</p>",
        "signer_position_id": pid("kadis"),
        "signing_form": "self",
        "initials": [pid("kabid")],
        "recipients": [
            {"position_id": pid("sekda")},
            {"name": "Balai Monitor", "address": "Banjarmasin"},
        ],
        "copies": [pid("bupati")],
        "classification_code": "000.8",
        "urgency": "biasa",
        "secrecy": "biasa",
    }


def test_the_editor_wins_over_the_field_that_scripts_hide(known):
    draft = read(known, isi="lama", **{"isi-html": "<p>ba<b>ru</b></p>"})
    assert draft.html == "<p>ba<strong>ru</strong></p>"


def test_a_finished_file_goes_instead_of_the_text(known):
    fields = {"cara": "berkas", "berkas": ["f1"], "nama-f1": "surat.pdf"}
    draft = read(known, isi="", **fields)
    body = outgoing.creation_of(draft)
    assert body["file_ids"] == ["f1"]
    assert "body_html" not in body
    assert draft.files == [{"file_id": "f1", "filename": "surat.pdf"}]


def test_the_file_last_sent_is_the_letter(known):
    draft = read(known, cara="berkas", berkas=["f1", "f2"], lampiran=["f3"])
    assert outgoing.changes_of(draft)["file_ids"] == ["f2"]
    gone = read(known, cara="berkas", berkas=["f1"], aksi="lepas:f1")
    assert [p["field"] for p in outgoing.problems_in(gone) if "ber" in p["field"]] == [
        "berkas"
    ]


@pytest.mark.parametrize(
    ("beside", "sent"),
    [
        ({"lampiran": ["f2", "f3"]}, ["f2", "f3"]),
        ({"lampiran": ["f2", "f3"], "aksi": "lepas:f2"}, ["f3"]),
        ({}, []),
    ],
)
def test_a_text_keeps_what_is_attached_to_it_but_not_the_file_it_replaces(
    known, beside, sent
):
    fields = {"cara": "tulis", "berkas": ["f1"], "nama-f1": "peta.pdf", **beside}
    draft = read(known, isi="Dengan hormat.", **fields)
    assert outgoing.changes_of(draft)["file_ids"] == sent


def test_what_is_missing_is_said_at_its_field(known):
    draft = read(
        known,
        perihal="",
        klasifikasi="",
        penerima=[],
        isi="",
        luar=[""],
        **{"luar-alamat": ["Banjarmasin"]},
    )
    found = [item["field"] for item in outgoing.problems_in(draft)]
    assert found == ["perihal", "penerima", "klasifikasi", "naskah", "luar-0"]


def test_an_invitation_says_when_and_where(known):
    fields = {"jenis": "undangan", "mulai": "2026-11-26T09:00", "tempat": "Aula"}
    body = outgoing.creation_of(read(known, **fields))
    assert body["invitation"] == {
        "starts_at": "2026-11-26T09:00:00+08:00",
        "place": "Aula",
    }
    wrong = read(known, jenis="undangan", mulai="2026-11-31T09:00")
    assert [item["field"] for item in outgoing.problems_in(wrong)] == ["mulai"]


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("naik", ["kadis", "kabid", "sekda"]),
        ("turun", ["kabid", "sekda", "kadis"]),
        ("hapus", ["kabid", "sekda"]),
    ],
)
def test_initials_are_put_in_order_by_buttons(known, button, order):
    row = [pid(code) for code in ("kabid", "kadis", "sekda")]
    draft = read(known, paraf=row, aksi=f"{button}:paraf:{pid('kadis')}")
    assert draft.offices["paraf"] == [pid(code) for code in order]
    assert not draft.proposed


def test_a_button_that_means_nothing_changes_nothing(known):
    for button in ("naik:elsewhere:x", "hapus:paraf:x", "hapus-luar:9", "::", ""):
        assert read(known, aksi=button).offices["paraf"] == [pid("kabid")]


def test_another_signer_brings_another_ladder_until_a_hand_was_on_it(known):
    proposed = {"paraf-usul": pid("kabid"), "penanda": pid("sekda")}
    ladder = [pid("kabid"), pid("kadis")]
    assert read(known, **proposed).offices["paraf"] == ladder
    by_hand = read(known, **{**proposed, "paraf-usul": ""})
    assert by_hand.offices["paraf"] == [pid("kabid")]
    again = read(known, penanda=pid("sekda"), paraf=[], aksi="usul")
    assert again.offices["paraf"] == ladder


def test_unknown_offices_are_dropped_and_numbers_that_are_none_ignored(known):
    draft = read(known, penerima=["x", pid("sekda")], versi="٣", tembusan=["y"])
    assert draft.offices["penerima"] == [pid("sekda")]
    assert draft.offices["tembusan"] == []
    assert draft.version is None


def test_a_draft_that_is_edited_comes_back_whole(known):
    letter = desk.letter(
        facts={
            "recipients": [
                desk.recipient("sekda"),
                desk.recipient(name="Balai", address="Banjarmasin"),
                desk.recipient("bupati", copy=True),
            ],
            "initials": [
                desk.initial("kadis", 1, "waiting"),
                desk.initial("kabid", 0, "waiting"),
                desk.initial("kabag", 0, "waiting", kind="coordination"),
            ],
        },
        copies=[pid("bupati")],
        files=[{"file_id": "f1", "filename": "peta.pdf", "size_bytes": 7}],
    )
    draft = outgoing.from_letter(letter)
    body = outgoing.changes_of(draft)
    assert draft.attached == [{"file_id": "f1", "filename": "peta.pdf"}]
    assert body["file_ids"] == [file["file_id"] for file in letter["files"]]
    assert draft.version == 3
    assert body["initials"] == [pid("kabid"), pid("kadis")]
    assert body["coordinators"] == [pid("kabag")]
    assert body["recipients"][1] == {"name": "Balai", "address": "Banjarmasin"}
    assert len(body["recipients"]) == 2
    assert body["body_html"] == "<p>Dengan hormat.</p>"
    assert body["invitation"] is None


def test_a_reply_goes_back_to_its_sender(known):
    asked = {
        **desk.letter(),
        "direction": "incoming",
        "sender": {"name": "Dinas Kominfo", "unit_id": desk.uid("kominfo")},
    }
    reply = outgoing.answering(outgoing.Draft(), asked, known)
    assert reply.replies_to == desk.LETTER
    assert reply.offices["penerima"] == [pid("kadis")]
    asked["sender"] = {"name": "Camat", "unit_id": None, "address": "Loksado"}
    reply = outgoing.answering(outgoing.Draft(), asked, known)
    assert reply.outside == [outgoing.Outside("Camat", "Loksado")]


def test_errors_of_the_api_find_their_fields(known):
    fields = outgoing.error_fields(read(known, luar=["", "Balai"]))
    assert fields["/recipients/1"] == "luar-1"
    assert fields["/recipients"] == "penerima"
    assert fields["/invitation/place"] == "tempat"


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("self", ["Kepala Dinas Kominfo,"]),
        ("plt", ["Plt. Kepala Dinas Kominfo,"]),
        ("an", ["a.n. Sekretaris Daerah,", "Kepala Dinas Kominfo,"]),
        (
            "ub",
            ["a.n. Bupati,", "Sekretaris Daerah,", "u.b.", "Kepala Dinas Kominfo,"],
        ),
    ],
)
def test_the_block_shows_in_whose_name_it_is_signed(known, form, lines):
    assert signers.block(pid("kadis"), form, known) == lines


def test_a_form_that_cannot_be_meant_is_said(known):
    assert signers.form_problem(pid("bupati"), "an", known)
    assert signers.form_problem(pid("sekda"), "ub", known)
    assert signers.form_problem(pid("kadis"), "plh", known)
    assert not signers.form_problem(pid("kadis"), "ub", known)
