"""Logging in on the real database: throttled, sliding, revocable, several at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import eventlet
import pytest
import sqlalchemy as sa

from contracts.directory import OpenSession
from contracts.errors import Forbidden, NotFound, TooMany, Unauthenticated
from services.directory import orm, sessions
from tests.integration.directory.conftest import PASSWORD

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh(regency):
    with regency.database.session() as session:
        session.execute(sa.delete(orm.login_throttle))
        session.execute(sa.delete(orm.session))
        session.commit()


def log_in(regency, username, password=PASSWORD, address="10.0.0.1", now=NOW):
    return sessions.open_session(
        regency.units_of_work(now),
        lambda: regency.org,
        OpenSession(username=username, password=password, device_name="ponsel"),
        address,
    )


def session_of(regency, opened, now=NOW):
    return sessions.get_session(
        regency.units_of_work(now), sessions.digest(opened.token)
    )


def refusals(regency, times, **kwargs):
    codes = []
    for _ in range(times):
        with pytest.raises((Unauthenticated, TooMany)) as refused:
            log_in(regency, **kwargs)
        codes.append(refused.value.code)
    return codes


def test_login_answers_person_and_positions_primary_first(regency):
    opened = log_in(regency, " Ajudan.Bupati ")

    assert opened.person.person_id == regency.people["ajudan.bupati"]
    assert [row.code for row in opened.positions] == ["ajudan.bupati", "bupati"]
    assert [row.primary for row in opened.positions] == [True, False]
    assert opened.expires_at == NOW + timedelta(days=30)


def test_token_itself_is_not_stored(regency):
    opened = log_in(regency, "bupati")

    with regency.database.session() as session:
        stored = session.execute(sa.select(orm.session)).mappings().one()
    assert opened.token not in map(str, stored.values())
    assert stored["token_sha256"] == sessions.digest(opened.token)


def test_several_sessions_live_side_by_side(regency):
    phone, desk = log_in(regency, "bupati"), log_in(regency, "bupati")

    close(regency, "bupati", phone)

    assert session_of(regency, desk).person_id == regency.people["bupati"]
    with pytest.raises(NotFound):
        session_of(regency, phone)


def close(regency, username, opened):
    with regency.units_of_work(NOW)() as uow:
        sessions.close_session(
            uow, regency.actor(username), sessions.digest(opened.token)
        )
        uow.commit()


def test_closing_tells_the_gateways_which_token_to_forget(regency):
    opened = log_in(regency, "bupati")

    close(regency, "bupati", opened)

    told = regency.events("session.revoked.v1")
    assert told[-1]["token_sha256"] == sessions.digest(opened.token)


def test_nobody_closes_a_stranger_s_session(regency):
    opened = log_in(regency, "bupati")

    close(regency, "staf.umum", opened)

    assert session_of(regency, opened).name == opened.person.name


def test_session_slides_while_it_is_used_and_ends_when_it_is_not(regency):
    opened = log_in(regency, "bupati")
    later = NOW + timedelta(days=20)

    assert session_of(regency, opened, later).person_id == regency.people["bupati"]
    assert session_of(regency, opened, later + timedelta(days=20))
    with pytest.raises(NotFound):
        session_of(regency, opened, later + timedelta(days=51))


def test_unknown_user_and_wrong_password_look_the_same(regency):
    assert refusals(regency, 1, username="nobody") == ["invalid_credentials"]
    assert refusals(regency, 1, username="bupati", password="x") == [
        "invalid_credentials"
    ]


def test_disabled_account_neither_logs_in_nor_stays(regency):
    opened = log_in(regency, "staf.kesra")
    disable(regency, "staf.kesra")

    assert refusals(regency, 1, username="staf.kesra") == ["invalid_credentials"]
    with pytest.raises(NotFound):
        session_of(regency, opened)


def disable(regency, username):
    with regency.database.session() as session:
        session.execute(
            sa.update(orm.account)
            .where(orm.account.c.username == username)
            .values(disabled_at=NOW)
        )
        session.commit()


def test_guessing_is_throttled_without_locking_out_the_owner(regency):
    codes = refusals(regency, 7, username="bupati", password="x")

    assert codes == ["invalid_credentials"] * 5 + ["rate_limited"] * 2
    assert log_in(regency, "bupati", address="10.0.0.2")
    with pytest.raises(TooMany) as refused:
        log_in(regency, "bupati")
    assert 0 < refused.value.facts["retry_after"] <= 60
    assert log_in(regency, "bupati", now=NOW + timedelta(seconds=61))


def test_success_empties_the_bucket(regency):
    for _ in range(3):
        refusals(regency, 4, username="bupati", password="x")
        log_in(regency, "bupati")


def test_one_address_cannot_try_every_name(regency):
    codes = []
    for number in range(62):
        codes += refusals(regency, 1, username=f"user{number}", password="x")

    assert codes.count("invalid_credentials") == 60
    assert codes[60:] == ["rate_limited"] * 2
    assert log_in(regency, "bupati", address="10.0.0.2")


def test_office_that_logs_in_correctly_is_never_slowed(regency):
    for _ in range(65):
        log_in(regency, "bupati")


def test_race_of_guesses_gets_not_one_more_try(regency):
    def guess():
        try:
            log_in(regency, "sekda", password="x")
        except (Unauthenticated, TooMany) as refused:
            return refused.code

    pool = eventlet.GreenPool(20)
    codes = [thread.wait() for thread in [pool.spawn(guess) for _ in range(20)]]

    assert sorted(codes) == ["invalid_credentials"] * 5 + ["rate_limited"] * 15


def test_old_sessions_and_free_buckets_are_forgotten(regency):
    log_in(regency, "bupati")
    refusals(regency, 1, username="bupati", password="x")

    sessions.forget_old(regency.units_of_work(NOW + timedelta(days=31)))

    with regency.database.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(orm.session)) == 0
        assert session.execute(sa.select(orm.login_throttle)).all() == []


def test_a_session_says_when_the_password_was_given(regency):
    opened = log_in(regency, "bupati")

    later = session_of(regency, opened, NOW + timedelta(hours=3))

    assert later.authenticated_at == NOW  # seen again, but not asked again


def check_password(regency, password, username="bupati", now=NOW):
    actor = regency.actor(username)
    return sessions.check_password(regency.units_of_work(now), actor, password)


def test_who_signs_proves_to_know_his_password(regency):
    assert check_password(regency, PASSWORD) is None
    with pytest.raises(Forbidden) as refused:
        check_password(regency, "salah")
    assert refused.value.code == "wrong_password"


def test_guessing_ones_password_is_throttled_and_knowing_it_starts_anew(regency):
    def tries():
        codes = []
        for _ in range(6):
            with pytest.raises((Forbidden, TooMany)) as refused:
                check_password(regency, "salah")
            codes.append(refused.value.code)
        return codes

    assert tries() == ["wrong_password"] * 5 + ["rate_limited"]
    with pytest.raises(TooMany):
        check_password(regency, PASSWORD)
    assert check_password(regency, PASSWORD, username="sekda") is None
    check_password(regency, PASSWORD, now=NOW + timedelta(minutes=2))
    assert log_in(regency, "bupati")  # the door to log in was never touched
