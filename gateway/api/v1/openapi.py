"""The OpenAPI 3.1 document, made from the operations and their structs.

It is the only description of the API: requests are validated against the very
structs it is made from, and the end-to-end tests hold each answer against it.
"""

from __future__ import annotations

import http
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from contracts.errors import FieldError
from gateway.api.v1.content import ANSWERS, REQUESTS
from gateway.api.v1.operation import OneOf, Operation
from gateway.problems import CODES, CONTENT_TYPE

_REF = "#/components/schemas/{name}"
_COMMON = ("malformed", "internal", "service_unavailable")


class Problem(msgspec.Struct, kw_only=True):
    """Every error (RFC 9457). More members may follow, such as `conflicts`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] = []


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """The whole document; the same for the same table."""
    rows = sorted(operations, key=lambda row: (row.path, row.method))
    kinds = _kinds(rows)
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schema_of = dict(zip(kinds, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rakat",
            "version": "1",
            "description": "e-Tracking Surat dan e-Jadwal. Times are RFC 3339 with "
            "offset, ids are UUIDs, errors are problem documents with a stable code.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}, {"session": []}],
        "paths": _paths(rows, schema_of),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": _SECURITY,
            "headers": _HEADERS,
        },
    }


def _kinds(rows: list[Operation]) -> list[Any]:
    found: dict[Any, None] = {Problem: None}
    for row in rows:
        bodies = row.body.structs if isinstance(row.body, OneOf) else (row.body,)
        for kind in (*bodies, row.response):
            if kind is not None:
                found[kind] = None
    return list(found)


def _paths(rows: list[Operation], schema_of: dict[Any, Any]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, schema_of)
    return paths


_ROOT = [{"url": "/"}]


def _operation(row: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": row.name,
        "summary": row.summary,
        "tags": [row.tag],
        "parameters": [*_path_parameters(row), *_query(row), *_header_parameters(row)],
        "responses": {**_success(row, schema_of), **_problems(row)},
    }
    if row.public:
        found["security"] = []
    if row.at_root:
        found["servers"] = _ROOT
    if row.scope is not None:
        found["x-scope"] = row.scope
    if body := _request_body(row, schema_of):
        found["requestBody"] = body
    return found


def _request_body(row: Operation, schema_of: dict[Any, Any]) -> dict[str, Any] | None:
    if row.name in REQUESTS:
        return {"required": True, "content": REQUESTS[row.name]}
    if row.method not in ("POST", "PATCH", "PUT"):
        return None
    if row.body is None:
        return {"required": False, "content": _json(_EMPTY)}
    kind = "application/merge-patch+json" if row.method == "PATCH" else None
    schema = _body_schema(row.body, schema_of)
    content = _json(schema) | ({kind: {"schema": schema}} if kind else {})
    return {"required": _has_required(row.body), "content": content}


_EMPTY = {"type": "object", "properties": {}, "additionalProperties": False}


def _body_schema(body: type[Any] | OneOf, schema_of: dict[Any, Any]) -> dict[str, Any]:
    if not isinstance(body, OneOf):
        found: dict[str, Any] = schema_of[body]
        return found
    mapping = {name: schema_of[kind]["$ref"] for name, kind in body.kinds}
    return {
        "oneOf": [{"$ref": each} for each in mapping.values()],
        "discriminator": {"propertyName": body.by, "mapping": mapping},
    }


def _has_required(kind: type[Any] | OneOf) -> bool:
    if isinstance(kind, OneOf):
        return True
    return any(field.required for field in msgspec.structs.fields(kind))


def _success(row: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": http.HTTPStatus(row.status).phrase}
    answer["headers"] = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
    if row.etag:
        answer["headers"]["ETag"] = {"$ref": "#/components/headers/ETag"}
    if row.command and row.method == "POST":
        answer["headers"]["Idempotency-Replayed"] = {
            "$ref": "#/components/headers/Idempotency-Replayed"
        }
    if row.name in ANSWERS:
        answer["content"] = ANSWERS[row.name]
    elif row.response is not None:
        answer["content"] = _json(schema_of[row.response])
    found = {str(row.status): answer}
    if row.etag and row.method == "GET":
        found["304"] = {"description": "Not Modified"}
    return found


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


# ---- problems --------------------------------------------------------------------


def codes_of(row: Operation) -> list[str]:
    """Every code the operation may answer with."""
    codes = [*_COMMON, *row.errors]
    if not row.public:
        codes += ["unauthenticated", "forbidden", "position_not_held"]
    if not row.public and row.scope is not None:
        codes.append("insufficient_scope")
    if row.parameters:
        codes.append("not_found")
    if row.body is not None or row.query is not None or row.method == "POST":
        codes.append("invalid")
    if row.method in ("POST", "PATCH", "PUT"):
        codes += ["too_large", "unsupported_media_type"]
    if row.command:
        codes += ["conflict", "idempotency_in_progress", "idempotency_key_reused"]
    if row.needs_if_match:
        codes += ["precondition_required", "version_conflict"]
    return sorted(set(codes))


def _problems(row: Operation) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in codes_of(row):
        status = CODES[code].status if code in CODES else 422
        by_status.setdefault(status, []).append(code)
    return {str(status): _problem(by_status[status]) for status in sorted(by_status)}


def _problem(codes: list[str]) -> dict[str, Any]:
    schema = {
        "allOf": [{"$ref": _REF.format(name="Problem")}],
        "properties": {"code": {"type": "string", "examples": codes}},
    }
    return {
        "description": ", ".join(codes),
        "content": {CONTENT_TYPE: {"schema": schema}},
    }


# ---- parameters ------------------------------------------------------------------


def _path_parameters(row: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
        for name in row.parameters
    ]


def _path_schema(name: str) -> dict[str, Any]:
    if name.endswith("_id"):
        return {"type": "string", "format": "uuid"}
    return {"type": "integer", "minimum": 1} if name == "n" else {"type": "string"}


def _query(row: Operation) -> list[dict[str, Any]]:
    """Each with its schema written out: parameters have no components of their own."""
    if row.query is None:
        return []
    schema = msgspec.json.schema(row.query)
    definitions = schema["$defs"]
    properties = _inline(schema, definitions)["properties"]
    required = _inline(schema, definitions).get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _inline(each, definitions),
        }
        | _list_style(each)
        for name, each in properties.items()
    ]


def _list_style(schema: dict[str, Any]) -> dict[str, Any]:
    """Lists are written ``a,b``."""
    is_list = '"array"' in msgspec.json.encode(schema).decode()
    return {"style": "form", "explode": False} if is_list else {}


def _inline(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inline(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = re.sub(r"^.*/", "", schema["$ref"])
        return _inline(definitions[name], definitions)
    return {
        key: _inline(each, definitions)
        for key, each in schema.items()
        if key != "$defs"
    }


def _header_parameters(row: Operation) -> list[dict[str, Any]]:
    headers = []
    if not row.public:
        headers.append(
            _header("X-Acting-As", "The position the caller acts as", "uuid")
        )
    if row.command and row.method == "POST":
        text = "Repeating with the same key and body acts once (24 h)"
        headers.append(_header("Idempotency-Key", text) | {"schema": _KEY})
    if row.needs_if_match:
        headers.append(_header("If-Match", "The ETag that was read", required=True))
    if row.etag and row.method == "GET":
        headers.append(_header("If-None-Match", "ETags the caller has"))
    return headers


_KEY = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}


def _header(
    name: str, text: str, form: str | None = None, *, required: bool = False
) -> dict[str, Any]:
    schema = {"type": "string"} | ({"format": form} if form else {})
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": schema,
    }


_SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A person's session token or an application's access token",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "rakat_session",
        "description": "The portal's cookie; changes also need X-CSRF-Token",
    },
}
_HEADERS = {
    "X-Request-Id": {"schema": {"type": "string", "format": "uuid"}},
    "ETag": {"schema": {"type": "string"}},
    "Idempotency-Replayed": {"schema": {"const": "true"}},
}
