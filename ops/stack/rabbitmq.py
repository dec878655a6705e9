"""The embedded RabbitMQ: the system's broker, run from the state folder (ADR D7).

Where it is missing, root gets it by apt (and the unit apt starts is put out again);
everyone else is told the one command. The script in `/usr/sbin` changes user, so the
one in `/usr/lib/rabbitmq/bin` is used. The port mapper of Erlang (epmd) is one of our
own on a port of our own, so that the machine's is neither started nor stopped.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from ops.stack import state
from ops.stack.faults import StackError
from ops.stack.programs import Program, tied
from ops.stack.settings import Settings

SCRIPTS = Path(os.environ.get("RAKAT_RABBITMQ_SCRIPTS") or "/usr/lib/rabbitmq/bin")
_INSTALL = "apt-get install --no-install-recommends rabbitmq-server"

_CONFIG = """\
listeners.tcp.default = 127.0.0.1:{amqp}
distribution.listener.interface = 127.0.0.1
distribution.listener.port_range.min = {distribution}
distribution.listener.port_range.max = {distribution}
default_user = rakat
default_pass = {password}
loopback_users = none
vm_memory_high_watermark.absolute = 400MB
disk_free_limit.absolute = 100MB
log.console = true
log.console.level = warning
log.file = false
"""

_SERVER_ENVIRON = {
    # One process instead of a shell that waits for it: signals reach the broker.
    "RUNNING_UNDER_SYSTEMD": "true",
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +SDio 2 +A 4",
}


def address(settings: Settings) -> str:
    password = state.secret(settings, "rabbitmq")
    return f"amqp://rakat:{password}@127.0.0.1:{settings.ports.amqp}/"


def require_installed() -> None:
    """Raises: StackError with the one command to type when we may not install it."""
    if (SCRIPTS / "rabbitmq-server").exists():
        return
    advice = f"RabbitMQ is missing; as root: {_INSTALL} (or set AMQP_URI)"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StackError(advice)
    if os.environ.get("RAKAT_NO_INSTALL"):
        raise StackError(advice)
    print("Installing RabbitMQ with apt (once)", flush=True)
    _install()
    if not (SCRIPTS / "rabbitmq-server").exists():
        raise StackError(advice)


def _install() -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _QuietInstall():
        for command in ("apt-get -qq update", f"{_INSTALL} -qq --yes"):
            done = subprocess.run(
                command.split(),
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                lines = done.stderr.strip().splitlines() or ["apt failed"]
                raise StackError(f"RabbitMQ cannot be installed: {lines[-1]}")
    if Path("/run/systemd/system").exists():
        unit = ("systemctl", "disable", "--now", "rabbitmq-server")
        subprocess.run(unit, capture_output=True, check=False)


class _QuietInstall:
    """Keeps apt from starting the broker it installs, which would take port 5672.

    Debian's own switch for that is a policy file; one that exists is left alone.
    """

    path = Path("/usr/sbin/policy-rc.d")

    def __enter__(self) -> None:
        self.ours = not self.path.exists()
        if self.ours:
            self.path.write_text("#!/bin/sh\nexit 101\n")
            self.path.chmod(0o755)

    def __exit__(self, *_: object) -> None:
        if self.ours:
            self.path.unlink(missing_ok=True)


def environ(settings: Settings) -> Mapping[str, str]:
    """What `rabbitmq-server` and `rabbitmqctl` need to meet in this folder."""
    home = settings.state / "rabbitmq"
    return {
        "HOME": str(home),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        # Never with a port in it: the messages belong to the node of this name.
        "RABBITMQ_NODENAME": "rakat@localhost",
        "RABBITMQ_CONFIG_FILE": str(settings.run / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(settings.run / "rabbitmq-plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "ERL_EPMD_PORT": str(settings.ports.epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "LANG": "C.UTF-8",
    }


def add_virtual_host(settings: Settings, name: str) -> str:
    """One more virtual host on the running broker; its address."""
    control = [str(SCRIPTS / "rabbitmqctl"), "-q"]
    allow = ["set_permissions", "-p", name, "rakat", ".*", ".*", ".*"]
    for words in (["add_vhost", name], allow):
        env = {**os.environ, **environ(settings)}
        subprocess.run([*control, *words], env=env, check=True)
    return f"{address(settings)}{name}"


def programs(settings: Settings) -> list[Program]:
    env = {**environ(settings), **_SERVER_ENVIRON}
    epmd = shutil.which("epmd") or "/usr/bin/epmd"
    server = str(SCRIPTS / "rabbitmq-server")
    return [
        Program("epmd", "stores", tied((epmd,)), env, priority=10),
        Program("rabbitmq", "stores", tied((server,)), env, priority=20),
    ]


def prepare(settings: Settings) -> None:
    require_installed()
    home = settings.state / "rabbitmq"
    home.mkdir(exist_ok=True)
    home.chmod(0o700)
    text = _CONFIG.format(
        amqp=settings.ports.amqp,
        distribution=settings.ports.amqp_distribution,
        password=state.secret(settings, "rabbitmq"),
    )
    state.write_private(settings.run / "rabbitmq.conf", text)
    (settings.run / "rabbitmq-plugins").write_text("[].\n")


def wait_ready(settings: Settings, deadline: float) -> bool:
    """The broker is there when it answers an AMQP greeting."""
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(
                ("127.0.0.1", settings.ports.amqp), 1
            ) as probe:
                probe.settimeout(2)
                probe.sendall(b"AMQP\x00\x00\x09\x01")
                if probe.recv(1) == b"\x01":
                    return True
        except OSError:
            pass
        time.sleep(0.05)
    return False
