"""An HTTP client that holds every real answer against the published document.

An undocumented status, a missing or unknown field, a wrong type fails the test that
caused it, whatever that test was about.
"""

from __future__ import annotations

import copy
import re
import uuid
from dataclasses import dataclass
from typing import Any, Self

import requests
from jsonschema import Draft202012Validator, FormatChecker

TIMEOUT = 15


class Contract:
    """The document a running gateway publishes."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._components = _closed(document["components"])
        self._rows = [
            (_pattern(path), method.upper(), operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ]
        # "/tasks/acknowledge" before "/tasks/{task_id}".
        self._rows.sort(key=lambda row: row[0].pattern.count("[^/]+"))

    def check(self, method: str, path: str, answer: requests.Response) -> None:
        operation = self._operation(method, path)
        if operation is None:
            return  # no such operation: only the problem itself can be checked
        responses = operation["responses"]
        status = str(answer.status_code)
        place = f"{method} {path} -> {status}: {answer.text[:300]}"
        assert status in responses, f"undocumented status of {place}"
        if not answer.content or method == "HEAD":
            return
        content = responses[status].get("content", {})
        kind = answer.headers["Content-Type"].split(";")[0]
        assert kind in content, f"undocumented {kind} of {place}"
        if kind.endswith("json"):
            self._validate(content[kind]["schema"], answer.json(), place)

    def base_of(self, method: str, path: str) -> str:
        """Where the operation is served; a few are at the root."""
        servers = (self._operation(method, path) or {}).get("servers")
        return str(servers[0]["url"]).rstrip("/") if servers else "/api/v1"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, allowed, operation in self._rows:
            if allowed == method and pattern.fullmatch(path):
                return operation
        return None

    def _validate(self, schema: Any, value: Any, place: str) -> None:
        whole = {"components": self._components, **_closed(schema)}
        validator = Draft202012Validator(whole, format_checker=FormatChecker())
        errors = [f"{error.json_path}: {error.message[:200]}" for error in
                  validator.iter_errors(value)]  # fmt: skip
        assert not errors, f"{place}\n" + "\n".join(errors[:10])


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"{\w+}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def _closed(value: Any) -> Any:
    """Objects with known properties take no others; problems may carry facts."""
    if isinstance(value, list):
        return [_closed(each) for each in value]
    if not isinstance(value, dict):
        return copy.copy(value)
    found = {name: _closed(each) for name, each in value.items()}
    is_open = "allOf" in value or value.get("title") == "Problem"
    if isinstance(value.get("properties"), dict) and not is_open:
        found.setdefault("additionalProperties", False)
    return found


@dataclass
class Answer:
    """What came back; `body` is None unless it is JSON."""

    status: int
    body: Any
    headers: Any
    raw: bytes

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Api:
    """The REST API as one caller sees it; `as_` logs another one in."""

    def __init__(
        self,
        url: str,
        *,
        password: str,
        contract: Contract | None = None,
        token: str | None = None,
    ) -> None:
        self.url, self._password = url, password
        self.token = token
        self._session = requests.Session()
        self.contract = contract or self._published()

    def _published(self) -> Contract:
        answer = requests.get(f"{self.url}/api/v1/openapi.json", timeout=TIMEOUT)
        return Contract(answer.json())

    def as_(self, username: str) -> Self:
        """A caller of his own; people are named by the code of their position."""
        login = {"username": username, "password": self._password}
        token = self.post("/sessions", login, expect=201)["token"]
        return type(self)(
            self.url, password=self._password, contract=self.contract, token=token
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        expect: int | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        given = dict(headers or {})
        if self.token and "Authorization" not in given:
            given["Authorization"] = f"Bearer {self.token}"
        base = self.contract.base_of(method, path.split("?", maxsplit=1)[0])
        answer = self._session.request(
            method, f"{self.url}{base}{path}", headers=given, timeout=TIMEOUT, **more
        )
        self._check_always(method, path, answer)
        is_json = answer.headers.get("Content-Type", "").split(";")[0].endswith("json")
        body = answer.json() if is_json and answer.content else None
        found = Answer(answer.status_code, body, answer.headers, answer.content)
        if expect is not None:
            assert found.status == expect, f"{method} {path}: {answer.text[:1000]}"
        return found

    def _check_always(self, method: str, path: str, answer: requests.Response) -> None:
        assert uuid.UUID(answer.headers["X-Request-Id"])
        self.contract.check(method, path.split("?", maxsplit=1)[0], answer)
        if answer.status_code >= 400:
            problem = answer.json()
            assert answer.headers["Content-Type"].startswith("application/problem+json")
            assert problem["status"] == answer.status_code
            assert problem["code"]
            assert problem["request_id"] == answer.headers["X-Request-Id"]

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        if body is not None:
            more["json"] = body
        return self.request("POST", path, **more)

    def patch(self, path: str, body: Any, tag: str, **more: Any) -> Answer:
        return self.request("PATCH", path, json=body, headers={"If-Match": tag}, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.request("DELETE", path, **more)

    def upload(self, content: bytes, name: str, kind: str, **more: Any) -> Answer:
        headers = {"Content-Type": kind, "X-Filename": name}
        return self.request("POST", "/files", data=content, headers=headers, **more)

    def position(self, code: str) -> str:
        """The id of an office by its code."""
        items = self.get(f"/positions?code={code}", expect=200)["items"]
        return next(item["position_id"] for item in items if item["code"] == code)
