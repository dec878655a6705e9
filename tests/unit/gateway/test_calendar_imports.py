"""Calendar files on their way in: what never reaches the service."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.app import create_app
from gateway.calendar_files import LIMIT
from gateway.config import GatewayConfig
from tests.unit.gateway.fakes import TOKEN, FakeBus, done

URL = "/api/v1/activities/imports"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/calendar"}
REPORT: dict[str, Any] = {"items": [], "dry_run": True}


@pytest.fixture
def fake_bus() -> FakeBus:
    bus = FakeBus()
    bus.answers["schedule.import_activities"] = done(REPORT)
    return bus


@pytest.fixture
async def api(aiohttp_client, tmp_path, fake_bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(create_app(config, bus=fake_bus))


async def test_a_file_is_passed_on_as_text(api, fake_bus):
    file = "\ufeffBEGIN:VCALENDAR".encode()
    response = await api.post(f"{URL}?dry_run=true", data=file, headers=HEADERS)

    assert (response.status, await response.json()) == (200, REPORT)
    (call,) = fake_bus.of("import_activities")
    assert call.kwargs["content"] == "BEGIN:VCALENDAR"
    assert call.kwargs["query"] == {"position_id": None, "dry_run": True}
    assert call.idempotency is not None


async def chunks(size: int) -> Any:
    for _ in range(size // 65536 + 1):
        yield b"x" * 65536


@pytest.mark.parametrize(
    ("data", "headers", "query", "status"),
    [
        (b"x" * (20 * 1024 * 1024), {}, "", 413),
        (chunks(LIMIT + 1), {}, "", 413),
        (b"\xff\xfe", {}, "", 400),
        (b"{}", {"Content-Type": "application/json"}, "", 415),
        (b"x", {}, "?dry_run=perhaps", 422),
        (b"x", {}, "?position_id=x", 422),
        (b"x", {}, "?what=1", 422),
        (b"x", {"Authorization": ""}, "", 401),
    ],
)
async def test_what_is_no_calendar_is_refused(
    api, fake_bus, data, headers, query, status
):
    response = await api.post(URL + query, data=data, headers=HEADERS | headers)

    assert response.status == status
    assert fake_bus.of("import_activities") == []


async def test_the_refusal_of_a_large_file_says_what_to_do(api):
    response = await api.post(URL, data=b"x" * (LIMIT + 1), headers=HEADERS)

    problem = await response.json()
    assert (response.status, problem["code"]) == (413, "too_large")
    assert problem["limit"] == LIMIT
    assert "lebih dari 2 MB" in problem["detail"]
    assert "lebih pendek" in problem["detail"]
    assert "Pindai" not in problem["detail"]


async def test_another_kind_of_file_is_told_which_is_taken(api):
    headers = HEADERS | {"Content-Type": "application/json"}

    response = await api.post(URL, data=b"{}", headers=headers)

    problem = await response.json()
    assert (response.status, problem["code"]) == (415, "unsupported_media_type")
    assert problem["expected"] == "text/calendar"
    assert "text/calendar" in problem["detail"]
    assert "PDF" not in problem["detail"]


async def test_a_stream_without_end_is_refused_on_its_way(api):
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 200 * LIMIT:
            sent += 65536
            yield b"x" * 65536

    response = await api.post(URL, data=endless(), headers=HEADERS)

    assert response.status == 413
    assert sent < 20 * LIMIT


async def test_exactly_two_megabytes_are_taken(api, fake_bus):
    response = await api.post(URL, data=b"x" * LIMIT, headers=HEADERS)

    assert response.status == 200
    assert len(fake_bus.of("import_activities")[0].kwargs["content"]) == LIMIT
