"""The whole stack: one of our own for the session, or a running one by RAKAT_E2E_URL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.stack import Stack
from tests.e2e.api import Api

PASSWORD = os.environ.get("RAKAT_DEMO_PASSWORD", "rakat-demo-2026")


@pytest.fixture(scope="session")
def stack(tmp_path_factory) -> Iterator[Stack]:
    """Our own, whose processes a test may stop and kill; with demo data."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with Stack.throw_away(folder) as whole:
        yield whole


@pytest.fixture(scope="session")
def url(request) -> str:
    """Where the gateway listens."""
    running = os.environ.get("RAKAT_E2E_URL")
    found: str = running or request.getfixturevalue("stack").url
    return found.rstrip("/")


@pytest.fixture(scope="session")
def anyone(url) -> Api:
    """Not logged in."""
    return Api(url, password=PASSWORD)


@pytest.fixture(scope="session")
def user(anyone) -> Callable[[str], Api]:
    """Callers by the code of their position, logged in once."""
    known: dict[str, Api] = {}

    def of(code: str) -> Api:
        if code not in known:
            known[code] = anyone.as_(code)
        return known[code]

    return of
