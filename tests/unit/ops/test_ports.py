"""Ports of a stack follow from its HTTP port."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.stack import Stores
from ops.stack.faults import StackError
from ops.stack.ports import free_ports, free_run, ports_from


def test_the_defaults_are_the_documented_ones() -> None:
    ports = ports_from({})

    assert (ports.http, ports.ops) == (8080, 9100)


def test_stacks_with_neighbouring_http_ports_share_no_port() -> None:
    stacks = [ports_from({"RAKAT_HTTP_PORT": str(8080 + n)}) for n in range(50)]

    used = [
        number
        for ports in stacks
        for number in (*vars(ports).values(), *range(ports.ops + 1, ports.ops + 5))
    ]

    assert len(used) == len(set(used))


def test_derived_ports_stay_below_those_of_outgoing_connections() -> None:
    for http in range(1, 65_536, 97):
        ports = ports_from({"RAKAT_HTTP_PORT": str(http)})
        assert all(
            port < 32_768 for name, port in vars(ports).items() if name != "http"
        )


def test_each_port_can_be_set() -> None:
    ports = ports_from({"RAKAT_PG_PORT": "5000", "RAKAT_OPS_PORT": "6000"})

    assert (ports.postgres, ports.ops) == (5000, 6000)


@pytest.mark.parametrize("text", ["0", "65536", "x", "-1", "8080.0"])
def test_a_port_that_is_none_names_its_setting(text: str) -> None:
    with pytest.raises(StackError, match="RAKAT_MONGO_PORT"):
        ports_from({"RAKAT_MONGO_PORT": text})


def test_throw_away_ports_are_none_of_outgoing_connections_or_real_stacks() -> None:
    ports = [*free_ports(12), free_run(5)]

    assert all(30_000 <= port < 32_768 for port in ports)
    assert len(set(ports)) >= 12


def test_listeners_of_a_throw_away_stack_share_no_port(tmp_path: Path) -> None:
    for _ in range(20):
        ports = Stores.throw_away(tmp_path).settings.ports
        used = [*vars(ports).values(), *range(ports.ops + 1, ports.ops + 5)]
        assert len(used) == len(set(used))
