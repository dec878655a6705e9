"""HTTP rows of letters: registers, reservations of numbers, retention."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
