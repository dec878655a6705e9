"""HTTP rows of letters: redirect, re-open, remind, hand over the paper; the overview."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
