"""A stand-in of the Esign Client Service on loopback: HTTP Basic, JSON, real PAdES.

It signs with an authority of its own, through pyHanko; only tests know it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import eventlet

from services.letters.signing.local import LocalBackend
from services.letters.signing.model import Settings, Signer

BODIES = Path(__file__).with_name("esign")
USER, PASSWORD = "rakat", "sandi-layanan-4471"
NIK, EMAIL = "6306000000000001", "penanda.tangan@example.go.id"
PASSPHRASE = "Rahasia-Sekali-9137"
PERSON = UUID(int=77)


def body_of(name: str) -> Any:
    return json.loads((BODIES / f"{name}.json").read_text())


@dataclass
class EsignService:
    """`faults`: what it does instead of answering, by path."""

    folder: Path
    person: UUID = PERSON
    url: str = ""
    status: str = "ISSUE"
    faults: dict[str, Any] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def settings(self, **changes: Any) -> Settings:
        """As an office would set us up for it."""
        people = self.folder / "identities.csv"
        people.write_text(f"person_id,nik,email\n{self.person},{NIK},{EMAIL}\n")
        given: dict[str, Any] = {
            "folder": self.folder / "ours",
            "trust": self.folder / "theirs" / "ca.pem",
            "bsre_url": self.url,
            "bsre_user": USER,
            "bsre_password": PASSWORD,
            "bsre_timeout": 5.0,
            "identities": people,
        }
        return Settings(**{**given, **changes})

    # ---- what it does -----------------------------------------------------------

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        self.seen.append((path, body))
        fault = self.faults.get(path)
        if isinstance(fault, tuple):
            return fault
        if fault is not None:
            eventlet.sleep(fault)
        made = self._made(path, body)
        return made[0], json.dumps(made[1]).encode()

    def _made(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if path == "/api/v2/user/check/status":
            known = body.get("nik") == NIK
            name = self.status if known else "NOT_REGISTERED"
            return 200, body_of("status_answers")[name]
        if body.get("nik") != NIK:
            return 400, body_of("not_registered_answer")
        if body.get("passphrase") != PASSPHRASE:
            return 400, body_of("wrong_passphrase_answer")
        signed = self.sign(base64.b64decode(body["file"][0]))
        return 200, {
            **body_of("sign_answer"),
            "file": [base64.b64encode(signed).decode()],
        }

    def sign(self, pdf: bytes) -> bytes:
        theirs = LocalBackend(Settings(folder=self.folder / "theirs"))
        who = Signer(
            person_id=PERSON,
            position_id=UUID(int=78),
            name="Penanda Tangan",
            title="Sekretaris Daerah",
        )
        return theirs.sign(pdf, who)


@contextmanager
def running(folder: Path, person: UUID = PERSON) -> Iterator[EsignService]:
    """`person`: whom we know by the NIK it knows."""
    service = EsignService(folder, person)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            length = int(self.headers["Content-Length"])
            content = json.loads(self.rfile.read(length))
            if self.headers.get("Authorization") != f"Basic {given}":
                self._send(401, b"")
            else:
                self._send(*service.answer(self.path, content))

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status in (302, 307):
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    loop = eventlet.spawn(server.serve_forever, 0.05)
    try:
        yield service
    finally:
        loop.kill()
        server.server_close()
