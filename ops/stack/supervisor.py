"""Supervisor (the program of that name): its configuration, its start, its remote control.

Nothing starts by itself: `boot.py` starts programs in order over the unix socket. A
program that ends is started again, at once after a healthy life and after a growing
pause when it fails at the start; there is no last attempt.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from ops.stack.faults import StackError
from ops.stack.programs import Program, tied
from ops.stack.settings import ROOT, Settings

_MAIN = """\
[supervisord]
nodaemon = true
directory = {root}
logfile = {logs}/supervisor.log
logfile_maxbytes = 5MB
logfile_backups = 1
loglevel = info
pidfile = {run}/supervisor.pid
childlogdir = {logs}
strip_ansi = true
minfds = 1024

[unix_http_server]
file = {socket}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

_PROGRAM = """
[program:{name}]
command = {command}
priority = {priority}
autostart = false
autorestart = true
startsecs = 1
startretries = 1000000000
stopsignal = {stop_signal}
stopwaitsecs = {stop_seconds}
stopasgroup = false
killasgroup = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 2
redirect_stderr = true
environment = {environment}
"""

_GROUPS = {"stores": 1, "services": 2, "edge": 3}


class Supervisor:
    """A handle on the supervisor of one state folder, running or not."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._socket = _socket_path(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._groups: dict[str, str] = {}

    def launch(
        self,
        programs: Iterable[Program],
        environ: dict[str, str],
        lock: int,
        *,
        detached: bool,
    ) -> None:
        """Starts the supervisor.

        The lock is its standard input: that descriptor alone it neither closes nor
        hands on, so the folder is taken exactly as long as the supervisor lives.
        """
        config = self._write_config(list(programs))
        command = (sys.executable, "-m", "supervisor.supervisord", "-c", str(config))
        with (self._settings.logs / "supervisor.out").open("wb") as out:
            self._process = subprocess.Popen(
                command if detached else tied(command),
                env={**self._settings.environ, **environ},
                stdin=lock,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=ROOT,
            )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.05)
        out = (self._settings.logs / "supervisor.out").read_text(errors="replace")
        last = (out.strip().splitlines() or ["no message"])[-1]
        raise StackError(f"the process supervisor does not start: {last}")

    def _write_config(self, programs: list[Program]) -> Path:
        text = _MAIN.format(
            root=_quoted(ROOT),
            logs=_quoted(self._settings.logs),
            run=_quoted(self._settings.run),
            socket=_quoted(self._socket),
        )
        for name, priority in _GROUPS.items():
            members = [program.name for program in programs if program.group == name]
            if members:
                text += f"\n[group:{name}]\nprograms = {','.join(members)}\n"
                text += f"priority = {priority}\n"
        for program in programs:
            text += _program_section(program, self._settings)
        path = self._settings.run / "supervisor.conf"
        path.write_text(text)
        path.chmod(0o600)
        return path

    def wait(self) -> None:
        """Returns when the supervisor launched here has ended."""
        if self._process is not None:
            self._process.wait()

    # --- remote control ------------------------------------------------------

    def answers(self) -> bool:
        try:
            self._call("getState")
        except (OSError, xmlrpc.client.Error, StackError):
            return False
        return True

    def start(self, name: str) -> None:
        self._call("startProcess", self._full_name(name), False)

    def stop(self, name: str) -> None:
        self._call("stopProcess", self._full_name(name), True)

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Sends a signal straight to the process; returns the pid it had."""
        pid = self.pid(name)
        if not pid:
            raise StackError(f"{name} is not running")
        os.kill(pid, number)
        return pid

    def pid(self, name: str) -> int:
        """0 while it does not run."""
        return int(self.processes()[name]["pid"])

    def processes(self) -> dict[str, dict[str, Any]]:
        """Name → supervisor's own description (`statename`, `pid`, `description`, …)."""
        listed = self._call("getAllProcessInfo")
        self._groups = {row["name"]: row["group"] for row in listed}
        return {row["name"]: row for row in listed}

    def shutdown(self, timeout: float = 90) -> None:
        """Stops groups in reverse order and the supervisor itself; returns when gone."""
        pid = int(self._call("getPID"))
        self._call("shutdown")
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if not self._is_alive(pid):
                return
            time.sleep(0.05)
        raise StackError(f"the supervisor (pid {pid}) does not stop; see its log")

    def _is_alive(self, pid: int) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return Path(f"/proc/{pid}").exists()

    def _full_name(self, name: str) -> str:
        if name not in self._groups:
            self.processes()
        return f"{self._groups[name]}:{name}"

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)


def _program_section(program: Program, settings: Settings) -> str:
    environment = ",".join(
        f'{key}="{_quoted(value)}"' for key, value in program.environ.items()
    )
    return _PROGRAM.format(
        name=program.name,
        command=_quoted(shlex.join(program.command)),
        priority=program.priority,
        stop_signal=program.stop_signal,
        stop_seconds=program.stop_seconds,
        logs=_quoted(settings.logs),
        environment=environment,
    )


def _quoted(value: object) -> str:
    """Supervisor expands %(…)s in its configuration."""
    return str(value).replace("%", "%%")


def _socket_path(settings: Settings) -> Path:
    """In the state folder, unless its path is too long for a unix socket."""
    path = settings.run / "supervisor.sock"
    if len(os.fsencode(path)) < 100:
        return path
    digest = hashlib.sha256(os.fsencode(settings.state)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rakat-{os.getuid()}-{digest}.sock"
