"""Closed word lists of letters: states, roles, grades, boxes.

Open lists (kinds, instructions, classifications) are data of the letters service.
"""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class LetterState(StrEnum):
    """An incoming letter begins `registered`, an outgoing one as a `draft`."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    DISPATCHED = "dispatched"
    REGISTERED = "registered"
    UNDER_DISPOSITION = "under_disposition"
    COMPLETED = "completed"
    CLOSED = "closed"
    VOID = "void"


class TaskState(StrEnum):
    SENT = "sent"
    READ = "read"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Role(StrEnum):
    HANDLE = "handle"
    REPRESENT = "represent"
    COORDINATE = "coordinate"
    INFORM = "inform"


class Urgency(StrEnum):
    AMAT_SEGERA = "amat_segera"
    SEGERA = "segera"
    PENTING = "penting"
    BIASA = "biasa"


class Secrecy(StrEnum):
    """In rising order; `rank` compares."""

    BIASA = "biasa"
    TERBATAS = "terbatas"
    RAHASIA = "rahasia"
    SANGAT_RAHASIA = "sangat_rahasia"

    @property
    def rank(self) -> int:
        return list(Secrecy).index(self)


class Outcome(StrEnum):
    RESOLVED = "resolved"
    DECIDED = "decided"
    NOTED = "noted"
    ARCHIVED = "archived"
    REJECTED = "rejected"


class Box(StrEnum):
    INBOX = "inbox"
    REGISTERED = "registered"
    OUTGOING = "outgoing"
    UNIT = "unit"
    ALL = "all"


class LetterSort(StrEnum):
    NEWEST = "-created_at"
    OLDEST = "created_at"
    DUE_FIRST = "due_at"
    DUE_LAST = "-due_at"


class Attendance(StrEnum):
    ATTEND = "attend"
    REPRESENT = "represent"
    DECLINE = "decline"


class DispositionState(StrEnum):
    PREPARED = "prepared"
    ISSUED = "issued"
    DISCARDED = "discarded"


class Openness(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Action(StrEnum):
    """What a line of a letter's timeline says happened."""

    REGISTERED = "registered"
    READ = "read"
    ACCEPTED = "accepted"
    DISPOSED = "disposed"
    PREPARED = "prepared"
    DISCARDED = "discarded"
    REPORTED = "reported"
    APPROVED = "approved"
    REJECTED = "rejected"
    ACKNOWLEDGED = "acknowledged"
    COMPLETED = "completed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DUE_CHANGED = "due_changed"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ATTENDANCE_DECIDED = "attendance_decided"
    ACTIVITY_LINKED = "activity_linked"
    ACTIVITY_CANCELLED = "activity_cancelled"
    LETTER_COMPLETED = "letter_completed"
    CLOSED = "closed"
    VOIDED = "voided"
    VIEWED = "viewed"
    CORRECTED = "corrected"
    SECRECY_RAISED = "secrecy_raised"
    REDIRECTED = "redirected"
    REOPENED = "reopened"
    REMINDED = "reminded"
    HANDED_OVER = "handed_over"
    RECEIPT_SIGNED = "receipt_signed"
    IMPORTED = "imported"
    NUMBER_RESERVED = "number_reserved"
    DRAFTED = "drafted"
    REVISED = "revised"
    SUBMITTED = "submitted"
    INITIALLED = "initialled"
    REVISION_ASKED = "revision_asked"
    RECALLED = "recalled"
    SIGNED = "signed"
    SIGNING_FAILED = "signing_failed"
    SCAN_ATTACHED = "scan_attached"
    DISPATCHED = "dispatched"


class SigningForm(StrEnum):
    """In whose name the signer signs (`docs/glossary.md`)."""

    SELF = "self"
    AN = "an"
    UB = "ub"
    PLT = "plt"
    PLH = "plh"


class SigningMethod(StrEnum):
    NONE = "none"
    LOCAL = "local"
    BSRE = "bsre"


class Initial(StrEnum):
    """What an initialler says of a draft."""

    APPROVE = "approve"
    REVISE = "revise"
