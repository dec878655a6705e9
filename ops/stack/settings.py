"""What a stack is made of, read once from the environment.

A store whose address is given (`DATABASE_URL`, `MONGO_URL`, `AMQP_URI`) is external:
it is neither started nor stopped here. The other ones are embedded (ADR D7).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.stack.ports import Ports, ports_from

ROOT = Path(__file__).resolve().parents[2]
DEMO_PASSWORD = "rakat-demo-2026"  # noqa: S105 - the documented demo password

_EXTERNAL = ("DATABASE_URL", "MONGO_URL", "AMQP_URI")


@dataclass(frozen=True)
class Settings:
    """Everything the stack needs to know; the secrets of embedded stores come later."""

    state: Path
    ports: Ports
    http_host: str
    external: Mapping[str, str]
    environ: Mapping[str, str]
    demo: bool
    durable: bool
    """False only for throw-away stores of tests: no fsync."""

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def run(self) -> Path:
        """Generated files: supervisor's configuration, store configuration."""
        return self.state / "run"

    @property
    def address(self) -> str:
        host = (
            "127.0.0.1" if self.http_host in {"", "0.0.0.0", "::"} else self.http_host
        )
        return f"http://{host}:{self.ports.http}"

    def is_external(self, name: str) -> bool:
        return name in self.external


def read_settings(
    environ: Mapping[str, str] | None = None,
    *,
    demo: bool = False,
    durable: bool = True,
) -> Settings:
    """`demo` is the default of `RAKAT_DEMO` where it is not set (1 in `make run`)."""
    env = dict(os.environ if environ is None else environ)
    return Settings(
        state=Path(env.get("RAKAT_STATE_DIR") or ROOT / ".state").absolute(),
        ports=ports_from(env),
        http_host=env.get("RAKAT_HTTP_HOST") or "127.0.0.1",
        external=_addresses(env),
        environ=env,
        demo=env.get("RAKAT_DEMO", "1" if demo else "0") not in {"", "0"},
        durable=durable,
    )


def _addresses(env: Mapping[str, str]) -> dict[str, str]:
    """External addresses, also given as `NAME_FILE`."""
    found = {}
    for name in _EXTERNAL:
        if env.get(name):
            found[name] = env[name]
        elif env.get(f"{name}_FILE"):
            found[name] = Path(env[f"{name}_FILE"]).read_text().strip()
    return found
