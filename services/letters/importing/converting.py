"""A row of the old register becomes a legacy letter, or is told why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.codec import ZONE
from contracts.letters import Direction, Secrecy, Urgency
from services.letters.importing import cleaning
from services.letters.importing.mapping import Letters, Mapping

NO_NUMBER, NO_SUBJECT, NO_SENDER = "Tanpa nomor", "(tanpa perihal)", "(tidak tercatat)"
_CODE = re.compile(r"[A-Za-z0-9_.\-/]{1,60}")
_CLOCKS = timedelta(days=1)
_WORDS = {"urgency": {each.value for each in Urgency}, "secrecy": {
    each.value for each in Secrecy}}  # fmt: skip

Row = dict[str, Any]
Told = tuple[str, str]  # field, message


class Refused(Exception):
    """The row cannot become a letter; `field` is why."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = name, message


@dataclass(kw_only=True)
class OldDisposition:
    """As it was written; `position_id` when the office is known here."""

    to: str | None
    position_id: UUID | None
    sender: str | None
    note: str | None
    at: datetime | None
    due_on: date | None

    def detail(self) -> Row:
        told = {
            "to": self.to,
            "position_id": self.position_id,
            "from": self.sender,
            "note": self.note,
            "at": self.at,
            "due_on": self.due_on,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(kw_only=True)
class LegacyLetter:
    external_id: str
    direction: Direction
    agenda_number: str
    year: int
    number: str | None
    dated_on: date | None
    received_at: datetime
    ended_at: datetime
    sender: str
    sender_address: str | None
    recipients: list[str]
    subject: str
    summary: str | None
    classification_code: str | None
    kind: str
    urgency: Urgency
    secrecy: Secrecy
    addressed_to: str | None
    addressees: list[UUID]
    remark: str | None
    dispositions: list[OldDisposition] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Converter:
    """`office`: the id of a position by its code; `kinds`: what kinds there are."""

    mapping: Mapping
    now: datetime
    office: Callable[[str], UUID | None]
    kinds: frozenset[str]

    def letter(
        self, table: Letters, row: Row, dispositions: Sequence[Row]
    ) -> LegacyLetter:
        """Raises: Refused."""
        return _Reader(self, table, row).letter(dispositions)

    def offices_in(self, text: str | None) -> list[UUID]:
        """Those named in a text; the whole text first, then its parts."""
        if not text:
            return []
        parts = [text, *re.split(r"[;,\n/]| dan ", text)]
        found = [self._office(part) for part in parts]
        return list(dict.fromkeys(one for one in found if one is not None))

    def _office(self, name: str) -> UUID | None:
        code = _fitting(self.mapping.positions, name)
        return self.office(code) if code else None


class _Reader:
    def __init__(self, converter: Converter, table: Letters, row: Row) -> None:
        self._converter, self._table, self._row = converter, table, row
        self._encoding = converter.mapping.encoding
        self._warnings: list[Told] = []

    def letter(self, dispositions: Sequence[Row]) -> LegacyLetter:
        external_id = self._need("external_id")
        received_at = self._received()
        given = [self._disposition(one) for one in dispositions]
        latest = [each.at for each in given if each.at] + [received_at]
        addressed = self._line("addressees")
        positions = [each.position_id for each in given if each.position_id]
        return LegacyLetter(
            external_id=external_id,
            direction=self._table.direction,
            agenda_number=self._line("legacy_number") or NO_NUMBER,
            year=received_at.astimezone(ZONE).year,
            number=self._line("number"),
            dated_on=self._dated(),
            received_at=received_at,
            ended_at=self._ended() or max(latest),
            sender=self._line("sender") or self._missing("sender", NO_SENDER),
            sender_address=self._line("sender_address"),
            recipients=self._recipients(),
            subject=self._line("subject") or self._missing("subject", NO_SUBJECT),
            summary=self._text("summary"),
            classification_code=self._classification(),
            kind=self._kind(),
            urgency=Urgency(self._word("urgency", "biasa")),
            secrecy=Secrecy(self._word("secrecy", "biasa")),
            addressed_to=addressed,
            addressees=list(
                dict.fromkeys([*self._converter.offices_in(addressed), *positions])
            ),
            remark=self._text("remark"),
            dispositions=given,
            warnings=self._warnings,
        )

    # ---- text --------------------------------------------------------------------

    def _raw(self, name: str) -> Any:
        value = self._row.get(name)
        empty = value is None or (isinstance(value, str) and not value.strip())
        return self._table.defaults.get(name) if empty else value

    def _line(self, name: str) -> str | None:
        return cleaning.line(self._raw(name), self._encoding)

    def _text(self, name: str) -> str | None:
        return cleaning.text(self._raw(name), self._encoding)

    def _need(self, name: str) -> str:
        found = self._line(name)
        if found is None:
            raise Refused(name, "wajib ada")
        return found

    def _missing(self, name: str, instead: str) -> str:
        if self._table.direction is Direction.INCOMING or name != "sender":
            self._warn(name, f"kosong, ditulis {instead}")
        return instead

    def _warn(self, name: str, message: str) -> None:
        self._warnings.append((name, message))

    def _recipients(self) -> list[str]:
        found = self._text("recipients") or ""
        return [part.strip() for part in re.split(r"[;\n]", found) if part.strip()]

    def _classification(self) -> str | None:
        found = self._line("classification_code")
        if found is None or _CODE.fullmatch(found):
            return found
        self._warn("classification_code", f"bukan kode, dilewati: {found[:60]}")
        return None

    # ---- words -------------------------------------------------------------------

    def _kind(self) -> str:
        found = self._valued("kind")
        if found in self._converter.kinds:
            return str(found)
        if found is not None:
            self._warn("kind", f"tidak dikenal, menjadi surat_dinas: {found[:60]}")
        return "surat_dinas"

    def _word(self, name: str, otherwise: str) -> str:
        found = self._valued(name)
        if found in _WORDS[name]:
            return str(found)
        if found is not None:
            self._warn(name, f"tidak dikenal, menjadi {otherwise}: {found[:60]}")
        return otherwise

    def _valued(self, name: str) -> str | None:
        found = self._line(name)
        if found is None:
            return None
        values = self._table.values.get(name, {})
        known = _fitting(values, found) or values.get("*")
        return known or found.lower().replace(" ", "_")

    # ---- days --------------------------------------------------------------------

    def _moment(self, name: str) -> datetime | None:
        return cleaning.moment(self._raw(name), self._converter.mapping.dates)

    def _received(self) -> datetime:
        """When it came (or went); else its own date. The year of the book."""
        for name in ("received_at", "dated_on"):
            try:
                found = self._moment(name)
            except cleaning.BadDate as error:
                raise Refused(name, str(error)) from error
            if found is not None and name == "dated_on":
                self._warn("received_at", "kosong, dipakai tanggal surat")
            if found is not None:
                break
        else:
            raise Refused("received_at", "tidak ada tanggal")
        if found > self._converter.now + _CLOCKS:
            raise Refused(name, f"belum terjadi: {found.astimezone(ZONE):%d-%m-%Y}")
        return found

    def _dated(self) -> date | None:
        try:
            found = self._moment("dated_on")
        except cleaning.BadDate as error:
            self._warn("dated_on", str(error))
            return None
        if found is not None and found > self._converter.now + _CLOCKS:
            told = f"belum terjadi, dilewati: {found.astimezone(ZONE):%d-%m-%Y}"
            self._warn("dated_on", told)
            return None
        return found.astimezone(ZONE).date() if found else None

    def _ended(self) -> datetime | None:
        try:
            found = self._moment("ended_at")
        except cleaning.BadDate as error:
            self._warn("ended_at", str(error))
            return None
        return found if found and found <= self._converter.now else None

    # ---- dispositions ------------------------------------------------------------

    def _disposition(self, row: Row) -> OldDisposition:
        to = cleaning.line(row.get("to"), self._encoding)
        note = cleaning.text(row.get("note"), self._encoding)
        instruction = cleaning.text(row.get("instruction"), self._encoding)
        due = self._loose(row, "due")
        return OldDisposition(
            to=to,
            position_id=next(iter(self._converter.offices_in(to)), None),
            sender=cleaning.line(row.get("from"), self._encoding),
            note="\n".join(part for part in (instruction, note) if part) or None,
            at=self._loose(row, "at"),
            due_on=due.astimezone(ZONE).date() if due else None,
        )

    def _loose(self, row: Row, name: str) -> datetime | None:
        """A date of a disposition; an unreadable one is told and left out."""
        try:
            found = cleaning.moment(row.get(name), self._converter.mapping.dates)
        except cleaning.BadDate as error:
            self._warn(f"disposition.{name}", str(error))
            return None
        if found and name == "at" and found > self._converter.now + _CLOCKS:
            self._warn("disposition.at", "belum terjadi, dilewati")
            return None
        return found


def _fitting(values: Lookup[str, str], given: str) -> str | None:
    """By the same words, whatever their case and spaces."""
    wanted = " ".join(given.split()).casefold()
    for old, ours in values.items():
        if " ".join(old.split()).casefold() == wanted:
            return ours
    return None
