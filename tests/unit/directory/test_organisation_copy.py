"""The read copy: any order of events ends in the same organisation."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.organisation_copy import OrganisationCopy
from contracts import codec
from contracts.directory import DirectoryChanged, Removed, RowKind, Snapshot
from contracts.errors import Unavailable
from tests.unit.directory.copy_stores import FakeCopyStore
from tests.unit.directory.organisations import (
    NOW,
    PEOPLE,
    POSITIONS,
    UNITS,
    assignment,
    delegation,
    key,
)

replace = msgspec.structs.replace

FIRST = assignment("alice", "kadis")
LENT = delegation("alice", "kadis", "sekretaris", "read")
BASE = Snapshot(
    revision=1,
    units=UNITS,
    positions=POSITIONS,
    people=PEOPLE,
    assignments=(FIRST,),
    delegations=(LENT,),
)
CHANGES = [
    DirectoryChanged(people=(replace(PEOPLE[0], name="alice the elder", version=2),)),
    DirectoryChanged(assignments=(replace(FIRST, ends_at=NOW, version=3),)),
    DirectoryChanged(
        assignments=(
            replace(
                assignment("bob", "kadis", "plh", date(2026, 11, 1), date(2026, 12, 1)),
                version=4,
            ),
        )
    ),
    DirectoryChanged(people=(replace(PEOPLE[0], name="alice", version=5),)),
    DirectoryChanged(
        removed=(
            Removed(kind=RowKind.DELEGATION, row_id=LENT.delegation_id, version=6),
        )
    ),
]


def filled(snapshot=BASE):
    copy = OrganisationCopy(FakeCopyStore())
    copy.fill(codec.dump(snapshot))
    return copy


def state(copy):
    return copy.store.rows()


@given(st.permutations(CHANGES), st.data())
def test_any_order_with_repeats_ends_the_same(order, data):
    expected = filled()
    for change in CHANGES:
        expected.apply(codec.dump(change))
    repeats = data.draw(st.lists(st.sampled_from(CHANGES), max_size=3))
    where = data.draw(st.integers(0, len(order)))

    copy = OrganisationCopy(FakeCopyStore())
    for change in order[:where]:
        copy.apply(codec.dump(change))
    copy.fill(codec.dump(BASE))
    for change in [*order[where:], *repeats]:
        copy.apply(codec.dump(change))

    assert state(copy) == state(expected)
    assert copy().holder(key("kadis"), NOW).name == "bob"


def test_copy_is_unavailable_until_a_snapshot_filled_it():
    copy = OrganisationCopy(FakeCopyStore())
    copy.apply(codec.dump(CHANGES[0]))

    with pytest.raises(Unavailable):
        copy()

    copy.fill(codec.dump(BASE))
    assert copy().person(key("alice")).name == "alice the elder"


def test_another_process_sees_a_change_at_its_next_refresh():
    store = FakeCopyStore()
    writer, reader = OrganisationCopy(store), OrganisationCopy(store)
    writer.fill(codec.dump(BASE))
    assert reader().person(key("alice")).name == "alice"

    writer.apply(codec.dump(CHANGES[0]))
    reader.refresh()

    assert reader().person(key("alice")).name == "alice the elder"


def test_index_is_kept_as_it_is_while_nothing_changes():
    copy = filled()
    before = copy()

    copy.refresh()

    assert copy() is before


def test_snapshot_without_news_builds_nothing_again():
    copy = filled()
    before = copy()

    assert copy.fill(codec.dump(Snapshot(revision=BASE.revision)))

    assert copy() is before


def test_directory_restored_from_a_backup_replaces_the_copy():
    copy = filled(replace(BASE, revision=9))
    copy.apply(codec.dump(CHANGES[0]))
    older = replace(BASE, revision=7)

    assert not copy.fill(codec.dump(older))
    copy.refill(codec.dump(older))

    assert copy().person(key("alice")).name == "alice"
    assert copy.store.synced_to() == 7


def test_store_that_is_away_leaves_the_index_serving():
    copy = filled()

    def away():
        raise ConnectionError

    copy.store.revision = away
    with pytest.raises(ConnectionError):
        copy.refresh()

    assert copy().holder(key("kadis"), NOW).name == "alice"
