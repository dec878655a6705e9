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
