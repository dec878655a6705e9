"""The groups of `make test`."""

from __future__ import annotations

from ops import suite


def test_groups_that_share_the_machine_are_groups_of_their_own() -> None:
    names = [group.name for group in suite.all_groups()]

    assert names[0] == suite.FAST
    assert {suite.LONGEST, *suite.BESIDE} <= set(names)
    assert suite.LONGEST not in suite.BESIDE
