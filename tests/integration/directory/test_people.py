"""Numbers, ranks and titles: who writes them, and to whom they are given."""

from __future__ import annotations

import uuid

import eventlet
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.calling import Caller
from chassis.context import CallContext
from contracts.actor import Actor, ClientRef
from contracts.directory import Grade
from contracts.errors import Forbidden, Invalid, NotFound, RakatError, Stale
from services.directory.service import Service

NIP = "190001011920011901"


@pytest.fixture(scope="module", autouse=True)
def _running(regency, run_service):
    run_service(Service)


@pytest.fixture
def ask(regency, rpc_call):
    def call(username, method, **kwargs):
        context = regency.context(username)
        return rpc_call("directory", method, context=context, **kwargs)

    return call


def key(regency, username):
    return str(regency.people[username])


def test_an_administrator_records_them_and_sees_the_number_masked(regency, ask):
    person = key(regency, "kadis.dinkes")
    before = ask("admin", "get_person", person_id=person)
    body = {"nip": "19000101 192001 1 901", "grade": "IV/b", "degrees_after": "M.Si."}

    done = ask(
        "admin",
        "update_person",
        person_id=person,
        body=body,
        expected_version=before["version"],
    )["body"]

    assert done["nip"] == "•" * 14 + NIP[-4:]
    assert (done["grade"], done["degrees_after"]) == ("IV/b", "M.Si.")
    assert done["version"] > before["version"]
    assert ask("admin", "get_person", person_id=person) == done
    with pytest.raises(Stale):
        ask(
            "admin",
            "update_person",
            person_id=person,
            body={"grade": None},
            expected_version=before["version"],
        )
    cleared = ask("admin", "update_person", person_id=person, body={"grade": None})
    assert cleared["body"]["grade"] is None
    assert cleared["body"]["nip"] == done["nip"]


def test_every_grade_of_the_list_is_kept_and_no_other(regency, ask):
    person = key(regency, "tu.dinkes")
    for grade in Grade:
        body = {"grade": grade.value}
        done = ask("admin", "update_person", person_id=person, body=body)["body"]
        assert done["grade"] == grade.value
    for wrong in ("XVIII", "XX", "V/a", "0", "ix"):
        with pytest.raises(Invalid) as refused:
            ask("admin", "update_person", person_id=person, body={"grade": wrong})
        assert refused.value.errors[0]["field"] == "/grade"
        statement = sa.text("UPDATE person SET grade = :grade")
        with pytest.raises(IntegrityError), regency.database.session() as row:
            row.execute(statement, {"grade": wrong})


def test_only_the_person_himself_gets_his_number(regency, ask):
    body = {"nip": "190001011920011902", "grade": "III/d"}
    person = key(regency, "camat.kandangan")
    ask("admin", "update_person", person_id=person, body=body)

    own = ask("camat.kandangan", "get_signing_identity")

    assert (own["nip"], own["grade"]) == (body["nip"], "III/d")
    assert ask("bupati", "get_signing_identity")["nip"] is None
    for method, given in (("get_person", {}), ("update_person", {"body": {}})):
        with pytest.raises(Forbidden):
            ask("camat.kandangan", method, person_id=person, **given)


def test_for_paper_people_print_it_is_given_and_to_no_application(
    regency, ask, rpc_call
):
    body = {"nip": "190001011920011906", "grade": "III/c"}
    person = key(regency, "sekretaris.dinkes")
    ask("admin", "update_person", person_id=person, body=body)
    wanted = {"person_ids": [person, str(uuid.uuid4())]}

    (found,) = ask("bupati", "list_printed_identities", **wanted)

    assert (found["person_id"], found["nip"]) == (person, body["nip"])
    client = ClientRef(client_id=uuid.uuid4(), name="Siska", unit_id=uuid.uuid4())
    app = CallContext(actor=Actor(client=client), request_id="app")
    with pytest.raises(Forbidden):
        rpc_call("directory", "list_printed_identities", context=app, **wanted)
    with pytest.raises(Invalid):
        ask("bupati", "list_printed_identities", person_ids=[person] * 41)


def test_the_number_of_another_and_an_unknown_person_are_refused(regency, ask):
    body = {"nip": "190001011920011904"}
    taken = {"person_id": key(regency, "tu.dinkes"), "body": body}
    ask("admin", "update_person", **taken)
    ask("admin", "update_person", **taken)  # one's own is no other's

    with pytest.raises(Invalid) as refused:
        ask("admin", "update_person", **{**taken, "person_id": key(regency, "sekda")})
    assert refused.value.errors[0]["field"] == "/nip"
    with pytest.raises(NotFound):
        ask("admin", "update_person", person_id=str(uuid.uuid4()), body={})


def test_two_people_racing_for_one_number_one_gets_it(regency, config):
    people = ["kabid.dinkes.1", "kabid.dinkes.2", "kabid.dinkes.3", "kadis.pupr"]
    callers = [Caller(config.amqp_uri) for _ in people]

    def take(caller, username):
        try:
            caller.call(
                "directory",
                "update_person",
                context=regency.context("admin"),
                person_id=key(regency, username),
                body={"nip": "190001011920011905"},
            )
        except RakatError as error:
            return error.code
        return "taken"

    threads = [eventlet.spawn(take, *one) for one in zip(callers, people, strict=True)]
    answers = sorted(thread.wait() for thread in threads)
    for caller in callers:
        caller.close()
    assert answers == ["invalid"] * 3 + ["taken"]
