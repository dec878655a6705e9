"""What a letter refers to, at the desk and over a letter that is corrected."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.errors import Invalid
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, letter, pid, seat, uid

OURS = str(UUID(int=0x801))
WRITTEN = {
    "pengirim": "Dinas Kominfo",
    "perihal": "Jawaban data",
    "diterima": "2026-11-24T08:00",
    "jenis": "surat_dinas",
    "tujuan": pid("sekda"),
}
REFERRED = {
    "alamat": "Jl. Melati <1>",
    "unit-pengirim": uid("kominfo"),
    "id-rujukan": "SRK-77",
    "balasan": OURS,
}


def ours(**more):
    named = {"letter_id": OURS, "number": "B/7/2026", "dated_on": "2026-11-20"}
    return letter("dispatched", **named, **more)


def incoming(**more):
    return letter(
        "registered",
        direction="incoming",
        outgoing=None,
        agenda_number="SM/1",
        received_at="2026-11-24T08:00:00+08:00",
        register_unit_id=uid("setda"),
        external_ref=None,
        file_ids=[],
        **more,
    )


@pytest.fixture
def bus() -> FakeBus:
    made = seat(FakeBus(), "tu")
    found = {LETTER: incoming(), OURS: ours()}
    made.answers["letters.get_letter"] = lambda call: found[call.kwargs["letter_id"]]
    made.answers["letters.register_letter"] = done({**incoming(), "files": []})
    made.answers["letters.list_letters"] = lambda call: {
        "items": [ours()] if call.kwargs["query"]["box"] == "outgoing" else [],
        "next_cursor": None,
    }
    return made


def registered(bus):
    return bus.of("register_letter")[0].kwargs["body"]


async def test_a_letter_without_references_is_registered_as_before(portal, bus):
    answer, text = await portal("/meja")
    assert answer.status == 200
    assert "Rujukan</span>" in text
    assert OURS not in text  # nothing of it is asked before somebody looks
    answer, _ = await portal("/meja", WRITTEN)
    assert answer.status == 303
    body = registered(bus)
    assert body["sender"] == {"name": "Dinas Kominfo"}
    assert not {"external_ref", "replies_to"} & set(body)


async def test_references_go_with_the_registration(portal, bus):
    answer, _ = await portal("/meja", {**WRITTEN, **REFERRED})
    assert answer.status == 303
    body = registered(bus)
    assert body["sender"] == {
        "name": "Dinas Kominfo",
        "address": REFERRED["alamat"],
        "unit_id": uid("kominfo"),
    }
    assert body["external_ref"] == {"system": "srikandi", "id": "SRK-77"}
    assert body["replies_to"] == OURS


async def test_the_contact_of_an_invitation_is_entered_at_the_desk(portal, bus):
    told = {"jenis": "undangan", "mulai": "2026-12-01T09:00", "narahubung": "Rina"}
    _, text = await portal("/meja")
    assert 'name="narahubung"' in text
    await portal("/meja", {**WRITTEN, **told})
    assert registered(bus)["invitation"]["contact"] == "Rina"


@pytest.mark.parametrize("path", ["/meja", f"/surat/{LETTER}/perbaiki"])
async def test_the_letter_that_is_answered_is_searched(portal, bus, path):
    fields = {**WRITTEN, "alamat": REFERRED["alamat"], "versi": "3"}
    answer, text = await portal(path, {**fields, "aksi": "cari", "cari-surat": "data"})
    assert answer.status == 200
    assert f'name="balasan" value="{OURS}"' in text
    assert "Jl. Melati &lt;1&gt;</textarea>" in text
    assert '<details class="rk-fold bare" open>' in text
    assert not bus.of("register_letter") + bus.of("correct_letter")


async def test_what_is_wrong_in_the_fold_opens_it(portal, bus):
    def refuse(_call):
        error = {"field": "/replies_to", "message": "Surat tidak dikenal"}
        raise Invalid(errors=[error])

    bus.answers["letters.register_letter"] = refuse
    answer, text = await portal("/meja", {**WRITTEN, **REFERRED})
    assert answer.status == 422
    assert 'href="#balasan">Surat tidak dikenal' in text
    assert f'value="{OURS}" checked' in text
    assert '<details class="rk-fold bare" open>' in text


async def test_references_are_corrected_and_shown(portal, bus):
    answer, _ = await portal(
        f"/surat/{LETTER}/perbaiki", {**REFERRED, "versi": "3", "pengirim": "Kominfo"}
    )
    assert answer.status == 303
    body = bus.of("correct_letter")[0].kwargs["body"]
    assert body["external_ref"] == {"system": "srikandi", "id": "SRK-77"}
    assert body["replies_to"] == OURS
    shown = incoming(replies_to=OURS) | {
        "external_ref": {"system": "srikandi", "id": "SRK-77"}
    }
    bus.answers["letters.get_letter"] = lambda _: shown
    _, text = await portal(f"/surat/{LETTER}")
    assert "srikandi SRK-77" in text
    assert f'href="/surat/{OURS}"' in text
