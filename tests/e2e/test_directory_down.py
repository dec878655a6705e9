"""The directory is killed and stays away: leaders go on working."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from ops.stack import Stack
from tests.e2e.api import Api
from tests.e2e.scenes import new_letter, task_of

PASSWORD = os.environ.get("RAKAT_DEMO_PASSWORD", "rakat-demo-2026")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack.throw_away(tmp_path_factory.mktemp("down")) as running:
        yield running


def test_logged_in_leader_disposes_while_the_directory_is_away(stack: Stack) -> None:
    anyone = Api(stack.url, password=PASSWORD)
    bupati, registrar = anyone.as_("bupati"), anyone.as_("tu.setda")
    sekda = bupati.position("sekda")
    bupati_id = bupati.position("bupati")
    bupati.get("/me", expect=200)
    registrar.get("/me", expect=200)

    stack.stop("directory")
    try:
        letter = _register(registrar, bupati_id)
        task = task_of(bupati, letter["letter_id"])
        disposition = bupati.post(
            f"/letters/{letter['letter_id']}/dispositions",
            {
                "parent_task_id": task["task_id"],
                "recipients": [{"position_id": sekda, "role": "handle"}],
            },
            expect=201,
        )
        away = bupati.get("/units")
    finally:
        stack.start("directory")

    assert [each["position_id"] for each in disposition["tasks"]] == [sekda]
    assert (away.status, away.code) == (503, "service_unavailable")
    assert int(away.headers["Retry-After"]) >= 1
    stack.wait_ready("directory")
    bupati.get("/units", expect=200)


def _register(registrar: Api, position_id: str) -> dict[str, Any]:
    """Without asking the directory for the code of an office."""
    body = {**new_letter(registrar, []), "addressees": [position_id]}
    found: dict[str, Any] = registrar.post("/letters", body, expect=201).body
    return found
