"""The form over a letter, and the patch that names only what was changed."""

from __future__ import annotations

from typing import Any

from multidict import MultiDict

from gateway.portal import correcting

LETTER: dict[str, Any] = {
    "direction": "incoming",
    "kind": "undangan",
    "number": "005/117/KESRA/2026",
    "dated_on": "2026-11-20",
    "received_at": "2026-11-23T09:10:42+08:00",
    "sender": {"name": "Kanwil", "unit_id": None, "address": "Jl. Melati"},
    "subject": "Undangan rapat",
    "summary": None,
    "classification_code": "400.14",
    "urgency": "segera",
    "secrecy": "biasa",
    "invitation": {
        "starts_at": "2026-11-26T09:00:00+08:00",
        "ends_at": None,
        "place": "Aula Ramu",
        "dress_code": None,
        "contact": None,
    },
    "file_ids": ["f1"],
}


def form(**changes: str) -> MultiDict[str]:
    fields = correcting.filled(LETTER)
    fields.update(changes)
    return fields


def patch(**changes: str) -> dict[str, Any]:
    body, problems = correcting.patch_of(form(**changes), LETTER)
    assert not problems
    return body


def test_a_form_sent_back_as_it_was_changes_nothing():
    assert patch() == {}
    # The seconds of the receipt are not in the form, and are not lost by it.
    assert patch(klasifikasi="400.14 Hubungan masyarakat") == {}


def test_only_what_was_changed_is_sent():
    assert patch(perihal="Undangan rapat kerja") == {"subject": "Undangan rapat kerja"}
    assert patch(pengirim="Kanwil Kemenag") == {"sender": {"name": "Kanwil Kemenag"}}
    assert patch(nomor="", tanggal="") == {"number": None, "dated_on": None}
    assert patch(tempat="Pendopo") == {"invitation": {"place": "Pendopo"}}
    received = patch(diterima="2026-11-23T10:00")
    assert received == {"received_at": "2026-11-23T10:00:00+08:00"}


def test_what_is_no_invitation_any_more_loses_it():
    assert patch(jenis="surat_dinas") == {"kind": "surat_dinas", "invitation": None}
    assert patch(mulai="") == {"invitation": None}


def test_a_letter_that_never_was_an_invitation_sends_none():
    plain = {**LETTER, "kind": "surat_dinas", "invitation": None}
    fields = correcting.filled(plain)
    fields["mulai"] = "2026-11-26T09:00"
    assert correcting.patch_of(fields, plain) == ({}, [])
    fields["jenis"] = "undangan"
    body, _ = correcting.patch_of(fields, plain)
    assert body["invitation"] == {"starts_at": "2026-11-26T09:00:00+08:00"}


def test_what_must_be_there_is_said_at_its_field():
    _, problems = correcting.patch_of(form(perihal="", tanggal="2026-11-31"), LETTER)
    assert [item["field"] for item in problems] == ["tanggal", "perihal"]


def test_a_form_that_was_overtaken_says_what_is_saved_now():
    fields = form(perihal="Isian saya", keamanan="rahasia", ringkasan="Ada")
    found = correcting.differences(fields, LETTER)
    assert ("Perihal", "Undangan rapat") in found
    assert ("Keamanan", "Biasa") in found
    assert ("Ringkasan", "kosong") in found


def test_paper_alone_leaves_the_files_behind():
    assert correcting.raising(LETTER, "rahasia") == {"secrecy": "rahasia"}
    assert correcting.raising(LETTER, "sangat_rahasia")["file_ids"] == []
    on_paper = {"secrecy": "sangat_rahasia", "file_ids": []}
    assert patch(keamanan="sangat_rahasia") == on_paper
    assert correcting.higher("rahasia") == ["sangat_rahasia"]
    assert correcting.higher("sangat_rahasia") == []


# ---- what it refers to ----------------------------------------------------------------

REFERRING = {
    **LETTER,
    "external_ref": {"system": "srikandi", "id": "SRK-1"},
    "replies_to": "l1",
}


def referring(**changes: str) -> dict[str, Any]:
    fields = correcting.filled(REFERRING)
    fields.update(changes)
    body, problems = correcting.patch_of(fields, REFERRING)
    assert not problems
    return body


def test_references_that_were_not_touched_are_not_sent():
    assert referring() == {}


def test_references_are_sent_whole_and_taken_away_whole():
    moved = {"system": "srikandi", "id": "SRK-2"}
    assert referring(**{"id-rujukan": "SRK-2"}) == {"external_ref": moved}
    assert referring(**{"id-rujukan": ""}) == {"external_ref": None}
    assert referring(sistem="") == {}  # the usual one
    new = {"external_ref": {"system": "lama", "id": "7"}}
    assert patch(**{"sistem": "lama", "id-rujukan": "7"}) == new
    assert patch(sistem="lama") == {}  # a system without an id names nothing


def test_what_the_sender_and_the_invitation_say_is_corrected_too():
    assert patch(alamat="") == {"sender": {"address": None}}
    assert patch(**{"unit-pengirim": "u1"}) == {"sender": {"unit_id": "u1"}}
    assert patch(narahubung="0811") == {"invitation": {"contact": "0811"}}
    assert referring(balasan="") == {"replies_to": None}


def test_an_id_is_not_read_out_where_the_form_was_overtaken():
    found = correcting.differences(form(balasan="l2"), REFERRING)
    assert ("Menjawab surat keluar", "pilihan lain") in found
