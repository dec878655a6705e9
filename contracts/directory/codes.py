"""The closed lists of the directory: kinds, duties, capacities, rights."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    REGENCY = "regency"
    SECRETARIAT = "secretariat"
    SECTION = "section"
    AGENCY = "agency"
    DISTRICT = "district"


class Duty(StrEnum):
    HEAD = "head"
    DEPUTY = "deputy"
    SECRETARY = "secretary"
    DIVISION_HEAD = "division_head"
    ASSISTANT = "assistant"
    ADVISER = "adviser"
    REGISTRAR = "registrar"
    AIDE = "aide"
    PROTOCOL = "protocol"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


class Capacity(StrEnum):
    """In what quality somebody acts; the last two come from delegations."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"
    DELEGATE = "delegate"
    AIDE = "aide"


class AppointedCapacity(StrEnum):
    """The capacities an assignment can have."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"


class Right(StrEnum):
    """What a delegate may do; each includes the ones before it."""

    READ = "read"
    PREPARE = "prepare"
    ACT = "act"


class Grade(StrEnum):
    """*Golongan ruang* of a civil servant; each has one rank (*pangkat*) by name.

    Of contract staff (*PPPK*) the seventeen *golongan* of Perpres 98/2020, which no
    rank goes with.
    """

    I_A = "I/a"
    I_B = "I/b"
    I_C = "I/c"
    I_D = "I/d"
    II_A = "II/a"
    II_B = "II/b"
    II_C = "II/c"
    II_D = "II/d"
    III_A = "III/a"
    III_B = "III/b"
    III_C = "III/c"
    III_D = "III/d"
    IV_A = "IV/a"
    IV_B = "IV/b"
    IV_C = "IV/c"
    IV_D = "IV/d"
    IV_E = "IV/e"
    PPPK_I = "I"
    PPPK_II = "II"
    PPPK_III = "III"
    PPPK_IV = "IV"
    PPPK_V = "V"
    PPPK_VI = "VI"
    PPPK_VII = "VII"
    PPPK_VIII = "VIII"
    PPPK_IX = "IX"
    PPPK_X = "X"
    PPPK_XI = "XI"
    PPPK_XII = "XII"
    PPPK_XIII = "XIII"
    PPPK_XIV = "XIV"
    PPPK_XV = "XV"
    PPPK_XVI = "XVI"
    PPPK_XVII = "XVII"

    @property
    def of_contract(self) -> bool:
        """Of *PPPK*: they have a *golongan*, and no rank."""
        return "/" not in self.value


class RowKind(StrEnum):
    UNIT = "unit"
    POSITION = "position"
    PERSON = "person"
    ASSIGNMENT = "assignment"
    DELEGATION = "delegation"
