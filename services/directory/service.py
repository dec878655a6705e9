"""The nameko service of the directory: parse, call a use case or view, dump."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog

from chassis.config import Config
from chassis.database import Database as Store
from chassis.entrypoints import every, rpc
from chassis.organisation import Organisation
from chassis.organisation_copy import OrganisationIndex
from chassis.organisation_copy_provider import Org
from chassis.providers import Call, Clock, Database, OutboxRelay
from chassis.unit_of_work import run_command
from contracts import codec
from contracts.actor import PersonRef
from contracts.directory import (
    CreateAssignment,
    CreateDelegation,
    EndAssignment,
    ListAssignments,
    ListPeople,
    ListPositions,
    ListUnits,
    Me,
    OpenSession,
    UpdatePerson,
)
from contracts.errors import Forbidden, NotFound
from contracts.paging import Page
from services.directory import (
    personal_facts,
    sessions,
    snapshots,
    use_cases,
    views,
    views_people,
)
from services.directory.domain.authority import (
    must_administer,
    must_be_known,
    must_know_of_delegations,
    person_of,
)
from services.directory.unit_of_work import DirectoryUnitOfWork, opener

log = structlog.get_logger(__name__)

LONGEST_PASSWORD = 1024


def own_index(config: Config, service: str) -> OrganisationIndex:
    """The index straight over the directory's tables."""
    db = Store.of_service(config, service, pool_size=2)
    return OrganisationIndex(snapshots.OwnRows(db))


