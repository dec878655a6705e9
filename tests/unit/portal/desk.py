"""A small office around the portal: answers of the services, as rows of the API.

bupati ← sekda ← kadis ← kabid ← staf; kabag beside kadis; tu is the registrar.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.unit.gateway.fakes import ALICE, Answer, FakeBus, done

Row = dict[str, Any]

_TREE = (
    ("bupati", "Bupati", "pemkab", None, 1, "head"),
    ("sekda", "Sekretaris Daerah", "setda", "bupati", 2, "head"),
    ("kabag", "Kepala Bagian Hukum", "setda", "sekda", 3, "division_head"),
    ("tu", "Petugas Tata Usaha", "setda", "kabag", 6, "registrar"),
    ("kadis", "Kepala Dinas Kominfo", "kominfo", "sekda", 3, "head"),
    ("kabid", "Kepala Bidang Aplikasi", "kominfo", "kadis", 4, "division_head"),
    ("staf", "Staf Bidang Aplikasi", "kominfo", "kabid", 7, "staff"),
)
_UNITS = (
    ("pemkab", "Pemerintah Kabupaten", "Pemkab", "setda"),
    ("setda", "Sekretariat Daerah", "Setda", "setda"),
    ("kominfo", "Dinas Kominfo", "Diskominfo", "kominfo"),
)
LETTER = str(UUID(int=0x500))
FILE = str(UUID(int=0x600))
TASK = str(UUID(int=0x700))
NOW = "2026-11-24T08:00:00+08:00"


def pid(code: str) -> str:
    """Id of an office."""
    codes = [row[0] for row in _TREE]
    return str(UUID(int=0x100 + codes.index(code)))


def uid(code: str) -> str:
    return str(UUID(int=0x200 + [row[0] for row in _UNITS].index(code)))


def positions() -> list[Row]:
    return [
        {
            "position_id": pid(code),
            "code": code,
            "title": title,
            "short_title": title,
            "unit_id": uid(unit),
            "unit_name": unit,
            "level": level,
            "duty": duty,
            "reports_to": pid(above) if above else None,
            "holder": {"person_id": pid(code), "name": code, "capacity": "definitive"},
        }
        for code, title, unit, above, level, duty in _TREE
    ]


def units() -> list[Row]:
    return [
        {
            "unit_id": uid(code),
            "code": code,
            "name": name,
            "short_name": short,
            "register_unit_id": uid(register),
        }
        for code, name, short, register in _UNITS
    ]


def me(code: str) -> Row:
    """``GET /me`` of who holds one office."""
    office = next(row for row in positions() if row["code"] == code)
    held = {**office, "capacity": "definitive", "rights": ["read", "prepare", "act"]}
    return {"person": {"person_id": str(ALICE), "name": "Alice"}, "positions": [held]}


def page(*rows: Row) -> Answer:
    return lambda _call: {"items": list(rows), "next_cursor": None}


def ref(code: str) -> Row:
    office = next(row for row in positions() if row["code"] == code)
    named = {key: office[key] for key in ("position_id", "title")}
    return {"person": {"name": code}, "position": named, "capacity": "definitive"}


def initial(code: str, order: int, state: str, **more: Any) -> Row:
    office = next(row for row in positions() if row["code"] == code)
    return {
        "position_id": office["position_id"],
        "title": office["title"],
        "kind": "hierarchy",
        "order": order,
        "state": state,
        "at": None,
        "by": None,
        "note": None,
        **more,
    }


def recipient(code: str | None = None, **more: Any) -> Row:
    title = next((r["title"] for r in positions() if r["code"] == code), None)
    return {
        "position_id": pid(code) if code else None,
        "title": title,
        "name": None,
        "address": None,
        "copy": False,
        "state": "pending",
        "letter_id": None,
        **more,
    }


def outgoing(**more: Any) -> Row:
    """Beside the facts of every letter; drafted by staf, signed by kadis."""
    return {
        "body_html": "<p>Dengan hormat.</p>",
        "signer_position_id": pid("kadis"),
        "signer_title": "Kepala Dinas Kominfo",
        "signing_form": "self",
        "drafter_position_id": pid("staf"),
        "initials": [initial("kabid", 0, "waiting")],
        "recipients": [recipient("sekda")],
        "revision": 1,
        "number_preview": "B/7/000.8/2026",
        "signed_at": None,
        "signed_by": None,
        "method": None,
        "methods": ["local", "none"],
        "verify_token": None,
        "dispatched_at": None,
        "scan_missing": False,
        "final_file_id": None,
        "scan_file_id": None,
        "waits_for": None,
        **more,
    }


def letter(state: str = "draft", facts: Row | None = None, **more: Any) -> Row:
    return {
        "letter_id": LETTER,
        "direction": "outgoing",
        "kind": "surat_dinas",
        "number": None,
        "dated_on": None,
        "received_at": None,
        "agenda_number": None,
        "subject": "Permintaan data aplikasi",
        "summary": None,
        "sender": {"name": "Dinas Kominfo", "unit_id": uid("kominfo"), "address": None},
        "classification_code": "000.8",
        "urgency": "biasa",
        "secrecy": "biasa",
        "state": state,
        "outcome": None,
        "copies": [],
        "addressees": [],
        "addressed": [],
        "copied": [],
        "replies_to": None,
        "invitation": None,
        "decision": None,
        "activity_id": None,
        "files": [],
        "my_tasks": [],
        "created_by": ref("staf"),
        "created_at": NOW,
        "version": 3,
        "warnings": [],
        "outgoing": outgoing(**(facts or {})),
        **more,
    }


def task(holder: str, giver: str | None, state: str = "read", **more: Any) -> Row:
    """One office's part in an incoming letter."""
    return {
        "task_id": TASK,
        "letter_id": LETTER,
        "subject": "Permintaan data aplikasi",
        "secrecy": "biasa",
        "parent_task_id": None,
        "position_id": pid(holder),
        "title": ref(holder)["position"]["title"],
        "given_by": pid(giver) if giver else None,
        "given_by_title": ref(giver)["position"]["title"] if giver else None,
        "role": "handle",
        "instructions": [],
        "note": None,
        "due_at": None,
        "state": state,
        "overdue": False,
        "since": NOW,
        "created_at": NOW,
        "invitation": None,
        "reports": [],
        "warnings": [],
        **more,
    }


