"""Posted fields, messages for the next page, and where a login may lead."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import MultiDict

from contracts.errors import Conflict, Invalid, invalid
from gateway import keys
from gateway.config import GatewayConfig
from gateway.portal import activities, faults, flash, forms, registering
from gateway.portal.views.session import safe_onward


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/surat/1?x=2", "/surat/1?x=2"),
        (None, "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/api/v1/me", "/"),
        ("/surat\r\nSet-Cookie: a=b", "/"),
        ("/\t/elsewhere.example", "/"),
        ("surat", "/"),
    ],
)
def test_a_login_leads_only_to_pages_of_the_portal(target, safe):
    assert safe_onward(target) == safe


def test_field_errors_of_the_api_stand_beside_their_inputs():
    error = Invalid(
        errors=[
            {"field": "/sender/name", "message": "a"},
            {"field": "/invitation/starts_at", "message": "b"},
            {"field": "/elsewhere", "message": "c"},
        ]
    )
    problems = forms.problems_of(error, registering.ERROR_FIELDS)
    assert [item["field"] for item in problems] == ["pengirim", "mulai", ""]


def test_an_error_without_fields_is_told_in_one_sentence():
    problems = forms.problems_of(Conflict("open_children"), {})
    assert problems[0]["message"].startswith("Masih ada bawahan yang belum melapor")


def test_a_withdrawal_too_late_says_when_it_was_read():
    error = Conflict("already_read", read_at="2026-11-24T07:31:00+08:00")
    assert faults.sentence(error).endswith("sudah dibaca pukul 07.31.")


def test_words_of_a_field_error_win_over_the_general_ones():
    assert faults.sentence(invalid("/due_at", "Di masa depan")) == "Di masa depan"


def test_a_message_survives_one_redirect():
    response = web.Response()
    app = web.Application()
    app[keys.CONFIG] = GatewayConfig(amqp_uri="", blob_url="")
    asked = make_mocked_request("POST", "/", app=app)
    flash.put(asked, response, flash.Flash(text="Terkirim.", undo=["a"]))
    value = response.cookies[flash.COOKIE].value
    request = make_mocked_request("GET", "/", {"Cookie": f"{flash.COOKIE}={value}"})
    found = flash.take(request)
    assert found is not None
    assert (found.text, found.undo) == ("Terkirim.", ["a"])


@pytest.mark.parametrize("value", ["x", "eyJ9", "////"])
def test_a_tampered_message_is_no_message(value):
    request = make_mocked_request("GET", "/", {"Cookie": f"{flash.COOKIE}={value}"})
    assert flash.take(request) is None


LETTER = MultiDict(
    [
        ("jenis", "undangan"),
        ("nomor", ""),
        ("tanggal", "2026-11-20"),
        ("diterima", "2026-11-24T08:10"),
        ("pengirim", "Kanwil"),
        ("perihal", "Undangan"),
        ("klasifikasi", "400.14 Hubungan masyarakat"),
        ("urgensi", "segera"),
        ("keamanan", "biasa"),
        ("tujuan", "p1"),
        ("tujuan", "p2"),
        ("mulai", "2026-11-26T09:00"),
        ("tempat", "Aula Ramu"),
    ]
)


def test_the_registrars_form_becomes_the_body_of_the_api():
    body, problems = registering.body_of(LETTER)
    assert not problems
    assert body["number"] is None
    assert body["classification_code"] == "400.14"
    assert body["received_at"] == "2026-11-24T08:10:00+08:00"
    assert body["addressees"] == ["p1", "p2"]
    assert body["invitation"] == {
        "starts_at": "2026-11-26T09:00:00+08:00",
        "place": "Aula Ramu",
    }


def test_a_day_that_does_not_exist_is_said_at_its_field():
    fields = MultiDict(LETTER)
    fields["tanggal"] = "2026-11-31"
    fields.popall("tujuan")
    _, problems = registering.body_of(fields)
    assert {item["field"] for item in problems} == {"tanggal", "tujuan"}


def activity(**changes: str) -> activities.Draft:
    draft = activities.Draft(
        title="Rapat", day="2026-11-26", begins="09:00", ends="10:30"
    )
    draft.roles = {"p1": "host", "p2": "required"}
    for name, value in changes.items():
        setattr(draft, name, value)
    return draft


def test_an_activity_ends_after_it_starts():
    problems = activities.problems_in(activity(ends="08:00"))
    assert [item["field"] for item in problems] == ["selesai"]
    assert not activities.problems_in(activity(ends=""))


def test_moving_takes_the_slot_and_keeps_an_open_end():
    slot = "2026-11-27T13:30:00+08:00/2026-11-27T15:00:00+08:00"
    draft = activity()
    activities.move(draft, slot)
    assert (draft.day, draft.begins, draft.ends) == ("2026-11-27", "13:30", "15:00")
    open_ended = activity(ends="")
    activities.move(open_ended, slot)
    assert open_ended.ends == ""


def test_each_way_out_of_a_clash_changes_only_what_it_says():
    draft = activity()
    body = activities.body_of(draft)
    fields = MultiDict([("jalan", "wakil"), ("wakil-p1", "p3")])
    activities.apply_way(draft, fields, body)
    assert {line["position_id"] for line in body["participants"]} == {"p2", "p3"}
    override = MultiDict([("jalan", "tetap"), ("alasan", "Perintah")])
    activities.apply_way(draft, override, body)
    assert body["override"] == {"reason": "Perintah"}
    activities.apply_way(draft, MultiDict([("jalan", "tentatif")]), body)
    assert body["state"] == "tentative"
