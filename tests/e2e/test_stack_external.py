"""The production path: our processes against stores that somebody else runs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from chassis.ids import new_id
from ops.stack import Stack, StackError
from ops.stack.ports import SERVICES

PROCESSES = {*SERVICES, "gateway"}


@pytest.fixture(scope="module")
def external() -> Iterator[dict[str, str]]:
    """A virtual host of its own on the stores of this test run."""
    vhost = f"external-{new_id().hex[-8:]}"
    control = shlex.split(os.environ["RAKAT_TEST_RABBITMQCTL"])
    server = os.environ["RAKAT_TEST_AMQP_URI"].rstrip("/")
    subprocess.run([*control, "-q", "add_vhost", vhost], check=True)
    allow = ["set_permissions", "-p", vhost, "rakat", ".*", ".*", ".*"]
    subprocess.run([*control, "-q", *allow], check=True)
    yield {
        "AMQP_URI": f"{server}/{vhost}",
        "DATABASE_URL": os.environ["RAKAT_TEST_DATABASE_URL"],
        "MONGO_URL": os.environ["RAKAT_TEST_MONGO_URL"],
    }
    subprocess.run([*control, "-q", "delete_vhost", vhost], check=True)


@pytest.fixture(scope="module")
def stack(
    external: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("external")
    environ = {"RAKAT_DB_PREFIX": f"ext_{new_id().hex[-8:]}_"}
    with Stack.throw_away(folder, external=external, environ=environ) as running:
        yield running


def ask(stack: Stack, path: str, body: Any = None, token: str = "") -> Any:
    request = urllib.request.Request(stack.url + path)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_only_our_own_processes_are_started(stack: Stack) -> None:
    assert set(stack.supervisor.processes()) == PROCESSES
    assert not (stack.settings.state / "postgres").exists()
    assert not (stack.settings.state / "rabbitmq").exists()
    assert not (stack.settings.state / "mongo").exists()


def test_the_demo_works_on_external_stores(stack: Stack) -> None:
    login = {"username": "bupati", "password": "rakat-demo-2026"}

    token = ask(stack, "/api/v1/sessions", login)["token"]
    tasks = ask(stack, "/api/v1/tasks?state=open", token=token)["items"]

    assert {task["state"] for task in tasks} >= {"sent", "in_progress"}
    assert any(task["overdue"] for task in tasks)


def test_each_service_has_its_own_database(stack: Stack) -> None:
    connection = psycopg2.connect(os.environ["RAKAT_TEST_DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        names = {row[0] for row in cursor}
    connection.close()

    prefix = stack.settings.environ["RAKAT_DB_PREFIX"]
    wanted = {f"{prefix}{name}" for name in ("directory", "letters", "schedule")}
    assert wanted <= names


def test_a_crashed_service_is_restarted(stack: Stack) -> None:
    pid = stack.kill("letters")

    stack.wait_ready("letters", other_than=pid)

    assert stack.pid("letters") not in {0, pid}


def test_a_second_stack_in_the_same_folder_is_refused(stack: Stack) -> None:
    with pytest.raises(StackError, match="already runs"), Stack(stack.settings):
        pass


def test_stopping_leaves_no_process_and_no_lock(
    external: dict[str, str], tmp_path: Path
) -> None:
    environ = {"RAKAT_DB_PREFIX": f"gone_{new_id().hex[-8:]}_"}
    stack = Stack.throw_away(tmp_path, external=external, environ=environ, demo=False)

    with stack:
        pids = [int(row["pid"]) for row in stack.supervisor.processes().values()]

    assert len(pids) == len(PROCESSES)
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    with stack:
        assert stack.readiness()[1]["status"] == "ok"
