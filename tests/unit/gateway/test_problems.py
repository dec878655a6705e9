"""The table of codes against the tree: nothing is raised that is not worded."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from contracts.errors import KINDS, RakatError
from gateway.problems import CODES, problem

ROOT = Path(__file__).parents[3]
RAISERS = ("services", "gateway", "chassis", "contracts")


def raised_codes():
    """(code, kind, place) of every ``Kind("code", …)`` in the tree."""
    for folder in RAISERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if found := _code_of(node):
                    yield (*found, f"{path.relative_to(ROOT)}:{node.lineno}")


def _code_of(node):
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    name = node.func.id
    if name == "invalid" and len(node.args) > 2:
        code = node.args[2]
    elif name in KINDS and node.args:
        code = node.args[0]
    else:
        return None
    if not isinstance(code, ast.Constant) or not isinstance(code.value, str):
        return None
    return code.value, "Invalid" if name == "invalid" else name


RAISED = sorted(set(raised_codes()))


def test_every_kind_has_a_row_for_its_own_code():
    for kind in KINDS.values():
        assert CODES[kind.default_code].status == kind.status


@pytest.mark.parametrize("code", sorted({row[0] for row in RAISED}))
def test_a_raised_code_is_worded_under_the_status_of_its_kind(code):
    places = [(kind, place) for raised, kind, place in RAISED if raised == code]

    assert code in CODES, f"no row in gateway/problems.py; raised at {places}"
    for kind, place in places:
        assert KINDS[kind].status == CODES[code].status, place


def test_words_are_short_and_say_what_to_do():
    for code, wording in CODES.items():
        assert wording.title, code
        assert wording.detail.endswith("."), code
        assert wording.detail.count(". ") <= 1, code
        assert "!" not in wording.detail + wording.title, code
        assert "maaf" not in wording.detail.lower(), code


def test_facts_do_not_displace_the_problem_itself():
    status, headers, body = problem(
        RakatError("internal", status=200, state="x"), "r-1"
    )

    assert status == 500
    assert b'"status":500' in body
    assert b'"state":"x"' in body
    assert headers["Cache-Control"] == "no-store"
