"""A draft as one value, `DraftLetter`: read back, merged with a patch, compared."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import FieldError, Invalid, invalid
from contracts.letters import Direction, DraftLetter, LetterParty
from contracts.letters.outgoing import InitialKind
from services.letters.caller import Caller
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing import InitialBox, Recipient
from services.letters.unit_of_work import LettersUnitOfWork

_REQUIRED = ("kind", "subject", "classification_code", "urgency", "secrecy")


def current(uow: LettersUnitOfWork, it: Letter) -> DraftLetter:
    """The draft in the shape of its creation."""
    part, row = it.outgoing, uow.letters.facts(it.letter_id)
    if part is None:
        raise ValueError("not an outgoing letter")
    facts = {
        "direction": Direction.OUTGOING.value,
        **{name: getattr(it, name) for name in _REQUIRED},
        "summary": row["summary"],
        "replies_to": row["replies_to"],
        "copies": list(it.copies),
        "invitation": it.invitation,
        "file_ids": uow.files.of_letter(it.letter_id),
        "signer_position_id": part.signer_position_id,
        "signing_form": part.signing_form,
        "body_html": part.body_html,
        "initials": _offices(part.in_order(), "hierarchy"),
        "coordinators": _offices(part.in_order(), "coordination"),
        "recipients": [_party(one) for one in part.recipients if not one.copy],
    }
    return msgspec.convert(facts, DraftLetter)


def _offices(boxes: Sequence[InitialBox], kind: InitialKind) -> list[Any]:
    return [one.position_id for one in boxes if one.kind == kind]


def _party(one: Recipient) -> dict[str, Any]:
    return {"position_id": one.position_id, "name": one.name, "address": one.address}


def merged(before: DraftLetter, changes: Mapping[str, Any]) -> DraftLetter:
    """RFC 7396. Raises: Invalid for null where something must stand."""
    facts: dict[str, Any] = msgspec.to_builtins(before)
    errors: list[FieldError] = []
    for name, value in changes.items():
        patch = msgspec.to_builtins(value)
        if patch is None and name in _REQUIRED:
            errors.append({"field": f"/{name}", "message": "Wajib diisi"})
        elif name not in facts or name == "direction":
            errors.append({"field": f"/{name}", "message": "Isian ini tidak dikenal"})
        elif isinstance(patch, dict) and isinstance(facts[name], dict):
            facts[name] |= patch
        else:
            facts[name] = patch
    if errors:
        raise Invalid(errors=errors)
    return codec.load(DraftLetter, facts)


def changed_fields(before: DraftLetter, after: DraftLetter) -> list[str]:
    names = before.__struct_fields__
    return [one for one in names if getattr(before, one) != getattr(after, one)]


# ---- into rows ----------------------------------------------------------------------


def letter_columns(caller: Caller, body: DraftLetter) -> dict[str, Any]:
    """Columns of `letter` that a draft decides; its sender is the signer's unit."""
    signer = caller.org.position(body.signer_position_id)
    register = caller.org.register_unit_of(body.signer_position_id)
    if signer is None or register is None:
        raise invalid("/signer_position_id", "Jabatan tidak dikenal")
    return {
        "kind": body.kind,
        "subject": body.subject,
        "summary": body.summary,
        "classification_code": body.classification_code,
        "urgency": body.urgency.value,
        "secrecy": body.secrecy.value,
        "secrecy_rank": body.secrecy.rank,
        "replies_to": body.replies_to,
        "invitation": codec.dump(body.invitation) if body.invitation else None,
        "addressees": [one.position_id for one in body.recipients if one.position_id],
        "copies": list(body.copies),
        "register_unit_id": register,
        "sender_name": signer.unit_name,
        "sender_unit_id": signer.unit_id,
    }


def boxes_of(body: DraftLetter) -> list[InitialBox]:
    kinds: tuple[tuple[InitialKind, list[Any]], ...] = (
        ("coordination", body.coordinators),
        ("hierarchy", body.initials),
    )
    return [
        InitialBox(position_id=position_id, kind=kind, place=place)
        for kind, offices in kinds
        for place, position_id in enumerate(offices, start=1)
    ]


def recipients_of(body: DraftLetter) -> list[Recipient]:
    to = [_recipient(one) for one in body.recipients]
    return [*to, *(Recipient(position_id=one, copy=True) for one in body.copies)]


def _recipient(one: LetterParty) -> Recipient:
    return Recipient(position_id=one.position_id, name=one.name, address=one.address)


def record_revision(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: Letter,
    by: ActorRef,
    body: DraftLetter,
    *,
    changed: Sequence[str],
    over: bool = False,
) -> None:
    """What whoever initials this revision has before him; `over` the one there is."""
    text, revision = body.body_html, it.outgoing.revision if it.outgoing else 1
    values = {
        "at": caller.now,
        "by": codec.dump(by),
        "subject": body.subject,
        "body_html": text,
        "body_sha256": hashlib.sha256(text.encode()).hexdigest() if text else None,
        "files": uow.files.hashes(it.letter_id),
        "changed": list(changed),
    }
    if not over:
        uow.outgoing.add_revision(letter_id=it.letter_id, revision=revision, **values)
        return
    if revision == 1:  # the first one changes nothing
        values["changed"] = []
    else:
        told = uow.outgoing.revision(it.letter_id, revision)["changed"]
        values["changed"] = list(dict.fromkeys([*told, *changed]))
    uow.outgoing.write_over(it.letter_id, revision, **values)


def still_written(uow: LettersUnitOfWork, it: Letter, by: ActorRef) -> bool:
    """The present revision is that of the same person, and was never submitted."""
    row = uow.outgoing.revision(
        it.letter_id, it.outgoing.revision if it.outgoing else 1
    )
    author = codec.load(ActorRef, row["by"]).person
    own = author is not None and author == by.person
    return own and not row["submitted"]
