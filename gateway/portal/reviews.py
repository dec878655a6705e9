"""An outgoing letter on its way: the line of initials, and who may do what now.

Pure functions over the answers of ``GET /letters/{id}`` and ``GET /reviews``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from gateway.portal import labels
from gateway.portal.offices import Offices
from gateway.portal.status import Mark
from gateway.portal.tracking import actor_title
from gateway.portal.visitor import Visitor

Row = dict[str, Any]


class Step(NamedTuple):
    """One line of the way of a draft, drawn from the top down."""

    mark: Mark
    title: str
    part: str  # what this office does: "Paraf", "Tanda tangan"
    at: str | None = None
    note: str | None = None
    person: str | None = None  # who acted for the office, if not itself


class Verb(NamedTuple):
    """A button of the letter's bar; `post` acts at once, else a sheet opens."""

    to: str
    text: str
    icon: str
    post: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Standing:
    """What the visitor is to this letter now; offices he may act for."""

    drafter: str | None = None
    initial: str | None = None  # office whose initial is asked
    coordinates: bool = False
    signer: str | None = None  # it is the signer's turn
    registers: bool = False


def standing(letter: Row, visitor: Visitor) -> Standing:
    """Offices of the visitor by what they may do with this letter now."""
    facts = letter["outgoing"]
    asked = _asked(facts, visitor) if letter["state"] == "in_review" else None
    return Standing(
        drafter=_mine(facts["drafter_position_id"], visitor, "prepare"),
        initial=asked["position_id"] if asked else None,
        coordinates=bool(asked and asked["kind"] == "coordination"),
        signer=_mine(facts["signer_position_id"], visitor)
        if is_ready_to_sign(letter)
        else None,
        registers=visitor.registers,
    )


def _mine(position_id: str | None, visitor: Visitor, right: str = "act") -> str | None:
    if position_id and right in visitor.rights(position_id):
        return position_id
    return None


def _asked(facts: Row, visitor: Visitor) -> Row | None:
    for line in facts["initials"]:
        if line["state"] == "asked" and _mine(line["position_id"], visitor):
            return dict(line)
    return None


def is_ready_to_sign(letter: Row) -> bool:
    """All initials are there."""
    lines = letter["outgoing"]["initials"]
    return letter["state"] == "in_review" and all(
        line["state"] == "approved" for line in lines
    )


def asked_again(letter: Row, tracking: Row) -> Row | None:
    """Who sent the draft back and why: ``{title, note}``, while it is not mended."""
    if letter["state"] != "draft" or letter["outgoing"]["waits_for"] != "revise":
        return None
    for entry in tracking["timeline"]:
        if entry["action"] == "revision_asked":
            return {"title": actor_title(entry), "note": entry["detail"].get("note")}
    return None


# ---- verbs -----------------------------------------------------------------------


def verbs_of(letter: Row, me: Standing) -> list[Verb]:
    """The main one first; nothing while it is others' turn."""
    here, state = f"/surat/{letter['letter_id']}", letter["state"]
    edit = Verb(f"{here}/konsep", "Ubah", "pen")
    if state == "draft" and me.drafter:
        return [Verb(f"{here}/ajukan", "Ajukan", "send", post=True), edit]
    if me.initial:
        return [
            Verb(f"{here}/paraf", "Paraf", "check", post=True),
            Verb(f"{here}/perbaikan", "Minta perbaikan", "undo"),
        ]
    if me.signer:
        back = Verb(f"{here}/perbaikan", "Minta perbaikan", "undo")
        return [Verb(f"{here}/tandatangani", "Tandatangani", "pen"), back]
    if state == "signed" and (me.drafter or me.registers):
        return _after_signing(letter, here)
    if state == "in_review" and me.drafter:
        return [Verb(f"{here}/tarik", "Tarik kembali", "undo", post=True)]
    return []


def _after_signing(letter: Row, here: str) -> list[Verb]:
    scan = Verb(f"{here}/pindaian", "Unggah pindaian", "upload")
    send = Verb(f"{here}/kirim", "Kirim", "send")
    return [scan] if letter["outgoing"]["scan_missing"] else [send]


# ---- the line of initials --------------------------------------------------------


