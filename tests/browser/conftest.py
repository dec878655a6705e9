"""A real browser before a whole stack; accounts are those of the demo.

With ``RAKAT_E2E_URL`` a running stack is used, else one is started on the stores
of this test run. Pictures go to ``artifacts/browser``.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from chassis.ids import new_id
from ops.stack import Stack
from tests.browser.api import Api
from tests.browser.visits import Visits

PICTURES = Path(__file__).resolve().parents[2] / "artifacts" / "browser"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Settings of a stack with the demo organisation; its address is `RAKAT_E2E_URL`.
    Of a running one, the caller's environment says them."""
    if os.environ.get("RAKAT_E2E_URL"):
        yield dict(os.environ)
        return
    folder = tmp_path_factory.mktemp("browser")
    with _virtual_host() as amqp_uri:
        external = {
            "AMQP_URI": amqp_uri,
            "DATABASE_URL": os.environ["RAKAT_TEST_DATABASE_URL"],
            "MONGO_URL": os.environ["RAKAT_TEST_MONGO_URL"],
        }
        environ = {"RAKAT_DB_PREFIX": f"web_{new_id().hex[-8:]}_"}
        with Stack.throw_away(folder, external=external, environ=environ) as stack:
            yield {**environ, **stack.environ, "RAKAT_E2E_URL": stack.url}


@pytest.fixture(scope="session")
def base_url(settings: dict[str, str]) -> str:
    return settings["RAKAT_E2E_URL"]


@contextmanager
def _virtual_host() -> Iterator[str]:
    """A virtual host of its own on the broker of this test run."""
    name = f"browser-{new_id().hex[-8:]}"
    control = [*shlex.split(os.environ["RAKAT_TEST_RABBITMQCTL"]), "-q"]
    server = os.environ["RAKAT_TEST_AMQP_URI"].rstrip("/")
    allow = ["set_permissions", "-p", name, "rakat", ".*", ".*", ".*"]
    subprocess.run([*control, "add_vhost", name], check=True)
    try:
        subprocess.run([*control, *allow], check=True)
        yield f"{server}/{name}"
    finally:
        subprocess.run([*control, "delete_vhost", name], check=True)


@pytest.fixture(scope="session")
def api(base_url: str) -> Api:
    return Api(base_url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("RAKAT_CHROMIUM") or shutil.which("chromium")
    assert path, "Chromium is missing; `make test` installs it"
    expect.set_options(timeout=15_000)  # as long as a click waits; CI may be busy
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser, api: Api) -> Iterator[Visits]:
    """Opens pages as somebody, on a phone or at a desk; closes them afterwards."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    opened = Visits(chromium, api, PICTURES)
    yield opened
    opened.close()
