"""Every call the gateway makes exists in its service, with these parameters."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.api.v1.operation import Operation
from gateway.api.v1.table import operations

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("service_signatures.py")

BY_HAND = [
    ("directory", "open_session", {"body", "address"}),
    ("directory", "get_session", {"token_sha256"}),
    ("directory", "close_session", {"token_sha256"}),
    ("directory", "check_password", {"password"}),
    ("directory", "get_me", set()),
    ("directory", "get_signing_identity", set()),
    ("directory", "list_printed_identities", {"person_ids"}),
    ("letters", "count_my_tasks", set()),
    ("letters", "record_file", {"body"}),
    ("letters", "get_letter_file", {"letter_id", "file_id"}),
    ("letters", "get_reference", {"name"}),
    ("letters", "list_register", {"unit_id", "year", "query"}),
    ("letters", "list_retention", {"query"}),
    ("letters", "get_overview", {"query"}),
    ("schedule", "get_reference", {"name"}),
    ("schedule", "get_day_sheet", {"position_id", "date"}),
    ("schedule", "import_activities", {"content", "query"}),
    ("schedule", "list_public_activities", {"query"}),
    ("schedule", "create_calendar_feed", {"body", "token_sha256"}),
    ("schedule", "read_calendar_feed", {"token_sha256"}),
    ("schedule", "read_public_calendar", set()),
    ("notify", "count_unread", set()),
    ("notify", "read_stream", {"after", "limit"}),
    ("notify", "read_watermarks", {"people"}),
]
"""Calls of handlers that do more than pass a row on."""


@functools.cache
def methods_of(service: str) -> dict[str, dict[str, bool]]:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), service],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    found: dict[str, dict[str, bool]] = json.loads(done.stdout.splitlines()[-1])
    return found


def arguments_of(operation: Operation) -> set[str]:
    """What `router.serve` passes on."""
    given = set(operation.parameters)
    if operation.query is not None:
        given.add("query")
    if operation.body is not None:
        given.add("body")
    if operation.needs_if_match:
        given.add("expected_version")
    return given


CALLS = [
    *((each.service, each.name, arguments_of(each)) for each in operations()),
    *BY_HAND,
]


@pytest.mark.parametrize(("service", "method", "given"), CALLS)
def test_the_service_has_the_method_with_these_parameters(service, method, given):
    methods = methods_of(service)

    assert method in methods, f"{service} has no {method}"
    parameters = methods[method]
    required = {name for name, needed in parameters.items() if needed}
    assert required <= given, f"{method} also wants {required - given}"
    assert given <= set(parameters), f"{method} does not take {given - set(parameters)}"
