"""Who is taken out of a draft's chain sees it no more, whatever else happens meanwhile."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import eventlet
import pytest
import sqlalchemy as sa

from chassis.calling import Caller
from chassis.config import Config
from chassis.database import Database
from chassis.testing import RpcCall, RunService
from contracts.errors import NotFound
from contracts.letters import Letter, LettersQuery, Secrecy
from services.letters.domain.visibility import rows_for
from services.letters.service import Service
from services.letters.use_cases import drafting, reading
from services.letters.use_cases.searching import list_letters
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import draft, draft_body, initial, submit
from tests.integration.letters.serving import Served, fill_copy
from tests.unit.letters import offices


def revise(desk: Desk, letter: Letter, **changes: Any) -> Letter:
    given = {
        name: [offices.position_id(code) for code in codes]
        for name, codes in changes.items()
        if isinstance(codes, list)
    }
    return desk.do(
        "kabag.kesra", drafting.revise_draft, letter.letter_id, changes | given, None
    )


def sees(desk: Desk, who: str, letter: Letter) -> bool:
    listed = desk.do(who, list_letters, LettersQuery(limit=200)).items
    try:
        desk.do(who, reading.get_letter, letter.letter_id)
    except NotFound:
        assert letter.letter_id not in [one.letter_id for one in listed]
        return False
    assert letter.letter_id in [one.letter_id for one in listed]
    return True


def rows(database: Database, letter_id: UUID | str) -> dict[str, str]:
    query = "SELECT position_id, why FROM letter_visibility WHERE letter_id = :id"
    with database.session() as session:
        found = session.execute(sa.text(query), {"id": letter_id})
        return {str(row.position_id): row.why for row in found}


@pytest.mark.parametrize("secrecy", ["biasa", "terbatas", "rahasia"])
def test_who_is_taken_out_sees_it_no_more(desk: Desk, secrecy: str) -> None:
    letter = draft(desk, coordinators=["sekretaris.pupr"], secrecy=secrecy)
    assert sees(desk, "sekretaris.pupr", letter)
    assert sees(desk, "kadis.pupr", letter) is (secrecy == "biasa")
    assert sees(desk, "tu.pupr", letter) is (secrecy != "rahasia")

    revise(desk, letter, coordinators=[])

    for who in ("sekretaris.pupr", "kadis.pupr", "tu.pupr"):
        assert not sees(desk, who, letter), who
    for who in ("kabag.kesra", "asisten.1", "sekda"):
        assert sees(desk, who, letter), who


def test_an_initial_given_before_does_not_keep_it(desk: Desk) -> None:
    letter = draft(desk, coordinators=["kadis.pupr"])
    submit(desk, letter)
    initial(desk, "kadis.pupr", letter, "revise", note="Tambahkan data")

    revise(desk, letter, coordinators=[])

    assert not sees(desk, "kadis.pupr", letter)


def test_who_also_stands_above_keeps_that_reason_only(
    desk: Desk, database: Database
) -> None:
    letter = draft(desk, initials=["asisten.1"])
    key = str(offices.position_id("asisten.1"))
    assert rows(database, letter.letter_id)[key] == "recipient"

    revise(desk, letter, initials=[])

    assert rows(database, letter.letter_id)[key] == "above"  # of kabag.kesra
    assert sees(desk, "asisten.1", letter)


def test_another_signer_takes_the_place_of_the_first(desk: Desk) -> None:
    letter = draft(desk, secrecy="rahasia", initials=[])

    signer = offices.position_id("asisten.1")
    desk.do(
        "kabag.kesra",
        drafting.revise_draft,
        letter.letter_id,
        {"signer_position_id": signer},
        None,
    )

    assert not sees(desk, "sekda", letter)
    assert sees(desk, "asisten.1", letter)


def units(database: Database, letter_id: UUID) -> set[UUID]:
    """Whose letter it counts as: in the overview, and in each unit's search."""
    queries = (
        "SELECT unnest(unit_ids) FROM letter WHERE letter_id = :id",
        "SELECT unit_id FROM letter_unit WHERE letter_id = :id",
    )
    with database.session() as session:
        of_letter, of_search = (
            {
                UUID(str(one))
                for one in session.scalars(sa.text(query), {"id": letter_id})
            }
            for query in queries
        )
    assert of_letter == of_search
    return of_letter


def test_what_is_told_goes_to_the_units_that_are_left(
    desk: Desk, database: Database
) -> None:
    letter = draft(desk, coordinators=["kadis.pupr"])
    assert offices.unit_id("pupr") in units(database, letter.letter_id)
    revise(desk, letter, coordinators=[])
    left = units(database, letter.letter_id)
    assert offices.unit_id("pupr") not in left
    assert {
        offices.regency().position(offices.position_id(code)).unit_id
        for code in ("kabag.kesra", "sekda")
    } <= left
    submit(desk, letter)
    assert units(database, letter.letter_id) == left

    told = desk.published(letter.letter_id)[-1]["data"]

    unit = str(offices.unit_id("pupr"))
    assert unit not in str(told)


def test_taken_in_and_out_at_once_the_chain_decides(
    run_service: RunService, rpc_call: RpcCall, database: Database, config: Config
) -> None:
    fill_copy(database)
    run_service(Service)
    codes = ["kadis.pupr", "kadis.dinkes", "kabag.umum", "sekretaris.dinkes"]
    body = draft_body(initials=[])
    made = Served(rpc_call).act("kabag.kesra", "register_letter", body=body, key="d1")
    key = {"letter_id": made["letter_id"]}

    def change(caller: Caller, chosen: list[str]) -> None:
        ids = [str(offices.position_id(code)) for code in chosen]
        Served(caller.call).act(
            "kabag.kesra", "correct_letter", body={"coordinators": ids}, **key
        )

    dice = random.Random(7)
    callers = [Caller(config.amqp_uri) for _ in range(16)]
    wanted = [dice.sample(codes, dice.randrange(4)) for _ in callers]
    threads = [
        eventlet.spawn(change, *one) for one in zip(callers, wanted, strict=True)
    ]
    for thread in threads:
        thread.wait()
    for caller in callers:
        caller.close()

    letter = Served(rpc_call).call("kabag.kesra", "get_letter", **key)
    chain = {UUID(one["position_id"]) for one in letter["outgoing"]["initials"]}
    chain |= {offices.position_id(code) for code in ("kabag.kesra", "sekda")}
    rows_now = rows_for(offices.regency(), chain, None, Secrecy(letter["secrecy"]))
    assert rows(database, made["letter_id"]) == {
        str(one): why.value for one, why in rows_now.items()
    }
