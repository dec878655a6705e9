"""Minutes of an activity around a fake bus: who may write them, what is sent."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict, NotFound, Stale, invalid
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, seat

ACTIVITY = f"/kegiatan/{LETTER}"
HERE = f"{ACTIVITY}/hasil"
FORM = {
    "ringkasan": "Jembatan dibangun tahun depan.",
    "keputusan": "Anggaran disiapkan\n\n  Lokasi ditinjau  ",
    "hadir": "24",
    "versi": "3",
    "kunci": "k1",
}
WRITTEN = {
    "summary": "Jembatan dibangun.",
    "decisions": ["Satu", "Dua"],
    "attendance_count": 0,
}


def activity(**more):
    return {
        "activity_id": LETTER,
        "title": "Rapat jembatan",
        "kind": "rapat",
        "starts_at": "2020-01-02T09:00:00+08:00",
        "ends_at": "2020-01-02T10:00:00+08:00",
        "assumed_ends_at": "2020-01-02T10:00:00+08:00",
        "organiser_unit_name": "Setda",
        "state": "confirmed",
        "place": None,
        "participants": [],
        "resources": [],
        "outcome": None,
        "allowed": ["record"],
        "version": 3,
        **more,
    }


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.get_activity"] = lambda _call: activity()
    bus.answers["schedule.record_outcome"] = done(activity())
    return bus


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Tulis hasil"),
        ({"outcome": WRITTEN}, "Ubah hasil"),
        ({"allowed": []}, None),
        ({"starts_at": "2199-01-02T09:00:00+08:00", "ends_at": None}, None),
    ],
)
async def test_minutes_are_offered_once_it_has_begun(portal, bus, more, words):
    bus.answers["schedule.get_activity"] = lambda _call: activity(**more)
    answer, text = await portal(ACTIVITY)
    assert answer.status == 200
    assert (HERE in text) is bool(words)
    assert not words or words in text
    sheet, _ = await portal(HERE)
    assert sheet.status == (200 if words else 303)


async def test_what_is_written_is_shown_and_in_the_form(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _call: activity(outcome=WRITTEN)
    _, text = await portal(HERE)
    assert "0 orang hadir" in text
    assert "Satu\nDua</textarea>" in text
    assert 'name="hadir"' in text
    assert 'name="versi" value="3"' in text


async def test_minutes_are_sent_once_with_the_version_they_were_read_at(portal, bus):
    answer, _ = await portal(HERE, FORM)

    (call,) = bus.of("record_outcome")
    assert (answer.status, answer.headers["Location"]) == (303, ACTIVITY)
    assert call.idempotency.key == "k1"
    assert call.kwargs == {
        "activity_id": LETTER,
        "expected_version": 3,
        "body": {
            "summary": "Jembatan dibangun tahun depan.",
            "decisions": ["Anggaran disiapkan", "Lokasi ditinjau"],
            "attendance_count": 24,
        },
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"ringkasan": ""}, "ringkasan"), ({"hadir": "dua"}, "hadir")],
)
async def test_what_is_wrong_is_said_and_nothing_is_lost(portal, bus, wrong, field):
    answer, text = await portal(HERE, {**FORM, **wrong})
    assert answer.status == 422
    assert f'id="{field}-salah"' in text
    assert "Lokasi ditinjau" in text
    assert not bus.of("record_outcome")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Stale(), "diubah orang lain"),
        (Conflict("activity_not_begun"), "Kegiatan belum dimulai"),
        (invalid("/summary", "Hanya memuat waktu"), "Hanya memuat waktu"),
    ],
)
async def test_a_refusal_keeps_what_was_typed(portal, bus, error, words):
    def refuse(_call):
        raise error

    bus.answers["schedule.record_outcome"] = refuse
    bus.answers["schedule.get_activity"] = lambda _call: activity(
        version=4, outcome=WRITTEN
    )
    answer, text = await portal(HERE, FORM)
    assert answer.status == error.status
    assert words in text
    assert "Jembatan dibangun tahun depan." in text
    assert 'name="versi" value="4"' in text
    assert "Yang tertulis sekarang" in text


@pytest.mark.parametrize("found", [True, False])
async def test_a_proposal_leads_to_its_request_when_it_is_one(portal, bus, found):
    def slot_request(_call):
        if not found:
            raise NotFound
        return {}

    bus.answers["schedule.get_slot_request"] = slot_request
    proposal = activity(state="proposed", allowed=[])
    bus.answers["schedule.get_activity"] = lambda _call: proposal
    _, text = await portal(ACTIVITY)
    assert (f"/permintaan/{LETTER}" in text) is found
