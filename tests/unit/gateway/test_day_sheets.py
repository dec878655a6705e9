"""A leader's day as a message and on paper."""

from __future__ import annotations

import uuid
from typing import Any

import pypdfium2
import pytest

from gateway.api.v1.day_sheets import wants_text
from gateway.app import create_app
from gateway.config import GatewayConfig
from tests.unit.gateway.fakes import TOKEN, FakeBus

AUTH = {"Authorization": f"Bearer {TOKEN}"}
BUPATI = str(uuid.uuid4())
URL = f"/api/v1/day-sheets/{BUPATI}/2026-11-26"
ITEM: dict[str, Any] = {
    "title": "Rapat koordinasi",
    "masked": False,
    "starts_at": "2026-11-26T09:00:00+08:00",
    "ends_at": "2026-11-26T10:30:00+08:00",
    "state": "confirmed",
    "place": {"name": "Aula Ramu", "region_code": None, "online_url": None},
    "resources": [],
    "organiser_unit_name": "Sekretariat Daerah",
    "participants": [
        {"position_id": BUPATI, "title": "Bupati"},
        {"position_id": str(uuid.uuid4()), "title": "Sekretaris Daerah"},
    ],
    "travel_minutes_before": 0,
    "all_day": False,
    "dress_code": None,
    "contact": None,
}
SHEET: dict[str, Any] = {
    "position_id": BUPATI,
    "title": "Bupati Hulu Sungai Selatan",
    "unit_name": "Pemerintah Kabupaten",
    "person_name": "H. Contoh",
    "date": "2026-11-26",
    "items": [
        ITEM,
        ITEM
        | {"title": "Kegiatan", "masked": True, "place": None, "ends_at": None}
        | {"starts_at": "2026-11-26T13:00:00+08:00"},
        ITEM
        | {"title": "Dinas luar", "state": "tentative", "travel_minutes_before": 30}
        | {"starts_at": "2026-11-26T16:00:00+08:00"}
        | {"ends_at": "2026-11-28T12:00:00+08:00"},
    ],
}


@pytest.fixture
def fake_bus() -> FakeBus:
    bus = FakeBus()
    bus.answers["schedule.get_day_sheet"] = lambda _call: SHEET
    return bus


@pytest.fixture
async def api(aiohttp_client, tmp_path, fake_bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(create_app(config, bus=fake_bus))


async def test_a_day_as_a_message(api):
    response = await api.get(URL, headers={**AUTH, "Accept": "text/plain"})

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert await response.text() == (
        "*Agenda Bupati Hulu Sungai Selatan (H. Contoh)*\n"
        "Kamis, 26 November 2026\n"
        "\n"
        "1. 09.00–10.30 WITA\n"
        "*Rapat koordinasi*\n"
        "Tempat: Aula Ramu\n"
        "Penyelenggara: Sekretariat Daerah\n"
        "Bersama: Sekretaris Daerah\n"
        "\n"
        "2. 13.00 s.d. selesai WITA\n"
        "*Sibuk*\n"
        "\n"
        "3. 16.00 s.d. 28-11-2026 12.00 WITA\n"
        "*Dinas luar*\n"
        "Tempat: Aula Ramu\n"
        "Penyelenggara: Sekretariat Daerah\n"
        "Bersama: Sekretaris Daerah\n"
        "Keterangan: Tentatif, berangkat 30 menit sebelumnya\n"
    )


async def test_a_day_on_paper(api):
    response = await api.get(URL, headers=AUTH)

    assert response.headers["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(await response.read())[0].get_textpage()
    words = " ".join(text.get_text_range().split())
    for word in ("Agenda harian", "Kamis, 26 November 2026", "09.00", "Sibuk"):
        assert word in words


async def test_what_to_wear_whom_to_ask_and_whole_days(api, fake_bus):
    days = ITEM | {"all_day": True, "dress_code": "Batik", "contact": "Rina, 0811"}
    days |= {"starts_at": "2026-11-26T00:00:00+08:00"}
    one = days | {"ends_at": "2026-11-27T00:00:00+08:00"}
    three = days | {"ends_at": "2026-11-29T00:00:00+08:00"}
    sheet = SHEET | {"items": [one, three]}
    fake_bus.answers["schedule.get_day_sheet"] = lambda _call: sheet

    message = await api.get(URL, headers={**AUTH, "Accept": "text/plain"})
    paper = await api.get(URL, headers=AUTH)

    said = await message.text()
    assert "1. Sepanjang hari\n*Rapat koordinasi*\nTempat: Aula Ramu\n" in said
    assert "Pakaian: Batik\nNarahubung: Rina, 0811\nPenyelenggara" in said
    assert "2. 26-11-2026 s.d. 28-11-2026, sepanjang hari\n" in said
    page = pypdfium2.PdfDocument(await paper.read())[0].get_textpage()
    words = " ".join(page.get_text_range().split())
    for word in ("Sepanjang hari", "Batik", "0811"):
        assert word in words


async def test_a_free_day_says_so(api, fake_bus):
    fake_bus.answers["schedule.get_day_sheet"] = lambda _call: SHEET | {"items": []}

    text = await api.get(URL, headers={**AUTH, "Accept": "text/plain"})
    paper = await api.get(URL, headers=AUTH)

    assert "Tidak ada kegiatan." in await text.text()
    assert (await paper.read()).startswith(b"%PDF")


async def test_nobody_reads_it_without_a_login(api):
    assert (await api.get(URL)).status == 401


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("text/plain", True),
        ("text/plain;q=0.9, application/pdf;q=0.5", True),
        ("application/pdf, text/plain;q=0.5", False),
        ("*/*", False),
        ("", False),
        ("text/plain;q=x", False),
    ],
)
def test_text_is_wanted_by_name(accept, text):
    assert wants_text(accept) is text
