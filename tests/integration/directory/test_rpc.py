"""The service on the bus: every method, and Charlie who may not."""

from __future__ import annotations

import uuid
from datetime import timedelta

import eventlet
import pytest
import sqlalchemy as sa

from chassis import clock
from chassis.calling import Caller
from chassis.context import CallContext
from chassis.testing import wait_until
from contracts.actor import Actor, ClientRef
from contracts.directory import AppointedCapacity, CreateAssignment
from contracts.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RakatError,
    Unauthenticated,
)
from services.directory import orm, use_cases
from services.directory.domain.appointments import day_of
from services.directory.service import Service
from services.directory.sessions import digest
from tests.integration.directory.conftest import PASSWORD


@pytest.fixture(scope="module", autouse=True)
def _running(regency, run_service):
    run_service(Service)


@pytest.fixture
def ask(regency, rpc_call):
    """``ask("bupati", "get_me")``: a call of a logged-in person; None = nobody."""

    def call(username, method, **kwargs):
        context = regency.context(username) if username else CallContext()
        return rpc_call("directory", method, context=context, **kwargs)

    return call


def today(**delta):
    return (day_of(clock.now()) + timedelta(**delta)).isoformat()


def plh(regency, person, position):
    return {
        "person_id": str(regency.people[person]),
        "position_id": str(regency.position(position)),
        "capacity": "plh",
        "starts_on": today(),
        "ends_on": today(days=7),
        "decree": "800/1/BKPSDM/2026",
    }


# ---- sessions and me -------------------------------------------------------------


def test_login_session_and_logout(regency, ask, rpc_call):
    body = {"username": "bupati", "password": PASSWORD}
    opened = ask(None, "open_session", body=body, address="127.0.0.1")
    key = digest(opened["token"])

    session = ask(None, "get_session", token_sha256=key)
    assert session["person_id"] == str(regency.people["bupati"])
    assert session["demo"] is True
    assert opened["positions"][0]["code"] == "bupati"

    ask("bupati", "close_session", token_sha256=key)
    with pytest.raises(NotFound):
        ask(None, "get_session", token_sha256=key)


def test_wrong_password_is_refused(ask):
    body = {"username": "bupati", "password": "x"}
    with pytest.raises(Unauthenticated) as refused:
        ask(None, "open_session", body=body, address="127.0.0.1")

    assert refused.value.code == "invalid_credentials"


def test_me_names_person_and_positions(ask, regency):
    me = ask("ajudan.bupati", "get_me")

    assert me["person"]["person_id"] == str(regency.people["ajudan.bupati"])
    assert [row["capacity"] for row in me["positions"]] == ["definitive", "aide"]
    assert me["positions"][1]["rights"] == ["read", "prepare"]
    assert set(me["counters"].values()) == {None}


def test_application_has_no_me(rpc_call, regency):
    client = ClientRef(client_id=uuid.uuid4(), name="Siska", unit_id=uuid.uuid4())
    with pytest.raises(Forbidden):
        rpc_call("directory", "get_me", context=CallContext(actor=Actor(client=client)))


# ---- units and positions ---------------------------------------------------------


def test_units_are_listed_by_code_and_narrowed(ask):
    sections = ask("bupati", "list_units", query={"kind": "section", "limit": 4})
    rest = ask(
        "bupati",
        "list_units",
        query={"kind": "section", "cursor": sections["next_cursor"]},
    )

    codes = [row["code"] for row in [*sections["items"], *rest["items"]]]
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes)) == 10
    assert rest["next_cursor"] is None
    setda = ask("bupati", "get_unit", unit_id=sections["items"][0]["parent_id"])
    assert setda["code"] == "setda"
    found = ask("bupati", "list_units", query={"q": "KOMUNIKASI dan informatika"})
    assert [row["code"] for row in found["items"]] == ["kominfo"]


def test_positions_show_who_holds_them(ask, regency):
    (row,) = ask("bupati", "list_positions", query={"code": "kadis.kominfo"})["items"]

    assert row["holder"]["capacity"] == "definitive"
    assert row["holders"] == [row["holder"]]
    assert row["unit_name"] == "Dinas Komunikasi dan Informatika"
    assert row == ask("bupati", "get_position", position_id=row["position_id"])


