"""The page of the public agenda, for who is not logged in."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.errors import Invalid, Unavailable
from gateway.app import create_app
from gateway.config import GatewayConfig
from tests.unit.gateway.fakes import FakeBus

ITEM: dict[str, Any] = {
    "activity_id": "01890000-0000-7000-8000-00000000000a",
    "title": "Upacara <b>Hari Jadi</b>",
    "starts_at": "2126-12-02T08:00:00+08:00",
    "ends_at": "2126-12-02T10:00:00+08:00",
    "assumed_ends_at": "2126-12-02T10:00:00+08:00",
    "organiser_unit_name": "Sekretariat Daerah",
    "place_name": "Lapangan Lambung Mangkurat",
    "state": "confirmed",
    "created_at": "2026-11-20T08:00:00+08:00",
    "updated_at": "2026-11-20T08:00:00+08:00",
    "version": 1,
}
OFF = ITEM | {"title": "Pasar murah", "state": "cancelled", "ends_at": None}
LONG = ITEM | {
    "title": "Pameran",
    "starts_at": "2020-01-01T08:00:00+08:00",
    "ends_at": "2126-12-02T10:00:00+08:00",
}


@pytest.fixture
def fake_bus() -> FakeBus:
    return FakeBus()


@pytest.fixture
async def portal(aiohttp_client, tmp_path, fake_bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(create_app(config, bus=fake_bus))


def answers(bus: FakeBus, *items: dict[str, Any], more: str | None = None) -> None:
    page = {"items": list(items), "next_cursor": more}
    bus.answers["schedule.list_public_activities"] = lambda _call: page


async def test_anybody_reads_it_by_day(portal, fake_bus):
    answers(fake_bus, LONG, ITEM, OFF, more="a+b")

    response = await portal.get("/agenda-publik", allow_redirects=False)

    assert response.status == 200
    text = await response.text()
    assert "Upacara &lt;b&gt;Hari Jadi" in text
    assert "Senin, 2 Desember 2126" in text
    assert "08.00–10.00 WITA" in text
    assert "08.00–selesai WITA" in text
    assert "Dibatalkan" in text
    assert "Rab, 1 Jan 2020, 08.00 – Sen, 2 Des 2126, 10.00 WITA" in text
    assert "lanjut=a%2Bb" in text
    (call,) = fake_bus.of("list_public_activities")
    assert call.context.actor is None


async def test_the_next_page_and_no_page(portal, fake_bus):
    answers(fake_bus)

    text = await (await portal.get("/agenda-publik?lanjut=abc")).text()

    assert "Belum ada kegiatan" in text
    (call,) = fake_bus.of("list_public_activities")
    assert call.kwargs["query"]["cursor"] == "abc"


async def test_away_and_a_wrong_page(portal, fake_bus):
    def refuse(error: Exception) -> Any:
        def answer(_call: Any) -> Any:
            raise error

        return answer

    fake_bus.answers["schedule.list_public_activities"] = refuse(Unavailable())
    assert (await portal.get("/agenda-publik")).status == 200

    fake_bus.answers["schedule.list_public_activities"] = refuse(Invalid())
    assert 400 <= (await portal.get("/agenda-publik?lanjut=x")).status < 500