def tracking(*timeline: Row) -> Row:
    groups = ("must_handle", "must_coordinate", "following", "informed")
    return {**{name: [] for name in groups}, "state": "draft", "timeline": timeline}


def answers(code: str, shown: Row | None = None) -> dict[str, Answer]:
    """What the services answer while the holder of office `code` looks."""
    reference = page(
        {"code": "surat_dinas", "label_id": "Surat Dinas", "outgoing": True},
        {"code": "000.8", "label_id": "Organisasi", "outgoing": True},
    )
    return {
        "directory.get_me": lambda _: me(code),
        "directory.list_positions": page(*positions()),
        "directory.list_units": page(*units()),
        "letters.count_my_tasks": lambda _: {"unread_tasks": 0},
        "notify.count_unread": lambda _: {"unread": 0, "watermark": 0},
        "letters.get_reference": reference,
        "letters.get_letter": lambda _: shown or letter(),
        "letters.get_letter_tracking": lambda _: tracking(),
        "letters.list_reviews": page(),
        "letters.list_letters": page(),
        "letters.list_reservations": page(),
        "letters.register_letter": done({"letter_id": LETTER}),
        "letters.correct_letter": done({"letter_id": LETTER}),
    }


def seat(bus: FakeBus, code: str, shown: Row | None = None) -> FakeBus:
    bus.answers.update(answers(code, shown))
    return bus
