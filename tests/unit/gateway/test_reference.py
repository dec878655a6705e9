"""Word lists: the codes of the contracts, all of them, each with two labels."""

from __future__ import annotations

import json

import pytest

from contracts import directory, letters, notify, schedule
from contracts.errors import NotFound
from contracts.letters import registers
from contracts.reference import DATA_LISTS, GROUPED, LISTS, NAMES

ENUMS = {
    "actions": letters.Action,
    "activity_kinds": schedule.ActivityKind,
    "activity_states": schedule.ActivityState,
    "attendances": letters.Attendance,
    "capacities": directory.Capacity,
    "disposition_states": letters.DispositionState,
    "duties": directory.Duty,
    "initials": letters.Initial,
    "letter_states": letters.LetterState,
    "outcomes": letters.Outcome,
    "participant_roles": schedule.ParticipantRole,
    "resource_kinds": schedule.ResourceKind,
    "responses": schedule.Response,
    "retention_fates": registers.Fate,
    "retention_stages": registers.RetentionStage,
    "rights": directory.Right,
    "secrecies": letters.Secrecy,
    "signing_forms": letters.SigningForm,
    "signing_methods": letters.SigningMethod,
    "task_roles": letters.Role,
    "task_states": letters.TaskState,
    "topics": notify.Topic,
    "grades": directory.Grade,
    "unit_kinds": directory.UnitKind,
    "urgencies": letters.Urgency,
    "visibilities": schedule.Visibility,
}
OF_THE_API = (
    "states", "actions", "roles", "outcomes", "topics", "kinds", "duties", "urgencies",
    "secrecies", "capacities", "instructions", "classifications", "holidays",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_holds_the_codes_of_its_enum(name):
    assert [word.code for word in LISTS[name]] == [each.value for each in ENUMS[name]]
    assert all(word.label_id and word.label_en for word in LISTS[name])


def test_every_name_of_the_api_is_served():
    assert set(OF_THE_API) <= set(NAMES)
    assert set(NAMES) == {*LISTS, *GROUPED, *DATA_LISTS}


async def test_a_closed_list_needs_no_service(api, alice):
    response = await api.get("/api/v1/reference/roles", headers=alice)

    items = json.loads(await response.text())["items"]
    assert {"code": "handle", "label_id": "Menangani", "label_en": "Handle",
            "group": "task"} in items  # fmt: skip
    assert {item["group"] for item in items} == {"task", "participant"}


async def test_a_data_list_is_asked_of_its_owner(api, bus, alice):
    bus.answers["letters.get_reference"] = lambda _: {"items": [{"code": "undangan"}]}

    response = await api.get("/api/v1/reference/kinds", headers=alice)

    assert json.loads(await response.text()) == {"items": [{"code": "undangan"}]}
    assert bus.of("get_reference")[0].kwargs == {"name": "kinds"}


async def test_an_unknown_list_is_not_found(api, bus, alice):
    def unknown(_call):
        raise NotFound

    bus.answers["letters.get_reference"] = unknown

    response = await api.get("/api/v1/reference/secrets", headers=alice)

    assert response.status == 404
