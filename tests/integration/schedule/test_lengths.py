"""How long "until finished" is held for: what the regency's file says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts import lengths
from contracts.errors import Conflict
from contracts.schedule import ActivityKind
from services.schedule.reference import get_reference
from tests.integration.schedule.desk import Desk
from tests.unit.schedule.offices import NOW, at, request

HEAD = "kind,assumed_minutes\n"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    before = lengths.current()
    path = tmp_path / "jenis.csv"
    path.write_text(HEAD + "rapat,60\npribadi,\n", encoding="utf-8")
    yield path
    lengths.use(before)


def test_another_length_claims_another_time_and_moves_nothing_stored(
    desk: Desk, own: Path
) -> None:
    old = desk.create("ajudan", request("bupati", ends=None))
    assert old.assumed_ends_at == at(12)

    lengths.use(lengths.read(own))

    kept = desk.update("ajudan", old.activity_id, title="Rapat lain")
    assert kept.assumed_ends_at == at(12)
    with pytest.raises(Conflict):
        desk.create("ajudan", request("bupati", starts=11, ends=12))
    new = desk.create("ajudan", request("bupati", starts=13, ends=None))
    assert new.assumed_ends_at == at(14)
    desk.create("ajudan", request("bupati", starts=14, ends=15))
    moved = desk.update("ajudan", old.activity_id, starts_at=at(9.5))
    assert moved.assumed_ends_at == at(10.5)
    desk.create("ajudan", request("bupati", starts=10.5, ends=12))


def test_the_list_says_how_long(own: Path) -> None:
    lengths.use(lengths.read(own))

    shown = {
        item["code"]: item["assumed_minutes"]
        for item in get_reference("assumed_lengths", NOW)["items"]
    }

    assert set(shown) == {kind.value for kind in ActivityKind}
    assert (shown["rapat"], shown["pribadi"], shown["undangan"]) == (60, None, 180)


def test_the_file_of_the_demo_names_every_kind() -> None:
    found = lengths.read(lengths.DEMO)

    assert set(found) == set(ActivityKind)
    assert found[ActivityKind.AUDIENSI] == timedelta(hours=1)
    assert found[ActivityKind.CUTI] is None


@pytest.mark.parametrize("line", ["pesta,60", "rapat,0", "rapat,lama", "rapat,1441"])
def test_a_wrong_line_is_named(own: Path, line: str) -> None:
    own.write_text(HEAD + line + "\n", encoding="utf-8")

    with pytest.raises(ValueError, match="baris 2"):
        lengths.read(own)
