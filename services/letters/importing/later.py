"""What becomes of a letter whose old row was changed after it was taken over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.letters.importing.adopting import Adopter
from services.letters.importing.comparing import Difference, Stored
from services.letters.importing.converting import LegacyLetter


@dataclass(frozen=True)
class Later:
    """`wanted`: the run was asked to take later changes."""

    letter: LegacyLetter
    known: Stored
    differs: list[Difference]
    wanted: bool

    @property
    def taken(self) -> bool:
        return not self.why_not

    @property
    def why_not(self) -> str:
        if self.known.touched:
            return "surat sudah dikerjakan di sini"
        if self.letter.year != self.known.row["agenda_year"]:
            return "pindah tahun buku"
        return "" if self.wanted else "jalankan dengan --update"

    def take(self, session: Session, adopter: Adopter) -> None:
        if self.taken:
            names = sorted({name for name, _ in self.differs})
            adopter.renew(session, self.letter, self.known, names)
