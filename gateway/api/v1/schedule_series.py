"""HTTP rows of schedule: recurring activities: series and their occurrences."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
