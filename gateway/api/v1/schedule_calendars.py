"""HTTP rows of schedule: calendar feeds, imports, day sheets, the public agenda."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
