"""HTTP rows of letters: registers, reservations of numbers, retention.

A register's lines and retention lists have handlers of their own (`registers`), which
also write CSV and PDF.
"""

from __future__ import annotations

from contracts.letters.registers import PutRetentionRules, Register, RetentionRules
from contracts.paging import Page
from gateway.api.v1.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="list_registers",
        method="GET",
        path="/registers",
        service="letters",
        summary="The registers the caller may open, year by year",
        tag="registers",
        response=Page[Register],
        scope="letters:read",
    ),
    Operation(
        name="get_retention_rules",
        method="GET",
        path="/retention-rules",
        service="letters",
        summary="How long letters are kept, by classification",
        tag="registers",
        response=RetentionRules,
        scope="letters:read",
    ),
    Operation(
        name="put_retention_rules",
        method="PUT",
        path="/retention-rules",
        service="letters",
        summary="Replace the retention schedule (administrator)",
        tag="registers",
        response=RetentionRules,
        body=PutRetentionRules,
        command=True,
    ),
)
