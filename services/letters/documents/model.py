"""What printed documents hold, in words ready for paper: no look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.letters import Secrecy, SigningForm, SigningMethod, Urgency


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """`over` is the line above the unit's name; None for the regency itself."""

    unit_name: str  # "Dinas Komunikasi dan Informatika"
    over: str | None = "Pemerintah Kabupaten Hulu Sungai Selatan"
    address: str = ""  # street, town, telephone: one line, may be empty


@dataclass(frozen=True, kw_only=True)
class SignatureBlock:
    """Who signs and in whose name (domain.md 1.7).

    `superiors`: titles above the signer, the nearest first; `an` needs one, `ub` two.
    `capacity` adds "Plt." and the like where the form does not say it already.
    `ranked`: the rule wants rank and NIP under the name; `lines_under_name` are they,
    empty until it is known who signs.
    """

    form: SigningForm
    title: str  # "Sekretaris Daerah", without "Plt."
    capacity: str = "definitive"  # definitive plt plh pj
    superiors: Sequence[str] = ()
    name: str | None = None  # the holder's; None leaves room for a pen
    ranked: bool = False
    lines_under_name: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class InitialMark:
    """One box of the row of initials; a draft shows who has approved."""

    short_title: str
    approved: bool
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class OutgoingDocument:
    """A letter as it leaves the house. While `draft`, it says KONSEP across the page,
    and what is not known yet (number, date, QR) stays open."""

    letterhead: Letterhead
    kind: str  # code, "surat_dinas"
    kind_label: str  # "Surat Dinas"; the heading of kinds that have one
    subject: str
    urgency: Urgency
    secrecy: Secrecy
    place: str  # "Kandangan"
    body_html: str  # as `richtext.clean` gave it
    signature: SignatureBlock
    number: str | None = None
    dated_on: date | None = None
    attachments: int = 0  # sheets or files, printed in words
    recipients: Sequence[str] = ()  # "Kepala Dinas Kesehatan"
    recipients_at: str = "Tempat"
    initials: Sequence[InitialMark] = ()
    copies: Sequence[str] = ()
    verify_url: str | None = None  # the QR at the foot
    method: SigningMethod | None = None  # what the foot says of the signature
    draft: bool = True


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """What signing fixes. `verify_url` is None for secret letters."""

    number: str | None
    dated_on: date
    method: SigningMethod
    verify_url: str | None


@dataclass(frozen=True, kw_only=True)
class SheetRecipient:
    title: str  # "Asisten Administrasi Umum"
    role_label: str = ""  # "menangani", "koordinasi"
    due_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class DispositionSheet:
    """The *lembar disposisi*, fields in the order of the form (domain.md 1.6).

    `instructions` are (label, ticked). Without a disposition the sheet is blank where
    the leader writes: the paper path. `ranked`: rank and NIP stand under the name, or
    their places; of whom, says `given_by`, which is never printed.
    """

    letterhead: Letterhead
    sender: str
    number: str | None
    dated_on: date | None
    received_at: datetime
    agenda_number: str
    urgency: Urgency
    secrecy: Secrecy
    subject: str
    recipients: Sequence[SheetRecipient] = ()
    instructions: Sequence[tuple[str, bool]] = ()
    note: str | None = None
    given_by_title: str | None = None
    given_by_name: str | None = None
    given_by: UUID | None = None
    ranked: bool = False
    rank: str = ""
    nip: str = ""
    nip_label: str = "NIP"
    given_on: date | None = None
    tracking_url: str = ""
