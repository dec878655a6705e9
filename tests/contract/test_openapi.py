"""The published document: complete, well-formed and the one kept in the repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gateway.api.v1.openapi import codes_of
from gateway.api.v1.table import all_operations
from gateway.problems import CODES
from gateway.schemas import text
from tests.contract.a_rows import A_ROWS, STATUSES

GOLDEN = Path(__file__).with_name("openapi.json")
OPERATIONS = {f"{row.method} {row.path}": row for row in all_operations()}
DOCUMENT = json.loads(text())


def test_the_document_is_the_one_in_the_repository():
    assert json.loads(GOLDEN.read_text()) == DOCUMENT, "run `make schemas`"


@pytest.mark.parametrize("row", A_ROWS)
def test_an_a_row_of_the_contract_is_served(row):
    assert row in OPERATIONS
    method, path = row.split()
    assert method.lower() in DOCUMENT["paths"][path]
    assert OPERATIONS[row].status == STATUSES.get(row, 200)


def test_calendars_are_only_read():
    """A program that writes into a calendar must not be refused: it cannot try."""
    addresses = [
        row for row in OPERATIONS.values() if row.path.startswith("/calendars")
    ]

    assert addresses
    assert {row.method for row in addresses} == {"GET"}


def test_names_and_paths_are_unique():
    rows = all_operations()

    assert len({row.name for row in rows}) == len(rows)
    assert len(OPERATIONS) == len(rows)


def test_acts_are_commands_and_questions_are_not():
    exempt = {"open_session", "close_session", "upload_file", "check_conflicts"}
    for row in all_operations():
        assert row.command == (row.method != "GET" and row.name not in exempt), row.name


def test_every_code_is_worded():
    for row in all_operations():
        missing = [code for code in codes_of(row) if code not in CODES]
        assert not missing, (row.name, missing)


def schemas():
    """Every schema of the document, with its place."""
    yield from DOCUMENT["components"]["schemas"].items()
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            contents = [
                operation.get("requestBody", {}),
                *operation["responses"].values(),
            ]
            for content in contents:
                for kind in content.get("content", {}).values():
                    yield f"{method} {path}", kind["schema"]
            for parameter in operation["parameters"]:
                yield f"{method} {path} {parameter['name']}", parameter["schema"]


def test_every_schema_is_one():
    for place, schema in schemas():
        try:
            Draft202012Validator.check_schema(schema)
        except Exception as error:
            raise AssertionError(place) from error


def test_every_reference_leads_somewhere():
    known = DOCUMENT["components"]["schemas"]
    for name in _references(DOCUMENT):
        if name.startswith("#/components/schemas/"):
            assert name.rsplit("/", 1)[-1] in known


def _references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def bodies():
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                for each in schema.get("oneOf", [schema]):
                    yield f"{method.upper()} {path}", each


@pytest.mark.parametrize(("place", "schema"), list(bodies()))
def test_a_body_says_what_it_takes_and_refuses_the_rest(place, schema):
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]

    assert "properties" in schema, place
    assert schema["additionalProperties"] is False, place
    if schema["properties"]:
        assert "required" in schema or OPERATIONS[place].method != "PUT"


def test_every_answer_and_every_refusal_is_described():
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            responses = operation["responses"]
            good = [status for status in responses if status.startswith("2")]
            assert len(good) == 1, (method, path)
            if good != ["204"]:
                assert "content" in responses[good[0]], (method, path)
            assert "503" in responses
            if operation.get("security") != []:
                assert "401" in responses
