"""HTTP rows of outgoing letters: draft, review, sign, dispatch; their numbers."""

from __future__ import annotations

from functools import partial

from contracts.letters import (
    AttachScan,
    DispatchLetter,
    DraftSaved,
    GiveInitial,
    Letter,
    NumberPreview,
    NumberTemplate,
    NumberTemplatesQuery,
    PutNumberTemplates,
    Reservation,
    ReservationsQuery,
    ReserveNumber,
    Review,
    ReviewsQuery,
    Revision,
    SaveDraft,
    SignLetter,
)
from contracts.paging import Page
from gateway.api.v1.operation import Operation

SIGNING_ERRORS = (
    "signing_unavailable",
    "signing_timeout",
    "signing_bad_answer",
    "signing_not_configured",
    "signer_not_identified",
    "signer_not_registered",
    "certificate_expired",
    "certificate_renew",
    "certificate_suspended",
    "certificate_revoked",
    "certificate_waiting",
    "certificate_new",
    "signing_refused",
    "wrong_passphrase",
    "passphrase_required",
)
"""Of the backends (`services/letters/signing/errors.py`)."""

_read = partial(Operation, service="letters", tag="outgoing letters", method="GET")
_act = partial(
    Operation,
    service="letters",
    tag="outgoing letters",
    method="POST",
    response=Letter,
    command=True,
    etag=True,
)
_MOVE = ("illegal_transition", "signing_in_progress")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="save_draft",
        service="letters",
        tag="outgoing letters",
        method="PATCH",
        path="/letters/{letter_id}/draft",
        summary="Save a draft while it is written, without a new revision of one's own",
        body=SaveDraft,
        response=DraftSaved,
        command=True,
        etag=True,
        errors=(*_MOVE, "paper_only"),
    ),
    _act(
        name="submit_letter",
        path="/letters/{letter_id}/submit",
        summary="Give a draft into review: coordination first, then the levels",
        errors=_MOVE,
    ),
    _act(
        name="recall_letter",
        path="/letters/{letter_id}/recall",
        summary="Take a draft back from review, to change it",
        errors=_MOVE,
    ),
    _act(
        name="initial_letter",
        path="/letters/{letter_id}/initials",
        summary="Initial a draft in turn, or send it back",
        body=GiveInitial,
        errors=(*_MOVE, "not_your_turn", "revision_changed"),
    ),
    _read(
        name="list_letter_revisions",
        path="/letters/{letter_id}/revisions",
        summary="Every revision of a draft, and what was decided about it",
        response=Page[Revision],
    ),
    _act(
        name="sign_letter",
        path="/letters/{letter_id}/sign",
        summary="Sign: the number is fixed, the PDF final",
        body=SignLetter,
        errors=(
            *_MOVE,
            *SIGNING_ERRORS,
            "initials_missing",
            "revision_changed",
            "number_taken",
            "not_a_pdf",
            "paper_only",
            "reauthentication_required",
            "wrong_password",
            "rate_limited",
        ),
    ),
    _act(
        name="attach_scan",
        path="/letters/{letter_id}/scan",
        summary="Attach the scanned sheet of a letter signed with ink",
        body=AttachScan,
        errors=(*_MOVE, "paper_only"),
    ),
    _act(
        name="dispatch_letter",
        path="/letters/{letter_id}/dispatch",
        summary="Send: each register of the house gets its incoming letter at once",
        body=DispatchLetter,
        errors=(*_MOVE, "scan_missing", "recipient_gone"),
    ),
    _read(
        name="list_reviews",
        path="/reviews",
        summary="Outgoing letters that wait for the caller, the longest first",
        response=Page[Review],
        query=ReviewsQuery,
    ),
    # ---- numbers -----------------------------------------------------------------
    _read(
        name="preview_number",
        path="/letters/{letter_id}/number-preview",
        summary="The number a draft would get now",
        response=NumberPreview,
    ),
    _read(
        name="list_number_templates",
        path="/number-templates",
        summary="By which patterns letters are numbered",
        response=Page[NumberTemplate],
        query=NumberTemplatesQuery,
    ),
    Operation(
        name="put_number_templates",
        service="letters",
        tag="outgoing letters",
        method="PUT",
        path="/number-templates",
        summary="Replace the patterns of a unit, or of the regency",
        body=PutNumberTemplates,
        response=Page[NumberTemplate],
        command=True,
        errors=("outside_register",),
    ),
    Operation(
        name="reserve_number",
        service="letters",
        tag="outgoing letters",
        method="POST",
        path="/registers/{unit_id}/reservations",
        summary="Reserve the next number for a past date, with the reason",
        body=ReserveNumber,
        response=Reservation,
        status=201,
        command=True,
        errors=("outside_register",),
    ),
    _read(
        name="list_reservations",
        path="/registers/{unit_id}/reservations",
        summary="Reserved numbers of a register, newest first",
        response=Page[Reservation],
        query=ReservationsQuery,
        errors=("outside_register",),
    ),
)
