"""Requests against their structs; on failure every wrong field, in plain words.

The fast path is ``msgspec.convert``. Only when it refuses is the value held against
the published JSON Schema, which names all the wrong fields and not just the first.
"""

from __future__ import annotations

import datetime as dt
import functools
import types
import typing
import uuid
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Any, cast

import msgspec
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from multidict import MultiMapping

from contracts.errors import FieldError, Invalid
from contracts.wording import UNKNOWN, error_of, field_error, message_of
from gateway.api.v1.body import UNSTORABLE, escape, is_storable
from gateway.api.v1.operation import OneOf

_MOST_ERRORS = 50
_LARGEST_FOR_SCHEMA = 2_000  # values; beyond, only the first wrong field is named


def check_body(kind: type[Any] | OneOf | None, value: dict[str, Any]) -> None:
    """Raises `Invalid` naming every wrong field of `value`."""
    if isinstance(kind, OneOf):
        names = [name for name, _ in kind.kinds]
        if value.get(kind.by, names[0]) not in names:
            raise Invalid(
                errors=[field_error(f"/{kind.by}", message_of("enum", names))]
            )
        kind = kind.of(value)
    if kind is None:
        if value:
            raise Invalid(errors=[field_error(f"/{escape(n)}", UNKNOWN) for n in value])
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        found = _all_errors(kind, value) if _is_small(value) else []
        raise Invalid(errors=found or [error_of(str(error))]) from error


def read_query(kind: type[Any] | None, query: MultiMapping[str]) -> Any:
    """The query struct of an operation; None when it takes no parameters."""
    if kind is not None:
        return read_struct(kind, query)
    _, errors = _gather({}, query)
    if errors:
        raise Invalid(errors=errors)
    return None


def read_struct(kind: Any, query: MultiMapping[str]) -> Any:
    """Raises `Invalid` naming every wrong parameter."""
    value, errors = _gather(_fields(kind), query)
    if errors:
        raise Invalid(errors=errors)
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(errors=_query_errors(kind, value, str(error))) from error


def _query_errors(kind: Any, value: dict[str, Any], text: str) -> list[FieldError]:
    """Each parameter alone, so that all wrong ones are named."""
    found = []
    for name, item in value.items():
        part = msgspec.defstruct("Part", [(name, _fields(kind)[name])])
        try:
            msgspec.convert({name: item}, part, strict=False)
        except msgspec.ValidationError as error:
            found.append(error_of(str(error)))
    return found or [error_of(text)]


def _gather(
    names: dict[str, Any], query: MultiMapping[str]
) -> tuple[dict[str, Any], list[FieldError]]:
    value: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in dict.fromkeys(query):
        given = query.getall(name)
        if name not in names:
            errors.append(
                field_error(f"/{escape(name)}", "Parameter ini tidak dikenal.")
            )
        elif not all(map(is_storable, given)):
            errors.append(field_error(f"/{name}", UNSTORABLE))
        elif _is_list(names[name]):
            value[name] = [part for text in given for part in text.split(",") if part]
        elif len(given) > 1:
            errors.append(field_error(f"/{name}", "Sebut parameter ini sekali saja."))
        elif given[0] != "":  # "?q=" of an empty form field says nothing
            value[name] = given[0]
    return value, errors


@functools.cache
def _fields(kind: Any) -> dict[str, Any]:
    """Encoded name to type, annotations kept."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = msgspec.structs.fields(kind)
    return {field.encode_name: hints[field.name] for field in fields}


def _is_list(hint: Any) -> bool:
    if typing.get_origin(hint) in (Annotated, typing.Union, types.UnionType):
        return any(map(_is_list, typing.get_args(hint)))
    return (typing.get_origin(hint) or hint) in (list, tuple, set, frozenset)


# ---- all errors, by the schema ---------------------------------------------------


def _is_small(value: Any) -> bool:
    """Naming every wrong field of a huge body would hold up everybody else."""
    count, stack = 0, [value]
    while stack and count <= _LARGEST_FOR_SCHEMA:
        item = stack.pop()
        count += 1
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return count <= _LARGEST_FOR_SCHEMA


def _all_errors(kind: Any, value: Any) -> list[FieldError]:
    found = islice(_validator(kind).iter_errors(value), _MOST_ERRORS)
    errors = [each for error in found for each in _describe(error)]
    first_of_each = {each["field"]: each for each in reversed(errors)}
    return [first_of_each[field] for field in sorted(first_of_each)][:_MOST_ERRORS]


@functools.cache
def _validator(kind: Any) -> Draft202012Validator:
    schema = msgspec.json.schema(kind)
    return Draft202012Validator(schema, format_checker=FORMATS)


FORMATS = FormatChecker(formats=())


def _checks(name: str, kind: Any) -> None:
    @FORMATS.checks(name, raises=msgspec.ValidationError)
    def check(value: object) -> bool:
        if isinstance(value, str):
            msgspec.convert(value, kind)
        return True


_checks("uuid", uuid.UUID)
_checks("date", dt.date)
_checks("date-time", Annotated[dt.datetime, msgspec.Meta(tz=True)])


def _describe(error: ValidationError) -> Iterable[FieldError]:
    pointer = _pointer(error)
    rule, wanted = str(error.validator), cast("Any", error.validator_value)
    instance, schema = cast("Any", error.instance), cast("Any", error.schema)
    if rule == "anyOf":
        return _of_best_branch(error)
    if rule == "required":
        missing = [name for name in wanted if name not in instance]
        return [
            field_error(f"{pointer}/{escape(name)}", "Wajib diisi.") for name in missing
        ]
    if rule == "additionalProperties":
        known = schema.get("properties", {})
        unknown = [name for name in instance if name not in known]
        return [field_error(f"{pointer}/{escape(name)}", UNKNOWN) for name in unknown]
    return [field_error(pointer, message_of(rule, wanted))]


def _of_best_branch(error: ValidationError) -> Iterable[FieldError]:
    """Of "X or null" the errors of X; else that none of the forms fits."""
    branches: dict[Any, list[ValidationError]] = {}
    for each in error.context or ():
        branches.setdefault(each.schema_path[0], []).append(each)
    real = [found for found in branches.values() if not _only_wrong_type(found, error)]
    if len(real) == 1:
        return [each for cause in real[0] for each in _describe(cause)]
    wanted = [found[0].validator_value for found in branches.values()]
    return [field_error(_pointer(error), message_of("type", wanted[0]))]


def _only_wrong_type(found: list[ValidationError], parent: ValidationError) -> bool:
    own = len(parent.absolute_path)
    return all(e.validator == "type" and len(e.absolute_path) == own for e in found)


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{escape(str(part))}" for part in error.absolute_path)
