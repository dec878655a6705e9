"""The plan of an import: codes are keys, equal rows stay, a second run is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.organisation import Organisation
from contracts.directory import Duty
from services.directory.importing import plan_import, read_rows

DEMO = Path(__file__).parents[3] / "deploy" / "demo"
UNITS = read_rows(DEMO / "units.csv")
POSITIONS = read_rows(DEMO / "positions.csv")


def planned(org=None, units=UNITS, positions=POSITIONS, manned=frozenset()):
    return plan_import(org or Organisation(), units, positions, set(manned), 2)


def test_demo_organisation_is_whole():
    plan = planned()
    org = Organisation(units=plan.units, positions=plan.positions)

    assert len(plan.units) == len(UNITS)
    assert len(plan.unmanned) == len(POSITIONS)
    assert org.sekda.code == "sekda"
    bupati = org.position_by_code("bupati")
    assert len(org.below(bupati.position_id)) == len(POSITIONS) - 1
    for unit in org.units:
        assert org.registrars_of(unit.register_unit_id)
    assert {row.duty for row in org.positions} == set(Duty)


def test_second_run_changes_nothing():
    plan = planned()
    org = Organisation(units=plan.units, positions=plan.positions)

    assert not planned(org, manned={row["code"] for row in POSITIONS})


def test_changed_title_is_updated_and_keeps_its_id():
    plan = planned()
    org = Organisation(units=plan.units, positions=plan.positions)
    changed = [{**row} for row in POSITIONS]
    changed[5]["title"] = "Judul baru"

    again = planned(org, positions=changed, manned={row["code"] for row in POSITIONS})

    assert [row.title for row in again.positions] == ["Judul baru"]
    kept = org.position_by_code(changed[5]["code"])
    assert again.positions[0].position_id == kept.position_id
    assert not again.units


def test_unknown_code_of_a_superior_is_refused():
    broken = [{**POSITIONS[0], "reports_to": "nobody"}]

    with pytest.raises(KeyError):
        planned(positions=broken)
