"""HTTP rows of letters: outgoing letters: draft, review, sign, dispatch."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
