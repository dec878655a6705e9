"""HTTP rows of schedule: requests for a slot and what came of an activity."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
