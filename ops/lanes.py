"""Which tests form a group, and which groups run side by side.

A group is one pytest process: services and chassis need eventlet's patch before any
import and the gateway must not have it. Of two cores a group mostly uses one; those of
`BESIDE` therefore run, one after the other, while the group they stand beside does. The
groups that measure a deadline in tenths of a second (chassis, gateway) and the stacks of
e2e have the machine to themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ops.stack.settings import ROOT

EDGES = ("gateway", "portal", "schedule")
"""Folders of tests/unit that are the second half of the fast tier."""
EVERYWHERE = "tests/browser/test_everywhere.py"
"""Walks every page in every dress: of all files in a browser by far the longest."""
BESIDE = {
    "fast": ("fast/edges",),
    "integration/letters": (
        "integration/directory",
        "integration/notify",
        "integration/schedule",
    ),
    "browser": ("browser/everywhere", "kill"),
}


@dataclass(frozen=True)
class Group:
    """What one process runs, without `ignored`; `stores` says whether it needs them."""

    name: str
    paths: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    stores: bool = True

    @property
    def arguments(self) -> list[str]:
        return [*self.paths, *(f"--ignore={path}" for path in self.ignored)]


def all_groups() -> list[Group]:
    """Those that hold tests, in the order in which they run."""
    groups = [*_fast(), *_integration(), *_whole()]
    return [group for group in groups if any(map(_holds_tests, group.paths))]


def _fast() -> list[Group]:
    edges = tuple(f"tests/unit/{name}" for name in EDGES)
    return [
        Group("fast", ("tests/unit", "tests/contract"), edges, stores=False),
        Group("fast/edges", edges, stores=False),
    ]


def _integration() -> list[Group]:
    places = sorted(path.name for path in (ROOT / "tests/integration").glob("*/"))
    return [
        Group(f"integration/{name}", (f"tests/integration/{name}",))
        for name in places
        if not name.startswith("_")
    ]


def _whole() -> list[Group]:
    return [
        Group("e2e", ("tests/e2e",)),
        Group("browser", ("tests/browser",), (EVERYWHERE,)),
        Group("browser/everywhere", (EVERYWHERE,)),
        Group("kill", ("tests/kill",)),
    ]


def _holds_tests(path: str) -> bool:
    place = ROOT / path
    return place.is_file() or any(place.rglob("test_*.py"))


def lanes(groups: list[Group]) -> list[tuple[Group, list[Group]]]:
    """Each group with those that run meanwhile; one whose partner is not wanted runs
    by itself, in its turn."""
    named = {group.name: group for group in groups}
    aside = {name for first in BESIDE if first in named for name in BESIDE[first]}
    return [
        (group, [named[name] for name in BESIDE.get(group.name, ()) if name in named])
        for group in groups
        if group.name not in aside
    ]


def paths_of(group: Group) -> set[Path]:
    """The files with tests a group runs."""
    found: set[Path] = set()
    for path in group.paths:
        place = ROOT / path
        found |= {place} if place.is_file() else set(place.rglob("test_*.py"))
    return {
        file
        for file in found
        if not any(file.is_relative_to(ROOT / path) for path in group.ignored)
    }
