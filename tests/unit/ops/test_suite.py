"""The groups of `make test`: every test is in exactly one, and lanes lose none."""

from __future__ import annotations

from collections import Counter

from ops.lanes import BESIDE, all_groups, lanes, paths_of
from ops.stack.settings import ROOT

TESTS = set((ROOT / "tests").rglob("test_*.py"))


def test_every_file_of_tests_is_run_by_one_group() -> None:
    ran = Counter(path for group in all_groups() for path in paths_of(group))

    assert set(ran) == TESTS
    assert set(ran.values()) == {1}


def test_groups_that_share_the_machine_are_groups_of_their_own() -> None:
    names = [group.name for group in all_groups()]
    aside = [name for side in BESIDE.values() for name in side]

    assert names[0] == "fast"
    assert {*BESIDE, *aside} <= set(names)
    assert not set(BESIDE) & set(aside)


def test_no_group_is_lost_when_some_run_beside_others() -> None:
    groups = all_groups()

    ran = [one.name for group, side in lanes(groups) for one in (group, *side)]

    assert sorted(ran) == sorted(group.name for group in groups)


def test_a_group_whose_partner_is_not_wanted_runs_by_itself() -> None:
    kill = [group for group in all_groups() if group.name == "kill"]

    assert lanes(kill) == [(kill[0], [])]