class Service:
    name = "directory"

    db: Any = Database()
    call: Any = Call()
    clock: Any = Clock()
    org: Any = Org(own_index)
    relay = OutboxRelay()

    # ---- sessions ----------------------------------------------------------------

    @rpc
    def open_session(self, body: Any, address: str = "") -> Any:
        request = codec.load(OpenSession, body)
        opened = sessions.open_session(self._uow, self._now_org, request, address)
        return codec.dump(opened)

    @rpc
    def get_session(self, token_sha256: str) -> Any:
        return codec.dump(sessions.get_session(self._uow, token_sha256))

    @rpc
    def check_password(self, password: str) -> None:
        """From letters, before a signature; the password is kept nowhere."""
        if not isinstance(password, str) or not 0 < len(password) <= LONGEST_PASSWORD:
            raise Forbidden("wrong_password")
        sessions.check_password(self._uow, self.call.actor, password)

    @rpc
    def close_session(self, token_sha256: str) -> Any:
        actor = self.call.actor
        return self._command(
            lambda uow: sessions.close_session(uow, actor, token_sha256)
        )

    @rpc
    def get_me(self) -> Any:
        org, now = self._now_org(), self.clock()
        person = org.person(person_of(self.call.actor))
        if person is None:
            raise NotFound
        mine = views.my_positions(org, person.person_id, now)
        ref = PersonRef(person_id=person.person_id, name=person.name)
        return codec.dump(Me(person=ref, positions=mine))

    # ---- units and positions -----------------------------------------------------

    @rpc
    def list_units(self, query: Any = None) -> Any:
        must_be_known(self.call.actor)
        return codec.dump(
            views.units(self._now_org(), codec.load(ListUnits, query or {}))
        )

    @rpc
    def get_unit(self, unit_id: str) -> Any:
        must_be_known(self.call.actor)
        return codec.dump(_found(self._now_org().unit(_key(unit_id))))

    @rpc
    def list_positions(self, query: Any = None) -> Any:
        must_be_known(self.call.actor)
        wanted = codec.load(ListPositions, query or {})
        return codec.dump(views.positions(self._now_org(), wanted, self.clock()))

    @rpc
    def get_position(self, position_id: str) -> Any:
        must_be_known(self.call.actor)
        org = self._now_org()
        position = _found(org.position(_key(position_id)))
        return codec.dump(views.with_holders(org, position, self.clock()))

    # ---- assignments and people --------------------------------------------------

    @rpc
    def create_assignment(self, body: Any) -> Any:
        request, actor = codec.load(CreateAssignment, body), self.call.actor
        org = self._now_org()
        return self._command(
            lambda uow: use_cases.create_assignment(uow, org, actor, request)
        )

    @rpc
    def end_assignment(self, assignment_id: str, body: Any) -> Any:
        request, actor = codec.load(EndAssignment, body), self.call.actor
        org, key = self._now_org(), _key(assignment_id)
        return self._command(
            lambda uow: use_cases.end_assignment(uow, org, actor, key, request)
        )

    @rpc
    def list_assignments(self, query: Any = None) -> Any:
        org, now = self._now_org(), self.clock()
        must_administer(org, self.call.actor, now)
        wanted = codec.load(ListAssignments, query or {})
        with self.db.session() as session:
            return codec.dump(views_people.assignments(session, org, wanted, now))

    @rpc
    def list_people(self, query: Any = None) -> Any:
        org, now = self._now_org(), self.clock()
        must_administer(org, self.call.actor, now)
        wanted = codec.load(ListPeople, query or {})
        with self.db.session() as session:
            return codec.dump(views_people.people(session, org, wanted, now))

    @rpc
    def get_person(self, person_id: str) -> Any:
        org, now = self._now_org(), self.clock()
        must_administer(org, self.call.actor, now)
        with self.db.session() as session:
            found = personal_facts.person_facts(session, org, _key(person_id), now)
        return codec.dump(found)

    @rpc
    def update_person(
        self, person_id: str, body: Any, expected_version: int | None = None
    ) -> Any:
        request, actor = codec.load(UpdatePerson, body), self.call.actor
        org, key = self._now_org(), _key(person_id)
        return self._command(
            lambda uow: personal_facts.update_person(
                uow, org, actor, key, request, expected_version
            )
        )

    @rpc
    def get_signing_identity(self) -> Any:
        """From letters, for whoever signs: his own number and rank."""
        with self.db.session() as session:
            return codec.dump(personal_facts.own_identity(session, self.call.actor))

    @rpc
    def list_printed_identities(self, person_ids: list[str]) -> Any:
        """From letters, for the disposition sheets of a letter its caller sees."""
        keys = [_key(each) for each in person_ids]
        with self.db.session() as session:
            return codec.dump(
                personal_facts.printed_identities(session, self.call.actor, keys)
            )

    # ---- delegations -------------------------------------------------------------

    @rpc
    def create_delegation(self, position_id: str, body: Any) -> Any:
        request, actor = codec.load(CreateDelegation, body), self.call.actor
        org, key = self._now_org(), _key(position_id)
        return self._command(
            lambda uow: use_cases.create_delegation(uow, org, actor, key, request)
        )

    @rpc
    def list_delegations(self, position_id: str, query: Any = None) -> Any:
        org, now, key = self._now_org(), self.clock(), _key(position_id)
        must_know_of_delegations(org, self.call.actor, key, now)
        with self.db.session() as session:
            found = views_people.delegations(session, org, key, now)
        return codec.dump(Page(items=found))

    @rpc
    def delete_delegation(
        self, position_id: str, delegation_id: str, body: Any = None
    ) -> Any:
        org, actor = self._now_org(), self.call.actor
        key, lent = _key(position_id), _key(delegation_id)
        return self._command(
            lambda uow: use_cases.delete_delegation(uow, org, actor, key, lent)
        )

    # ---- for the other services --------------------------------------------------

    @rpc
    def snapshot(self, since: int = 0) -> Any:
        with self.db.session() as session:
            return codec.dump(snapshots.snapshot(session, since))

    @rpc
    def ping(self) -> str:
        return "pong"

    # ---- timers ------------------------------------------------------------------

    @every(1)
    def announce_assignments(self) -> None:
        """Beginnings and ends by date; each row is claimed by one replica."""
        with self._uow() as uow:
            if use_cases.announce_due(uow, self._now_org()):
                uow.commit()

    @every(600)
    def forget_old_sessions(self) -> None:
        sessions.forget_old(self._uow)

    # ---- parts -------------------------------------------------------------------

    def _uow(self) -> DirectoryUnitOfWork:
        return opener(self.db, self.clock, self.call)()

    def _now_org(self) -> Organisation:
        """Not older than the last commit of any process: one read of one number."""
        self.org.refresh()
        organisation: Organisation = self.org()
        return organisation

    def _command(self, effect: Callable[[DirectoryUnitOfWork], Any]) -> Any:
        return run_command(self._uow, self.call, effect)


def _key(text: str) -> UUID:
    """A path parameter; what is no id names nothing. Raises: NotFound."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise NotFound from None


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound
    return row
