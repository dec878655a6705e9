"""HTTP rows of schedule: rooms and vehicles kept; free hours and who could represent."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
