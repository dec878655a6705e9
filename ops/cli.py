"""The command line `rakat`: running a stack, and an operator's questions to it.

Commands live in `ops/commands/`, each imported only when it is called: the foreground
command stays small beside the services, and nothing loads eventlet by accident.
"""

from __future__ import annotations

import importlib
import sys
import warnings

import click

from ops.stack.faults import StackError

# command → module in ops.commands that defines it under the same name
COMMANDS = {
    "run": "stack",
    "start": "stack",
    "stop": "stack",
    "status": "stack",
    "stores": "stores",
    "prepare": "databases",
    "migrate": "databases",
    "seed": "databases",
    "parked": "parked",
    "outbox": "outbox",
    "bus": "bus",
    "token": "token",
    "import": "importing",
    "audit": "audit",
    "suite": "suite",
    "bench": "bench",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"ops.commands.{COMMANDS[cmd_name]}")
        found = getattr(module, f"{cmd_name}_command")
        return found if isinstance(found, click.Command) else None


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def rakat() -> None:
    """Rakat: e-Tracking Surat and e-Jadwal."""


def main() -> None:
    # Known and decided (ADR D1); an operator can do nothing about it.
    warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
    try:
        status = rakat.main(standalone_mode=False)
    except StackError as error:
        sys.exit(f"rakat: {error}")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        status = 130
    # Without its standalone mode click returns the status of `Exit`.
    sys.exit(status if isinstance(status, int) else 0)