def steps_of(letter: Row, known: Offices) -> list[Step]:
    """Drafter, coordinators, initials from below, signer, dispatch."""
    facts = letter["outgoing"]
    drafter = facts["drafter_position_id"]
    first = Step(
        Mark("st-done", "Konsep dibuat", "done"),
        known.title(drafter) if drafter else "Aplikasi",
        "",
        letter["created_at"],
    )
    order = {"coordination": 0, "hierarchy": 1}
    lines = sorted(
        facts["initials"], key=lambda row: (order[row["kind"]], row["order"])
    )
    middle = [_initial_step(line, letter["state"]) for line in lines]
    return [first, *middle, _signature(letter), *_sent(letter)]


def _initial_step(line: Row, state: str) -> Step:
    glyph, words, tone = labels.INITIAL_STATES[line["state"]]
    if line["state"] == "waiting" and state == "draft":
        words = "Setelah diajukan"
    part = "Paraf koordinasi" if line["kind"] == "coordination" else "Paraf"
    person = _person_behind(line["by"], line["position_id"])
    mark = Mark(glyph, words, tone)
    return Step(mark, line["title"], part, line["at"], line["note"], person)


def _person_behind(actor: Row | None, position_id: str) -> str | None:
    """Named when somebody acted for the office: a Plh, a delegate."""
    if not actor or not actor.get("person"):
        return None
    position = actor.get("position") or {}
    is_itself = position.get("position_id") == position_id
    if is_itself and actor.get("capacity") in (None, "definitive"):
        return None
    return str(actor["person"]["name"])


def _signature(letter: Row) -> Step:
    facts = letter["outgoing"]
    if facts["signed_at"]:
        words = _signed_words(facts)
        by = _person_behind(facts["signed_by"], facts["signer_position_id"])
        mark = Mark("st-done", words, "done")
        return Step(
            mark,
            facts["signer_title"],
            "Tanda tangan",
            facts["signed_at"],
            None,
            by,
        )
    mark = Mark("st-tent", "Setelah semua paraf")
    if is_ready_to_sign(letter):
        mark = Mark("st-work", "Menunggu tanda tangan", "work")
    return Step(mark, facts["signer_title"], "Tanda tangan")


def _signed_words(facts: Row) -> str:
    if facts["method"] == "none":
        missing = facts["scan_missing"]
        return "Tanda tangan basah, pindaian belum ada" if missing else "Ditandatangani"
    return "Ditandatangani secara elektronik"


def _sent(letter: Row) -> list[Step]:
    at = letter["outgoing"]["dispatched_at"]
    if letter["state"] == "signed":
        return [Step(Mark("st-sent", "Belum dikirim"), "Pengiriman", "")]
    if not at:
        return []
    return [Step(Mark("st-done", "Dikirim", "done"), "Pengiriman", "", at)]


def whose_turn(letter: Row) -> str:
    """``Menunggu paraf Kepala Bagian Umum``, for the head of the page."""
    facts = letter["outgoing"]
    asked = [row["title"] for row in facts["initials"] if row["state"] == "asked"]
    if letter["state"] == "in_review":
        if asked:
            return f"Menunggu paraf {asked[0]}" + (
                f" dan {len(asked) - 1} lainnya" if len(asked) > 1 else ""
            )
        if is_ready_to_sign(letter):
            return f"Menunggu tanda tangan {facts['signer_title']}"
    if letter["state"] == "signed":
        return "Menunggu pindaian" if facts["scan_missing"] else "Siap dikirim"
    return "Belum diajukan" if letter["state"] == "draft" else ""


# ---- dispatch --------------------------------------------------------------------


def dispatch_sentence(letter: Row, known: Offices) -> str:
    """What sending will do, in one sentence: nothing hidden is sent."""
    rows = letter["outgoing"]["recipients"]
    inside = [row for row in rows if row["position_id"]]
    outside = len(rows) - len(inside)
    books = sorted({_book(row["position_id"], known) for row in inside})
    parts = []
    if books:
        parts.append(f"Surat masuk ke {len(books)} buku agenda: {'; '.join(books)}")
    if outside:
        parts.append(f"{outside} penerima luar dicatat")
    return f"{'; '.join(parts)}."


def _book(position_id: str, known: Offices) -> str:
    unit = known.units.get((known.get(position_id) or {}).get("unit_id", ""), {})
    register = known.units.get(unit.get("register_unit_id", ""), unit)
    return str(register.get("short_name") or register.get("name") or "lain")
