"""A filter that names no entry of its closed list is refused at the edge, by its field."""

from __future__ import annotations

import pytest

UNIT = "0198f000-0000-7000-8000-000000000001"
REGISTER = f"registers/{UNIT}/2026"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("letters", "box"),
        ("letters", "state"),
        ("letters", "urgency"),
        ("letters", "secrecy"),
        ("letters", "sort"),
        ("letters", "unit_id"),
        ("letters", "position_id"),
        ("tasks", "state"),
        ("tasks", "role"),
        ("given-tasks", "state"),
        ("given-tasks", "role"),
        ("dispositions", "state"),
        (REGISTER, "direction"),
        (REGISTER, "sort"),
        (REGISTER, "format"),
        ("retention", "stage"),
        ("retention", "fate"),
    ],
)
@pytest.mark.parametrize("value", ["unknown", "Biasa", "biasa,segera"])
async def test_an_unknown_word_is_refused_by_its_field(api, alice, path, name, value):
    query = {name: value}
    response = await api.get(f"/api/v1/{path}", params=query, headers=alice)

    problem = await response.json()
    assert (response.status, problem["code"]) == (422, "invalid")
    assert [each["field"] for each in problem["errors"]] == [f"/{name}"]


@pytest.mark.parametrize("path", ["letters", REGISTER, "overview", "activities"])
@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "value",
    [
        "unknown",
        "2026",
        "2026-1-1",
        "20261124",
        "2026-W48-2",
        "24-11-2026",
        "24/11/2026",
        "2026-11-24T",
        "2026-11-24T09",
        "2026-11-24T09:00:00+8",
        "2026-11-24\n",
        " 2026-11-24",
        "2026-11-24,2026-11-25",
        "\u0662026-11-24",
        "1" * 41,
        "\0",
    ],
)
async def test_a_date_of_another_shape_is_refused_by_its_field(
    api, alice, path, name, value
):
    response = await api.get(f"/api/v1/{path}", params={name: value}, headers=alice)

    problem = await response.json()
    assert (response.status, problem["code"]) == (422, "invalid")
    (error,) = problem["errors"]
    assert error["field"] == f"/{name}"
    assert "2026-11-24" in error["message"] or value in ("1" * 41, "\0")


async def test_a_date_given_twice_is_refused(api, alice):
    query = [("from", "2026-11-24"), ("from", "2026-11-25")]

    response = await api.get("/api/v1/letters", params=query, headers=alice)

    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == "/from"