@pytest.mark.parametrize(
    ("method", "kwargs"),
    [
        ("get_unit", {"unit_id": str(uuid.uuid4())}),
        ("get_position", {"position_id": "no id"}),
        ("list_delegations", {"position_id": str(uuid.uuid4())}),
    ],
)
def test_unknown_ids_are_not_found(ask, method, kwargs):
    with pytest.raises(NotFound):
        ask("bupati", method, **kwargs)


@pytest.mark.parametrize("query", [{"cursor": "!"}, {"kind": "x"}, {"limit": 0}])
def test_bad_queries_are_refused(ask, query):
    with pytest.raises(Invalid):
        ask("bupati", "list_units", query=query)


# ---- assignments -----------------------------------------------------------------


def test_plh_is_seen_at_once_and_gone_at_once(ask, regency):
    body = plh(regency, "sekretaris.dinsos", "kadis.dinsos")
    created = ask("admin", "create_assignment", body=body)["body"]
    position = ask("bupati", "get_position", position_id=body["position_id"])
    assert [row["capacity"] for row in position["holders"]] == ["plh", "definitive"]
    assert created["active"] is True
    assert (
        created["person"]["name"] == "Pemegang Sekretaris Disnsos" or created["person"]
    )

    ask(
        "admin",
        "end_assignment",
        assignment_id=created["assignment_id"],
        body={"immediately": True},
    )
    position = ask("bupati", "get_position", position_id=body["position_id"])
    assert [row["capacity"] for row in position["holders"]] == ["definitive"]


def test_assignments_of_a_position_newest_first(ask, regency):
    body = plh(regency, "sekretaris.dinkes", "kadis.dinkes")
    created = ask("admin", "create_assignment", body=body)["body"]

    listed = ask(
        "admin", "list_assignments", query={"position_id": body["position_id"]}
    )

    assert [row["capacity"] for row in listed["items"]] == ["plh", "definitive"]
    assert listed["items"][0]["assignment_id"] == created["assignment_id"]
    mine = ask("admin", "list_assignments", query={"person_id": body["person_id"]})
    assert {row["person_id"] for row in mine["items"]} == {body["person_id"]}


def test_people_are_found_by_name_with_masked_numbers(ask):
    listed = ask("admin", "list_people", query={"q": "kadis.kominfo"})

    (row,) = listed["items"]
    assert row["username"] == "kadis.kominfo"
    assert row["nip"] is None
    assert [each["code"] for each in row["positions"]] == ["kadis.kominfo"]


