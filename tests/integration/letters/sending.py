"""Outgoing letters at a desk: drafts, initials, a real workshop in a folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from chassis.config import Config
from chassis.context import CallContext, Idempotency
from contracts import codec
from contracts.actor import Actor
from contracts.directory import SigningIdentity
from contracts.letters import (
    DraftLetter,
    GiveInitial,
    Initial,
    Letter,
    SigningMethod,
    SignLetter,
)
from services.letters.signing import Settings
from services.letters.unit_of_work import opener
from services.letters.use_cases import dispatching, drafting, reviewing, signing
from services.letters.workshop import LetterWorkshop
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices


def workshop_in(folder: Path) -> LetterWorkshop:
    config = Config(blob_url=(folder / "blobs").as_uri(), public_url="https://rakat.id")
    return LetterWorkshop(config, Settings(folder=folder / "keys"))


def draft_body(**changes: Any) -> dict[str, Any]:
    """From the education section, signed by the Sekda, to two agencies."""
    body: dict[str, Any] = {
        "direction": "outgoing",
        "kind": "surat_dinas",
        "subject": "Permintaan data SPBE",
        "body_html": "<p>Mohon data <b>SPBE</b> tahun 2026.</p>",
        "signer_position_id": "sekda",
        "signing_form": "self",
        "initials": ["asisten.1"],
        "coordinators": [],
        "recipients": [{"position_id": "kadis.dinkes"}],
        "copies": [],
        "classification_code": "400.14",
        "urgency": "segera",
        "secrecy": "biasa",
        **changes,
    }
    for name in ("initials", "coordinators", "copies"):
        body[name] = [_office(one) for one in body[name]]
    body["signer_position_id"] = _office(body["signer_position_id"])
    body["recipients"] = [
        {**one, "position_id": _office(one["position_id"])}
        if one.get("position_id")
        else one
        for one in body["recipients"]
    ]
    dumped: dict[str, Any] = codec.dump(body)
    return dumped


def _office(code: str | UUID) -> str:
    known = isinstance(code, str) and not _is_id(code)
    return str(offices.position_id(str(code))) if known else str(code)


def _is_id(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def draft(desk: Desk, who: str | Actor = "kabag.kesra", **changes: Any) -> Letter:
    body = codec.load(DraftLetter, draft_body(**changes))
    return desk.do(who, drafting.draft_letter, body)


def submit(desk: Desk, letter: Letter, who: str = "kabag.kesra") -> Letter:
    return desk.do(who, reviewing.submit_letter, letter.letter_id)


def initial(
    desk: Desk, who: str, letter: Letter, decision: str = "approve", **more: Any
) -> Letter:
    body = GiveInitial(decision=Initial(decision), **more)
    return desk.do(who, reviewing.give_initial, letter.letter_id, body)


def reviewed(desk: Desk, **changes: Any) -> Letter:
    """A draft that only waits for its signer."""
    who = changes.pop("who", "kabag.kesra")
    made = draft(desk, who, **{"initials": [], **changes})
    letter = submit(desk, made, who)
    assert letter.outgoing is not None
    assert letter.outgoing.waits_for == "sign"
    return letter


def paper(desk: Desk, **changes: Any) -> Letter:
    """The same on paper only: signing it makes no PDF, so it is quick."""
    secret = {"secrecy": "sangat_rahasia", "body_html": None}
    return reviewed(desk, **{**secret, **changes})


def sign(
    desk: Desk,
    letter_id: UUID,
    workshop: Any,
    who: str | Actor = "sekda",
    *,
    method: str = "none",
    key: str | None = None,
    identify: Callable[[], SigningIdentity] = SigningIdentity,
    **more: Any,
) -> dict[str, Any]:
    """The command's answer, as the service gives it."""
    call = CallContext(
        actor=offices.actor(who) if isinstance(who, str) else who,
        request_id=str(uuid4()),
        idempotency=Idempotency(key=key or str(uuid4()), fingerprint="same"),
    )
    done: dict[str, Any] = signing.sign_letter(
        opener(desk.database, lambda: desk.now, call),
        call,
        desk.caller(who),
        letter_id,
        SignLetter(method=SigningMethod(method), **more),
        workshop,
        identify,
    )
    return done


def dispatch(desk: Desk, letter_id: UUID, who: str = "tu.setda") -> Letter:
    """Without waiting for the scan of a letter signed with ink."""
    return desk.do(who, partial(dispatching.dispatch_letter, force=True), letter_id)
