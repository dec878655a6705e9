"""Prints the RPC methods of a service as JSON; a process of its own, since the
services need eventlet's patch and the tests beside must not have it.

Run as ``python service_signatures.py letters``.
"""

from __future__ import annotations

from chassis.testing import patch_eventlet

patch_eventlet()

import importlib  # noqa: E402
import inspect  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402


def methods_of(service: str) -> dict[str, dict[str, bool]]:
    """Method to its parameters; True = it must be given."""
    found = importlib.import_module(f"services.{service}.service").Service
    return {
        name: _parameters(member)
        for name, member in inspect.getmembers(found, inspect.isfunction)
        if getattr(member, "nameko_entrypoints", None)
    }


def _parameters(method: object) -> dict[str, bool]:
    parameters = list(inspect.signature(method).parameters.values())[1:]  # type: ignore[arg-type]
    return {each.name: each.default is inspect.Parameter.empty for each in parameters}


if __name__ == "__main__":
    print(json.dumps(methods_of(sys.argv[1])))
