"""Numbers and ranks of an imported organisation, and where they never go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis import clock
from chassis.database import Database
from contracts import codec
from contracts.directory import UpdatePerson
from services.directory.importing import import_organisation
from services.directory.personal_facts import update_person
from services.directory.snapshots import snapshot
from services.directory.unit_of_work import opener, read_organisation
from tests.integration.directory.conftest import DEMO, PASSWORD, Regency

NIP = "190001011920011903"


@pytest.fixture(scope="module")
def imported(database_of: Callable[[str], Database]) -> Database:
    database = database_of("directory")
    with opener(database, clock.now)() as uow:
        import_organisation(
            uow,
            DEMO / "units.csv",
            DEMO / "positions.csv",
            password=PASSWORD,
            officials_csv=DEMO / "officials.csv",
        )
        uow.commit()
    return database


def test_new_holders_get_their_number_and_rank(imported):
    with opener(imported, clock.now)() as uow:
        people = uow.accounts.usernames()
        sekda = uow.offices.facts(people["sekda"])
        bupati = uow.offices.facts(people["bupati"])

    assert (sekda["nip"][:8], sekda["grade"]) == ("19000101", "IV/d")
    assert (bupati["nip"], bupati["grade"]) == (None, None)


def test_read_copies_and_events_are_told_of_a_change_and_no_number(imported):
    regency = Regency(imported)  # a second import changes nothing
    person = regency.people["sekretaris.dinkes"]
    body = UpdatePerson(nip=NIP, grade="III/c")
    with opener(imported, clock.now)() as uow:
        org, actor = read_organisation(imported), regency.actor("admin")
        update_person(uow, org, actor, person, body, None)
        uow.commit()

    with imported.session() as session:
        copied = codec.dump(snapshot(session))
    told = regency.events("directory.changed.v1")

    assert NIP not in str([copied, told])
    assert "III/c" not in str([copied, told])
    assert str(person) in str(told[-1]["people"])
    assert set(told[-1]["people"][0]) == {"person_id", "name", "version"}
