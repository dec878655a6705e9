"""HTTP rows of letters: full text of files and the pages' text."""

from __future__ import annotations

from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
