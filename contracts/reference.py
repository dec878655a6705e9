"""Closed word lists with their labels, served under ``/reference/{name}``.

The codes are those of the enums in this package (a test compares them). Open lists
(`DATA_LISTS`) are data of the service named there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import msgspec


class Word(NamedTuple):
    code: str
    label_id: str
    label_en: str


Absent = msgspec.UnsetType


class ReferenceItem(msgspec.Struct, kw_only=True):
    """One entry; what follows the labels belongs to the lists named beside it."""

    code: str
    label_id: str
    label_en: str
    group: str | Absent = msgspec.UNSET  # states, roles, kinds
    incoming: bool | Absent = msgspec.UNSET  # kinds
    outgoing: bool | Absent = msgspec.UNSET
    numbered: bool | Absent = msgspec.UNSET
    activity_for: str | Absent = msgspec.UNSET  # instructions
    needs_response: bool | Absent = msgspec.UNSET
    closes_branch: bool | Absent = msgspec.UNSET
    scheme: str | Absent = msgspec.UNSET  # classifications
    parent_code: str | Absent | None = msgspec.UNSET
    date: dt.date | Absent = msgspec.UNSET  # holidays
    html: str | Absent = msgspec.UNSET  # letter_texts: what a draft starts from
    joint_leave: bool | Absent = msgspec.UNSET
    kind: str | Absent = msgspec.UNSET  # holidays: national, joint, regional
    assumed_minutes: int | Absent | None = msgspec.UNSET  # null: until the day ends
    provisional: bool | Absent = msgspec.UNSET  # reckoned: no decree names its year


class ReferenceList(msgspec.Struct, kw_only=True):
    items: list[ReferenceItem]


Words = tuple[Word, ...]


def _words(text: str) -> Words:
    """``code | Indonesian | English`` a line."""
    rows = (line.split("|") for line in text.strip().splitlines())
    return tuple(Word(*(part.strip() for part in row)) for row in rows)


LETTER_STATES = _words("""
draft | Konsep | Draft
in_review | Diperiksa | In review
signed | Ditandatangani | Signed
dispatched | Dikirim | Dispatched
registered | Terdaftar | Registered
under_disposition | Dalam disposisi | Under disposition
completed | Selesai | Completed
closed | Ditutup | Closed
void | Dibatalkan | Void
""")
TASK_STATES = _words("""
sent | Terkirim | Sent
read | Sudah dibaca | Read
in_progress | Dikerjakan | In progress
reported | Dilaporkan | Reported
completed | Selesai | Completed
withdrawn | Ditarik | Withdrawn
returned | Dikembalikan | Returned
cancelled | Dibatalkan | Cancelled
""")
ACTIVITY_STATES = _words("""
proposed | Diajukan | Proposed
tentative | Tentatif | Tentative
confirmed | Definitif | Confirmed
completed | Selesai | Completed
postponed | Ditunda | Postponed
cancelled | Dibatalkan | Cancelled
""")
DISPOSITION_STATES = _words("""
prepared | Disiapkan | Prepared
issued | Terkirim | Issued
discarded | Dibuang | Discarded
""")
TASK_ROLES = _words("""
handle | Menangani | Handle
represent | Mewakili | Represent
coordinate | Koordinasi | Coordinate
inform | Mengetahui | For information
""")
PARTICIPANT_ROLES = _words("""
host | Tuan rumah | Host
required | Wajib hadir | Required
invited | Undangan | Invited
accompanying | Pendamping | Accompanying
""")
ACTIONS = _words("""
registered | Didaftarkan | Registered
read | Dibaca | Read
accepted | Diterima | Accepted
disposed | Didisposisi | Disposed
prepared | Disiapkan | Prepared
discarded | Dibuang | Discarded
reported | Dilaporkan | Reported
approved | Disetujui | Approved
rejected | Ditolak | Rejected
acknowledged | Diketahui | Acknowledged
completed | Selesai | Completed
returned | Dikembalikan | Returned
withdrawn | Ditarik | Withdrawn
cancelled | Dibatalkan | Cancelled
due_changed | Tenggat diubah | Due date changed
due_soon | Tenggat mendekat | Due soon
overdue | Terlambat | Overdue
attendance_decided | Kehadiran dijawab | Attendance decided
activity_linked | Masuk agenda | Put on the schedule
activity_cancelled | Kegiatan dibatalkan | Activity cancelled
letter_completed | Surat selesai | Letter completed
closed | Ditutup | Closed
voided | Dibatalkan | Voided
viewed | Dilihat | Viewed
corrected | Diperbaiki | Corrected
secrecy_raised | Sifat dinaikkan | Secrecy raised
redirected | Dialihkan | Redirected
reopened | Dibuka kembali | Reopened
reminded | Diingatkan | Reminded
handed_over | Fisik diserahkan | Paper handed over
receipt_signed | Fisik diterima | Paper received
imported | Diimpor | Imported
number_reserved | Nomor dipesan | Number reserved
drafted | Dikonsep | Drafted
revised | Konsep diubah | Revised
submitted | Diajukan | Submitted
initialled | Diparaf | Initialled
revision_asked | Diminta diperbaiki | Revision asked
recalled | Ditarik kembali | Recalled
signed | Ditandatangani | Signed
signing_failed | Gagal ditandatangani | Signing failed
scan_attached | Pindaian dilampirkan | Scan attached
dispatched | Dikirim | Dispatched
""")
RETENTION_FATES = _words("""
destroy | Musnah | Destroy
review | Dinilai kembali | Review
permanent | Permanen | Keep for good
""")
RETENTION_STAGES = _words("""
active | Aktif | Active
inactive | Inaktif | Inactive
due | Jatuh tempo | Due
unscheduled | Tanpa jadwal | Without a schedule
""")
OUTCOMES = _words("""
resolved | Terselesaikan | Resolved
decided | Diputuskan | Decided
noted | Dicatat | Noted
archived | Diarsipkan | Archived
rejected | Ditolak | Rejected
""")
SIGNING_FORMS = _words("""
self | Sendiri | In own name
an | Atas nama (a.n.) | On behalf of
ub | Untuk beliau (u.b.) | For, two levels down
plt | Pelaksana tugas (Plt.) | Acting (vacancy)
plh | Pelaksana harian (Plh.) | Acting (absence)
""")
SIGNING_METHODS = _words("""
none | Tanda tangan basah | Wet ink, scanned
local | Sertifikat lokal | Local certificate
bsre | BSrE | BSrE
""")
INITIALS = _words("""
approve | Paraf | Initial
revise | Perbaiki | Revise
""")
TOPICS = _words("""
task.assigned | Tugas baru | New task
task.reported | Laporan masuk | Task reported
task.returned | Tugas dikembalikan | Task returned
task.due | Tenggat mendekat | Due soon
task.overdue | Terlambat | Overdue
letter.completed | Surat selesai | Letter completed
activity.changed | Agenda berubah | Activity changed
activity.proposed | Usulan agenda | Activity proposed
activity.displaced | Agenda tergeser | Activity displaced
assignment.changed | Penugasan berubah | Assignment changed
system | Sistem | System
""")
UNIT_KINDS = _words("""
regency | Kabupaten | Regency
secretariat | Sekretariat | Secretariat
section | Bagian | Section
agency | Perangkat daerah | Agency
district | Kecamatan | District
""")
DUTIES = _words("""
head | Kepala | Head
deputy | Wakil | Deputy
secretary | Sekretaris | Secretary
division_head | Kepala bidang | Head of division
assistant | Asisten | Assistant
adviser | Staf ahli | Adviser
registrar | Petugas tata usaha | Registrar
aide | Ajudan | Aide
protocol | Protokol | Protocol
staff | Staf | Staff
administrator | Pengelola sistem | Administrator
""")
URGENCIES = _words("""
amat_segera | Amat segera | Most urgent
segera | Segera | Urgent
penting | Penting | Important
biasa | Biasa | Ordinary
""")
SECRECIES = _words("""
biasa | Biasa | Open
terbatas | Terbatas | Restricted
rahasia | Rahasia | Secret
sangat_rahasia | Sangat rahasia | Top secret
""")
CAPACITIES = _words("""
definitive | Definitif | Definitive
plt | Plt. | Acting (vacancy)
plh | Plh. | Acting (absence)
pj | Pj. | Caretaker
delegate | Penerima pelimpahan | Delegate
aide | Ajudan | Aide
""")
GRADES = _words("""
I/a | Juru Muda | Junior clerk
I/b | Juru Muda Tingkat I | Junior clerk, first class
I/c | Juru | Clerk
I/d | Juru Tingkat I | Clerk, first class
II/a | Pengatur Muda | Junior supervisor
II/b | Pengatur Muda Tingkat I | Junior supervisor, first class
II/c | Pengatur | Supervisor
II/d | Pengatur Tingkat I | Supervisor, first class
III/a | Penata Muda | Junior superintendent
III/b | Penata Muda Tingkat I | Junior superintendent, first class
III/c | Penata | Superintendent
III/d | Penata Tingkat I | Superintendent, first class
IV/a | Pembina | Administrator
IV/b | Pembina Tingkat I | Administrator, first class
IV/c | Pembina Utama Muda | Junior administrator general
IV/d | Pembina Utama Madya | Middle administrator general
IV/e | Pembina Utama | Administrator general
I | PPPK golongan I | Contract staff, grade I
II | PPPK golongan II | Contract staff, grade II
III | PPPK golongan III | Contract staff, grade III
IV | PPPK golongan IV | Contract staff, grade IV
V | PPPK golongan V | Contract staff, grade V
VI | PPPK golongan VI | Contract staff, grade VI
VII | PPPK golongan VII | Contract staff, grade VII
VIII | PPPK golongan VIII | Contract staff, grade VIII
IX | PPPK golongan IX | Contract staff, grade IX
X | PPPK golongan X | Contract staff, grade X
XI | PPPK golongan XI | Contract staff, grade XI
XII | PPPK golongan XII | Contract staff, grade XII
XIII | PPPK golongan XIII | Contract staff, grade XIII
XIV | PPPK golongan XIV | Contract staff, grade XIV
XV | PPPK golongan XV | Contract staff, grade XV
XVI | PPPK golongan XVI | Contract staff, grade XVI
XVII | PPPK golongan XVII | Contract staff, grade XVII
""")
RIGHTS = _words("""
read | Membaca | Read
prepare | Menyiapkan | Prepare
act | Bertindak | Act
""")
ATTENDANCES = _words("""
attend | Hadir | Attend
represent | Diwakilkan | Represent
decline | Tidak hadir | Decline
""")
ACTIVITY_KINDS = _words("""
rapat | Rapat | Meeting
audiensi | Audiensi | Audience
kunjungan | Kunjungan | Visit
upacara | Upacara | Ceremony
peresmian | Peresmian | Inauguration
sosialisasi | Sosialisasi | Outreach
undangan | Undangan | Invitation
perkawinan | Perkawinan | Wedding
dinas_luar | Dinas luar | Official travel
cuti | Cuti | Leave
pribadi | Pribadi | Private
lainnya | Lainnya | Other
""")
VISIBILITIES = _words("""
public | Umum | Public
internal | Internal | Internal
busy_only | Hanya sibuk | Busy only
""")
RESPONSES = _words("""
pending | Belum menjawab | Pending
attending | Hadir | Attending
not_attending | Tidak hadir | Not attending
represented | Diwakilkan | Represented
""")
RESOURCE_KINDS = _words("""
room | Ruang | Room
vehicle | Kendaraan | Vehicle
""")

LISTS: dict[str, Words] = {
    "actions": ACTIONS,
    "activity_kinds": ACTIVITY_KINDS,
    "activity_states": ACTIVITY_STATES,
    "attendances": ATTENDANCES,
    "capacities": CAPACITIES,
    "disposition_states": DISPOSITION_STATES,
    "duties": DUTIES,
    "grades": GRADES,
    "initials": INITIALS,
    "letter_states": LETTER_STATES,
    "outcomes": OUTCOMES,
    "participant_roles": PARTICIPANT_ROLES,
    "resource_kinds": RESOURCE_KINDS,
    "responses": RESPONSES,
    "retention_fates": RETENTION_FATES,
    "retention_stages": RETENTION_STAGES,
    "rights": RIGHTS,
    "secrecies": SECRECIES,
    "signing_forms": SIGNING_FORMS,
    "signing_methods": SIGNING_METHODS,
    "task_roles": TASK_ROLES,
    "task_states": TASK_STATES,
    "topics": TOPICS,
    "unit_kinds": UNIT_KINDS,
    "urgencies": URGENCIES,
    "visibilities": VISIBILITIES,
}

GROUPED: dict[str, dict[str, Words]] = {
    "states": {
        "letter": LETTER_STATES,
        "task": TASK_STATES,
        "disposition": DISPOSITION_STATES,
        "activity": ACTIVITY_STATES,
    },
    "roles": {"task": TASK_ROLES, "participant": PARTICIPANT_ROLES},
}
"""One word, several lists: each entry says in `group` which it belongs to."""

DATA_LISTS: dict[str, str] = {
    "kinds": "letters",
    "instructions": "letters",
    "classifications": "letters",
    "letter_texts": "letters",
    "assumed_lengths": "schedule",
    "holidays": "schedule",
}

NAMES: tuple[str, ...] = tuple(sorted((*LISTS, *GROUPED, *DATA_LISTS)))


def items_of(name: str) -> list[dict[str, Any]] | None:
    """A closed list as JSON-safe items; None when `name` is none of them."""
    if name in LISTS:
        return [word._asdict() for word in LISTS[name]]
    if name not in GROUPED:
        return None
    return [
        {**word._asdict(), "group": group}
        for group, words in GROUPED[name].items()
        for word in words
    ]
