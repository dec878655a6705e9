"""What the schema of a draft cannot know: offices, lists, what may stand together."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from contracts.errors import FieldError, Invalid
from contracts.letters import DraftLetter, Secrecy, SigningForm
from services.letters import reference, views
from services.letters.caller import Caller
from services.letters.documents import richtext
from services.letters.unit_of_work import LettersUnitOfWork

_UNKNOWN = "Jabatan tidak dikenal"
_LEVELS_ABOVE = {SigningForm.AN: 1, SigningForm.UB: 2}


def checked(
    uow: LettersUnitOfWork,
    caller: Caller,
    body: DraftLetter,
    *,
    before: DraftLetter | None = None,
) -> DraftLetter:
    """The draft with its text cleaned. `before`: what stands there already is not
    judged again where it is a matter of what the caller sees.

    Raises: Invalid naming every wrong field.
    """
    if body.body_html is not None:
        body = msgspec.structs.replace(body, body_html=richtext.clean(body.body_html))
    _require_paper(body)
    errors = [
        *_wrong_lists(uow, body),
        *_wrong_signature(caller, body),
        *_wrong_recipients(caller, body),
        *_wrong_text(body),
    ]
    unchanged = before is not None and before.replies_to == body.replies_to
    if body.replies_to and not unchanged and not _sees(uow, caller, body.replies_to):
        errors.append(_error("/replies_to", "Surat tidak dikenal"))
    if errors:
        raise Invalid(errors=errors)
    return body


def _require_paper(body: DraftLetter) -> None:
    """Of a `sangat_rahasia` letter only its line in the register is kept."""
    if body.secrecy is not Secrecy.SANGAT_RAHASIA:
        return
    given = {"/body_html": body.body_html, "/file_ids": body.file_ids}
    message = "Surat sangat rahasia tidak disimpan di sini"
    errors = [_error(field, message) for field, value in given.items() if value]
    if errors:
        raise Invalid("paper_only", errors=errors)


def _wrong_lists(uow: LettersUnitOfWork, body: DraftLetter) -> Iterator[FieldError]:
    kinds = reference.items(uow.session, "kinds")
    if body.kind not in {one["code"] for one in kinds if one.get("outgoing", True)}:
        yield _error("/kind", "Jenis naskah keluar tidak dikenal")
    code = body.classification_code
    if code not in reference.codes(uow.session, "classifications"):
        yield _error("/classification_code", "Kode klasifikasi tidak dikenal")


def _wrong_signature(caller: Caller, body: DraftLetter) -> Iterator[FieldError]:
    signer = body.signer_position_id
    if caller.org.register_unit_of(signer) is None:
        yield _error("/signer_position_id", _UNKNOWN)
    elif len(caller.org.above(signer)) < _LEVELS_ABOVE.get(body.signing_form, 0):
        message = "Di atas jabatan ini tidak ada atasan untuk bentuk itu"
        yield _error("/signing_form", message)
    seen = {signer}
    for name in ("coordinators", "initials"):
        for index, position_id in enumerate(getattr(body, name)):
            field = f"/{name}/{index}"
            if caller.org.position(position_id) is None:
                yield _error(field, _UNKNOWN)
            elif position_id in seen:
                yield _error(field, "Jabatan ini sudah memaraf atau menandatangani")
            seen.add(position_id)


def _wrong_recipients(caller: Caller, body: DraftLetter) -> Iterator[FieldError]:
    seen: set[UUID] = set()
    for index, one in enumerate(body.recipients):
        if (one.position_id is None) == (one.name is None):
            message = "Sebut satu: jabatan di sini, atau nama penerima di luar"
            yield _error(f"/recipients/{index}", message)
        elif one.position_id is not None:
            field = f"/recipients/{index}/position_id"
            yield from _wrong_office(caller, field, one.position_id, seen)
    for index, position_id in enumerate(body.copies):
        yield from _wrong_office(caller, f"/copies/{index}", position_id, seen)


def _wrong_office(
    caller: Caller, field: str, position_id: UUID, seen: set[UUID]
) -> Iterator[FieldError]:
    if caller.org.register_unit_of(position_id) is None:
        yield _error(field, _UNKNOWN)
    elif position_id in seen:
        yield _error(field, "Jabatan disebut dua kali")
    seen.add(position_id)


def _wrong_text(body: DraftLetter) -> Iterator[FieldError]:
    secret = body.secrecy is Secrecy.SANGAT_RAHASIA
    if not secret and body.body_html is None and not body.file_ids:
        yield _error("/body_html", "Tulis isi surat, atau unggah berkasnya")
    given = body.invitation
    if given and given.ends_at and given.ends_at <= given.starts_at:
        yield _error("/invitation/ends_at", "Selesai harus sesudah mulai")


def _sees(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> bool:
    return views.sees_letter(uow.session, caller.reaches(), letter_id)


def _error(field: str, message: str) -> FieldError:
    return {"field": field, "message": message}
