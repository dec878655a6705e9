"""The chassis' echo service."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc


class Service:
    name = "bench_ours"

    @rpc
    def echo(self, body: Any) -> Any:
        return body
