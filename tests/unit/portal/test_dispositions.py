"""The disposition sheet as a value: from a suggestion or a form to a request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from multidict import MultiDict

from contracts.codec import ZONE
from gateway.portal import dispositions
from gateway.portal.offices import Offices

NOW = datetime(2026, 11, 24, 7, 40, tzinfo=ZONE)
TASK = {
    "task_id": "t1",
    "role": "handle",
    "position_id": "bupati",
    "due_at": "2026-11-24T16:40:00+08:00",
}


def office(code: str, reports_to: str | None, duty: str = "head") -> dict[str, Any]:
    return {
        "position_id": code,
        "title": f"Jabatan {code}",
        "short_title": code.upper(),
        "unit_name": "Unit",
        "code": code,
        "reports_to": reports_to,
        "duty": duty,
        "level": 2,
    }


ROWS = [
    office("bupati", None),
    office("wabup", "bupati", "deputy"),
    office("sekda", "bupati"),
    office("pupr", "sekda"),
    office("bpbd", "sekda"),
    office("ajudan", "bupati", "aide"),
]
KNOWN = Offices(
    positions={row["position_id"]: row for row in ROWS},
    units={},
    below={"bupati": [ROWS[1], ROWS[2], ROWS[5]], "sekda": [ROWS[3], ROWS[4]]},
)


def test_a_suggestion_fills_the_sheet():
    line = {"position_id": "pupr", "role": "handle", "instructions": ["laporkan"]}
    draft = dispositions.from_suggestion({"recipients": [line]}, may_handle=True)
    assert draft.suggested
    assert draft.role_of("pupr") == "handle"
    assert draft.instructions == ["laporkan"]


def test_without_a_suggestion_nobody_is_chosen_and_an_instruction_is():
    draft = dispositions.from_suggestion({"recipients": []}, may_handle=True)
    assert draft.count == 0
    assert draft.instructions == ["tindaklanjuti"]


def test_holders_for_information_pass_on_for_information():
    line = {"position_id": "pupr", "role": "handle", "instructions": []}
    draft = dispositions.from_suggestion({"recipients": [line]}, may_handle=False)
    assert draft.role_of("pupr") == "inform"


def posted(*pairs: tuple[str, str]) -> dispositions.Draft:
    return dispositions.from_form(MultiDict(pairs), "bupati", KNOWN)


def test_a_form_keeps_order_roles_and_drops_what_is_unknown():
    draft = posted(
        ("penerima", "pupr"),
        ("penerima", "bpbd"),
        ("penerima", "pupr"),
        ("penerima", "nobody"),
        ("peran-bpbd", "coordinate"),
    )
    chosen = [(each.position_id, each.role) for each in draft.recipients]
    assert chosen == [("pupr", "handle"), ("bpbd", "coordinate")]


def test_removing_a_recipient_leaves_the_others():
    draft = posted(("penerima", "pupr"), ("penerima", "bpbd"), ("hapus", "pupr"))
    assert [each.position_id for each in draft.recipients] == ["bpbd"]


def test_those_beside_can_only_be_asked_to_coordinate_or_know():
    assert dispositions.usual_role("pupr", "bpbd", KNOWN) == "coordinate"
    allowed = dispositions.allowed_roles("pupr", "bpbd", TASK, KNOWN)
    assert allowed == ["coordinate", "inform"]


def test_a_deputy_has_the_authority_of_the_one_above():
    assert KNOWN.may_order("wabup", "sekda")
    assert not KNOWN.may_order("wabup", "bupati")
    assert not KNOWN.may_order("wabup", "wabup")


def test_the_body_names_the_parent_and_gives_no_due_time_for_information():
    draft = posted(
        ("penerima", "pupr"),
        ("penerima", "bpbd"),
        ("peran-bpbd", "inform"),
        ("instruksi", "laporkan"),
        ("tenggat", "pilih"),
        ("tanggal", "2026-11-26T10:00"),
        ("catatan", "Segera"),
    )
    body = dispositions.body_of(draft, TASK, prepared=False)
    assert body["parent_task_id"] == "t1"
    assert body["note"] == "Segera"
    assert body["recipients"][0]["due_at"] == "2026-11-26T10:00:00+08:00"
    assert "due_at" not in body["recipients"][1]
    assert "prepared" not in body


def test_picking_a_date_without_one_is_a_mistake():
    with pytest.raises(ValueError, match="no date"):
        dispositions.due_at(posted(("tenggat", "pilih")))


def test_the_sentence_says_who_does_what_until_when():
    draft = posted(
        ("penerima", "pupr"), ("penerima", "bpbd"), ("peran-bpbd", "coordinate")
    )
    assert dispositions.sentence(draft, KNOWN) == "PUPR menangani, BPBD berkoordinasi"
    assert dispositions.until(draft, TASK, NOW) == "hari ini 16.40"


def test_quick_chips_are_subordinates_that_are_not_chosen_and_no_aides():
    chips = dispositions.quick_chips("bupati", posted(("penerima", "sekda")), KNOWN)
    assert [row["position_id"] for row in chips] == ["wabup"]


def test_the_foot_says_who_gets_it_instead_of_the_usual_holder():
    acting = {"holder": {"capacity": "plh", "name": "x"}}
    usual = {"holder": {"capacity": "definitive", "name": "x"}}
    here = [{**ROWS[3], **acting}, {**ROWS[4], "holder": None}, {**ROWS[2], **usual}]
    known = Offices({row["position_id"]: row for row in here}, {})
    draft = dispositions.Draft(
        recipients=[
            dispositions.Recipient(code, "handle") for code in ("pupr", "bpbd", "sekda")
        ]
    )
    said = dispositions.cautions(draft, known, {})
    assert said == ["PUPR diterima Plh.", "BPBD belum ada pejabatnya"]
    later = {"sekda": "tidak di tempat", "pupr": "tidak di tempat sampai besok"}
    assert dispositions.cautions(draft, known, later) == [
        "PUPR tidak di tempat sampai besok",
        "BPBD belum ada pejabatnya",
        "SEKDA tidak di tempat",
    ]


def test_an_absence_at_the_due_time_is_told_with_who_gets_it_then():
    warning = {
        "code": "recipient_absent",
        "position_id": "pupr",
        "until": "2026-11-27T00:00:00+08:00",
        "acting": {"name": "Asisten", "capacity": "plh"},
    }
    other = {"code": "parent_overdue", "position_id": None}
    said = dispositions.absences([other, warning], NOW)
    assert said == {"pupr": "tidak di tempat sampai Kam, 26 Nov, diterima Plh."}
    assert dispositions.absences([other], NOW) == {}
