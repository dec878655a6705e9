"""HTTP rows of letters: corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