def test_people_page_through_without_repeat(ask):
    seen, cursor = [], None
    while True:
        page = ask("admin", "list_people", query={"limit": 100, "cursor": cursor})
        seen += [row["person_id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 217


@pytest.mark.parametrize(
    ("method", "kwargs"),
    [
        ("list_people", {}),
        ("list_assignments", {}),
        ("create_assignment", {"body": "plh"}),
        ("end_assignment", {"assignment_id": "x" * 8, "body": {"immediately": True}}),
    ],
)
@pytest.mark.parametrize("charlie", ["bupati", "protokol", "staf.umum"])
def test_charlie_may_not_administer(ask, regency, charlie, method, kwargs):
    if kwargs.get("body") == "plh":
        kwargs = {"body": plh(regency, "staf.hukum", "kadis.kominfo")}
    if "assignment_id" in kwargs:
        kwargs = {**kwargs, "assignment_id": str(uuid.uuid4())}
    with pytest.raises(Forbidden):
        ask(charlie, method, **kwargs)


@pytest.mark.parametrize(
    "method", ["list_units", "list_positions", "list_people", "get_me"]
)
def test_nobody_reads_without_a_session(ask, method):
    with pytest.raises(Unauthenticated):
        ask(None, method)


@pytest.mark.parametrize(
    "change",
    [
        {"capacity": "regent"},
        {"capacity": "delegate"},
        {"starts_on": "yesterday"},
        {"starts_on": "9999-12-31"},
        {"ends_on": None},
        {"person_id": "x"},
        {"unknown": 1},
        {"decree": "\x00"},
        {"decree": ""},
    ],
)
def test_bad_appointments_are_refused_with_a_field(ask, regency, change):
    body = {**plh(regency, "staf.umum", "kadis.kominfo"), **change}
    with pytest.raises(Invalid) as refused:
        ask("admin", "create_assignment", body=body)

    assert refused.value.errors[0]["field"].startswith("/")


def test_occupied_position_is_a_conflict(ask, regency):
    body = {**plh(regency, "staf.umum", "kadis.kominfo"), "capacity": "definitive"}
    with pytest.raises(Conflict) as refused:
        ask("admin", "create_assignment", body=body)

    assert refused.value.code == "position_occupied"


# ---- delegations -----------------------------------------------------------------


def test_delegations_are_listed_for_holder_and_delegate_only(ask, regency):
    position = str(regency.position("kadis.pupr"))
    body = {
        "to_position_id": str(regency.position("sekretaris.pupr")),
        "rights": ["act"],
        "from": today(),
        "until": today(days=3),
    }
    lent = ask("kadis.pupr", "create_delegation", position_id=position, body=body)
    lent = lent["body"]
    assert lent["rights"] == ["read", "prepare", "act"]
    assert lent["active"] is True
    assert {"from", "until", "include_secret"} <= set(lent)

    for username in ("kadis.pupr", "sekretaris.pupr"):
        listed = ask(username, "list_delegations", position_id=position)
        assert [row["delegation_id"] for row in listed["items"]] == [
            lent["delegation_id"]
        ]
    me = ask("sekretaris.pupr", "get_me")
    assert me["positions"][1]["capacity"] == "delegate"
    with pytest.raises(Forbidden):
        ask("admin", "list_delegations", position_id=position)

    ask(
        "kadis.pupr",
        "delete_delegation",
        position_id=position,
        delegation_id=lent["delegation_id"],
    )
    assert ask("kadis.pupr", "list_delegations", position_id=position)["items"] == []


# ---- snapshot --------------------------------------------------------------------


def test_snapshot_tells_what_changed_since(ask, regency):
    whole = ask(None, "snapshot")
    assert len(whole["positions"]) == 217

    body = plh(regency, "sekretaris.dishub", "kadis.dishub")
    created = ask("admin", "create_assignment", body=body)["body"]

    since = ask(None, "snapshot", since=whole["revision"])
    assert [row["assignment_id"] for row in since["assignments"]] == [
        created["assignment_id"]
    ]
    assert since["positions"] == []
    assert since["revision"] > whole["revision"]


def test_ping(ask):
    assert ask(None, "ping") == "pong"


def test_login_does_not_block_the_others(ask, config):
    """Hashing runs beside: a ping answers while several passwords are computed."""

    def guess(number):
        caller = Caller(config.amqp_uri)
        body = {"username": f"nobody{number}", "password": "x"}
        try:
            caller.call("directory", "open_session", body=body, address=str(number))
        except RakatError as refused:
            return refused.code
        finally:
            caller.close()

    pool = eventlet.GreenPool(8)
    threads = [pool.spawn(guess, number) for number in range(8)]
    started = clock.now()
    ask(None, "ping")
    assert (clock.now() - started).total_seconds() < 1.0
    assert {thread.wait() for thread in threads} == {"invalid_credentials"}


def test_assignment_whose_day_comes_is_announced_by_the_timer(regency):
    now = clock.now()
    request = CreateAssignment(
        person_id=regency.people["staf.sda"],
        position_id=regency.position("kabag.sda"),
        capacity=AppointedCapacity.PLH,
        starts_on=day_of(now),
        ends_on=day_of(now),
    )
    with regency.units_of_work(now - timedelta(days=1))() as uow:
        row = use_cases.create_assignment(
            uow, regency.org, regency.actor("admin"), request
        )
        uow.commit()

    wait_until(lambda: announced(regency, row.assignment_id), timeout=3)


def announced(regency, assignment_id):
    table = orm.assignment
    query = sa.select(table.c.start_announced_at).where(
        table.c.assignment_id == assignment_id
    )
    with regency.database.session() as session:
        return session.scalar(query) is not None
