"""Every path by which a letter can be read, for every secrecy and kind of reader.

The methods of the service are called as the bus calls them. `ONE` are paths of one
letter, `MANY` lists and answers about many; a method that is in neither must stand in
`NO_READ` with the reason, so that a new path is thought about here first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.context import CallContext
from chassis.database import Database
from chassis.organisation import Organisation
from chassis.sharing import Answers
from chassis.turns import Queue
from contracts.actor import Actor, ClientRef
from contracts.errors import Forbidden, NotFound
from contracts.letters import (
    Attendance,
    DecideAttendance,
    GiveReason,
    RecordFile,
    ReportTask,
)
from services.letters.service import Service
from services.letters.use_cases import attending, storing, working
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

WORD, NOTE, REPORT, SENDER = "kerbau", "Catatanku", "Laporanku", "Pengirimku"

LENT = (
    offices.lends("bupati", "ajudan.bupati", "act", include_secret=True),
    offices.lends("kadis.dinkes", "sekretaris.dinkes", "act"),
    offices.lends("sekda", "staf.umum", "read", include_secret=True),
)
CLIENT = Actor(
    client=ClientRef(
        client_id=offices.person_id("app"),
        name="Aplikasi",
        unit_id=offices.unit_id("dinkes"),
    )
)

# Registered by tu.setda for the regent, who gave it to the head of Dinkes.
CHAIN = {"tu.setda", "bupati", "kadis.dinkes"}
CLEARED = {"ajudan.bupati"}  # a delegate with include_secret
DELEGATES = {"sekretaris.dinkes"}
SEES: dict[str, set[str]] = {
    "biasa": CHAIN | CLEARED | DELEGATES | {"tu.dinkes", "sekda", "client"},
    "terbatas": CHAIN | CLEARED | DELEGATES | {"tu.dinkes", "client"},
    "rahasia": CHAIN | CLEARED,
    "sangat_rahasia": CHAIN,
}
READERS = (
    *("tu.setda", "bupati", "kadis.dinkes"),  # the chain
    *("ajudan.bupati", "sekretaris.dinkes"),  # delegates with and without clearance
    "tu.dinkes",  # registrar of a unit in the chain
    "sekda",  # above a chain position
    "staf.umum",  # delegate of one who is only above
    *("kadis.pupr", "wabup"),  # sideways
    *("admin", "protokol"),  # duties that give nothing
    "client",  # an application of a unit in the chain
    "former",  # held the head's office when it was given
)
# The note and the report are the branch's: giver, recipient, and who reads for them.
NOTED = {"bupati", "kadis.dinkes"}


def reads_notes(who: str, secrecy: str) -> bool:
    lent = {"ajudan.bupati", "sekretaris.dinkes"} & SEES[secrecy]
    return who in NOTED | lent


@dataclass
class Case:
    letter_id: str
    task_id: str
    file_id: str | None
    report_file_id: str | None
    secrecy: str


Path = Callable[[Service, Case], Any]

ONE: dict[str, Path] = {
    "get_letter": lambda s, c: s.get_letter(c.letter_id),
    "get_letter_tracking": lambda s, c: s.get_letter_tracking(c.letter_id),
    "get_letter_audit": lambda s, c: s.get_letter_audit(c.letter_id),
    "get_task": lambda s, c: s.get_task(c.task_id),
    "list_handovers": lambda s, c: s.list_handovers(c.letter_id),
    "list_page_texts": lambda s, c: s.list_page_texts(c.letter_id),
    "suggest_disposition": lambda s, c: s.suggest_disposition(c.letter_id),
}
OF_FILE: dict[str, Path] = {
    "get_letter_file": lambda s, c: s.get_letter_file(c.letter_id, c.file_id or ""),
    "get_page_text": lambda s, c: s.get_page_text(c.letter_id, c.file_id or "", "1"),
}
MANY: dict[str, Path] = {
    "list_letters": lambda s, c: s.list_letters({"box": "all", "limit": 200}),
    "list_letters inbox": lambda s, c: s.list_letters({"box": "inbox", "limit": 200}),
    "list_letters unit": lambda s, c: s.list_letters({"box": "unit", "limit": 200}),
    "list_letters registered": lambda s, c: s.list_letters({"box": "registered"}),
    "list_letters words": lambda s, c: s.list_letters({"box": "all", "q": WORD}),
    "list_letters secrecy": lambda s, c: s.list_letters(
        {"box": "all", "secrecy": c.secrecy}
    ),
    "list_similar_letters": lambda s, c: s.list_similar_letters(
        {"sender_name": f"{SENDER} {c.secrecy}", "subject": f"{WORD} {c.secrecy}"}
    ),
    "list_tasks": lambda s, c: s.list_tasks({"limit": 200}),
    "list_tasks letter": lambda s, c: s.list_tasks({"letter_id": c.letter_id}),
    "list_given_tasks": lambda s, c: s.list_given_tasks({"limit": 200}),
    "list_dispositions": lambda s, c: s.list_dispositions({"limit": 200}),
    "list_reviews": lambda s, c: s.list_reviews({"limit": 200}),
    "list_register": lambda s, c: s.list_register(
        str(offices.unit_id("setda")), "2026", {"direction": "incoming", "limit": 200}
    ),
    "list_registers": lambda s, c: s.list_registers(),
    "list_retention": lambda s, c: s.list_retention({"limit": 200}),
    "get_overview": lambda s, c: s.get_overview(),
    "count_my_tasks": lambda s, c: s.count_my_tasks(),
}
FOUND_BY = ("list_letters", "list_letters words", "list_letters secrecy")

NO_READ = {
    "register_letter": "a command; its answer is the letter just written",
    "get_disposition_sheet": "sets a PDF of what the tracking shows: test_printing",
    "get_letter_preview": "outgoing letters: test_outgoing",
    "list_letter_revisions": "outgoing letters: test_outgoing",
    "preview_number": "outgoing letters: test_outgoing",
    "verify_letter": "public, nothing of secret letters: test_verifying",
    "get_reference": "lists of words",
    "get_retention_rules": "lists of words",
    "list_number_templates": "lists of words",
    "list_reservations": "numbers without a letter",
    "list_absences": "offices and days, no letter",
    "list_trail_digests": "public, names no letter",
    "get_trail_digest": "public, names no letter",
    "ping": "nothing",
    "organisation_status": "nothing of letters",
}
READING = ("get_", "list_", "count_", "suggest_", "verify_", "preview_")


# ---- the service as somebody ---------------------------------------------------------


@contextmanager
def served(database: Database, org: Organisation, who: str) -> Iterator[Service]:
    service = Service()
    actor = CLIENT if who == "client" else offices.actor(who)
    if who == "former":
        actor = offices.actor("kadis.dinkes")
    service.db, service.clock = database, lambda: offices.NOW
    service.org, service.overviews = lambda: org, Answers(0)
    service.turns = service.searches = service.tallies = Queue()
    service.call = CallContext(
        actor=actor, request_id="0198f000-0000-7000-8000-000000000001"
    )
    yield service


@pytest.fixture(scope="module")
def cases(database: Database) -> dict[str, Case]:
    """One letter a secrecy, disposed and reported on, with files where they may be."""
    desk = Desk(database, offices.regency(delegations=LENT))
    return {secrecy: _case(desk, secrecy) for secrecy in SEES}


def _case(desk: Desk, secrecy: str) -> Case:
    paper = secrecy == "sangat_rahasia"
    file_id = None if paper else _upload(desk, "tu.setda")
    letter = desk.register(
        subject=f"{WORD} {secrecy}",
        number=None,
        sender={"name": f"{SENDER} {secrecy}"},
        secrecy=secrecy,
        classification_code="400.14",
        file_ids=[file_id] if file_id else [],
    )
    desk.dispose("bupati", letter.letter_id, ("kadis.dinkes",), note=NOTE)
    task_id = desk.task_of(letter.letter_id, "kadis.dinkes")
    report_file = None if paper else _upload(desk, "kadis.dinkes")
    report = ReportTask(
        text=REPORT, final=False, file_ids=[report_file] if report_file else []
    )
    desk.do("kadis.dinkes", working.report_task, task_id, report)
    desk.dispose(
        "sekretaris.dinkes" if secrecy in ("biasa", "terbatas") else "kadis.dinkes",
        letter.letter_id,
        ("sekretaris.dinkes", "inform"),
        parent_task_id=str(task_id),
        note=NOTE,
        prepared=True,
        acting_as="kadis.dinkes",
    )
    shown = [str(one) if one else None for one in (file_id, report_file)]
    return Case(str(letter.letter_id), str(task_id), shown[0], shown[1], secrecy)


def _upload(desk: Desk, who: str) -> UUID:
    body = RecordFile(
        sha256="a" * 64,
        size_bytes=1,
        media_type="application/pdf",
        filename="a.pdf",
        page_count=1,
    )
    return desk.do(who, storing.record_file, body).file_id


def org_for(who: str) -> Organisation:
    if who != "former":
        return offices.regency(delegations=LENT)
    successor = offices.holds("kabag.umum", "kadis.dinkes", "plt")
    return offices.regency(vacant=["kadis.dinkes"], also=[successor], delegations=LENT)


def opens(path: Path, service: Service, case: Case) -> str | None:
    """The answer as text; None when there is nothing to be known."""
    try:
        return json.dumps(path(service, case), ensure_ascii=False)
    except (NotFound, Forbidden):
        return None


# ---- the table -----------------------------------------------------------------------


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("secrecy", SEES)
def test_paths_of_one_letter(
    database: Database, cases: dict[str, Case], secrecy: str, who: str
) -> None:
    case, sees = cases[secrecy], who in SEES[secrecy]
    paths = {**ONE, **(OF_FILE if case.file_id else {})}
    with served(database, org_for(who), who) as service:
        for name, path in paths.items():
            found = opens(path, service, case)
            if name == "get_page_text" and sees:
                continue  # no text was read yet, which is a 404 as well
            assert (found is not None) == sees, (name, found)
            assert (NOTE in (found or "")) <= reads_notes(who, secrecy), name
            assert (REPORT in (found or "")) <= reads_notes(who, secrecy), name
        if case.report_file_id:
            report = Case(case.letter_id, "", case.report_file_id, None, secrecy)
            found = opens(OF_FILE["get_letter_file"], service, report)
            assert (found is not None) == reads_notes(who, secrecy)


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("secrecy", SEES)
def test_lists_and_counts(
    database: Database, cases: dict[str, Case], secrecy: str, who: str
) -> None:
    case, sees = cases[secrecy], who in SEES[secrecy]
    secret = secrecy in ("rahasia", "sangat_rahasia")
    with served(database, org_for(who), who) as service:
        for name, path in MANY.items():
            found = opens(path, service, case) or ""
            if name in FOUND_BY:
                assert (case.letter_id in found) == sees, name
            assert (case.letter_id in found) <= sees, name
            shown = f"{WORD} {secrecy}" in found or f"{SENDER} {secrecy}" in found
            # Of secret letters a list shows no word, but for the drafts a leader
            # confirms; those are recorded as reads.
            if name != "list_dispositions":
                assert shown <= (sees and not secret), (name, found)
            assert shown <= sees, name
            if secret and name != "list_dispositions":
                mine = [
                    one
                    for one in json.loads(found or "{}").get("items", ())
                    if one.get("letter_id") == case.letter_id
                ]
                assert NOTE not in json.dumps(mine), name


def test_every_reading_method_stands_in_a_table() -> None:
    tables = {name.split()[0] for name in (*ONE, *OF_FILE, *MANY)}
    methods = {
        name
        for kind in Service.__mro__
        for name, found in vars(kind).items()
        if name.startswith(READING) and getattr(found, "nameko_entrypoints", None)
    }
    assert methods
    assert methods - set(NO_READ) == tables


@pytest.mark.parametrize("name", [*ONE, *OF_FILE])
def test_a_read_of_a_secret_letter_is_a_line_before_it_is_answered(
    database: Database, cases: dict[str, Case], name: str
) -> None:
    case = cases["rahasia"]
    path = {**ONE, **OF_FILE}[name]
    before = viewed(database, case.letter_id)
    with served(database, org_for("bupati"), "bupati") as service:
        found = opens(path, service, case)
    assert found is not None or name == "get_page_text"  # no text was read yet
    told = any(word in (found or "") for word in (WORD, SENDER, NOTE, REPORT, "seq"))
    assert not told or viewed(database, case.letter_id) > before


def test_a_list_leaves_no_line_but_drafts_do(
    database: Database, cases: dict[str, Case]
) -> None:
    case = cases["rahasia"]
    with served(database, org_for("kadis.dinkes"), "kadis.dinkes") as service:
        before = viewed(database, case.letter_id)
        for name in ("list_letters", "list_letters words", "list_tasks"):
            MANY[name](service, case)
        assert viewed(database, case.letter_id) == before
        drafts = MANY["list_dispositions"](service, case)["items"]
        assert case.letter_id in {one["letter_id"] for one in drafts}
        assert viewed(database, case.letter_id) == before + 1


def viewed(database: Database, letter_id: str) -> int:
    query = "SELECT count(*) FROM trail WHERE letter_id = :id AND action = 'viewed'"
    with database.session() as session:
        return int(session.scalar(sa.text(query), {"id": letter_id}) or 0)


# ---- answers given again -------------------------------------------------------------


def test_an_answer_is_given_again_only_to_who_still_sees_the_letter(
    database: Database,
) -> None:
    from chassis.context import Idempotency

    desk = Desk(database, offices.regency())
    letter = desk.register("tu.dinkes", addressees=["kadis.dinkes"], secrecy="rahasia")
    task_id = str(desk.task_of(letter.letter_id, "kadis.dinkes"))

    def accept(who: str) -> Any:
        with served(database, org_for(who), who) as service:
            service.call = CallContext(
                actor=offices.actor("kadis.dinkes"),
                request_id="0198f000-0000-7000-8000-000000000002",
                idempotency=Idempotency(key="satu", fingerprint="sama"),
            )
            return service.accept_task(task_id)

    assert accept("kadis.dinkes")["replayed"] is False
    before = viewed(database, str(letter.letter_id))
    assert accept("kadis.dinkes")["replayed"] is True
    assert viewed(database, str(letter.letter_id)) == before + 1
    with pytest.raises(NotFound):
        accept("former")


# ---- what leaves the service -----------------------------------------------------------


def test_events_and_their_invitation_tell_nothing_of_a_restricted_letter(
    desk: Desk,
) -> None:
    letter = desk.register(
        secrecy="terbatas",
        subject=WORD,
        sender={"name": SENDER},
        invitation={
            "starts_at": "2026-11-26T09:00:00+08:00",
            "place": "Gua Tersembunyi",
            "contact": "0811",
        },
    )
    desk.do(
        "bupati",
        attending.decide_attendance,
        letter.letter_id,
        DecideAttendance(decision=Attendance.ATTEND),
    )
    envelopes = json.dumps(desk.published(letter.letter_id))
    for word in (WORD, SENDER, "Gua", "0811"):
        assert word not in envelopes
    assert "2026-11-26T09:00:00" in envelopes


def test_reasons_are_words_of_the_letter_too(desk: Desk) -> None:
    for secrecy, told in (("biasa", True), ("rahasia", False)):
        letter = desk.register(secrecy=secrecy)
        task_id = desk.task_of(letter.letter_id, "bupati")
        why = GiveReason(reason="Perkara adiknya")
        desk.do("bupati", working.return_task, task_id, why)
        events = desk.published(letter.letter_id)
        assert "task.returned.v1" in {one["type"] for one in events}
        assert ("adiknya" in json.dumps(events)) == told
