"""By which NIK or e-mail BSrE knows a person.

The directory holds no NIK, and a masked NIP is no identity. So the office that keeps
the certificates keeps a small file beside the secrets, ``person_id,nik,email``; it is
read anew when it changed, and is in no database, export or backup of ours (ADR 0088).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True)
class BsreIdentity:
    """At least one of both."""

    nik: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


def identity_of(path: Path | None, person_id: UUID) -> BsreIdentity | None:
    if path is None or not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if (row.get("person_id") or "").strip().lower() == str(person_id):
                nik, email = (row.get(name) or "" for name in ("nik", "email"))
                found = BsreIdentity(nik.strip(), email.strip())
                return found if found.nik or found.email else None
    return None
