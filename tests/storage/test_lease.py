from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.lease import LEASES, Lease
from bot.storage.migrations import migrate
from bot.storage.store import Store
from tests.stores import Stores


@pytest.fixture
def store(tmp_path: Path, stores: Stores) -> Iterator[Store]:
    store = stores.open(tmp_path / "store.sqlite")
    migrate(store, [[LEASES]])
    yield store
    store.close()


def lease(store: Store, seconds: float = 60.0) -> Lease:
    return Lease(store, "feeding", seconds=seconds)


def test_one_of_two_holds_a_name_until_it_lets_go(store: Store) -> None:
    first, second = lease(store), lease(store)
    assert first.take()
    assert not second.take()
    assert (first.holds(), second.holds()) == (True, False)
    first.release()
    assert second.take()
    assert not first.take()


def test_the_holder_may_take_it_again_and_holds_it_longer(store: Store) -> None:
    first = lease(store)
    assert first.take()
    assert first.take()


def test_names_are_held_apart(store: Store) -> None:
    assert lease(store).take()
    assert Lease(store, "polling", seconds=60).take()


def test_a_holder_whose_time_is_up_loses_the_name_and_knows_it(store: Store) -> None:
    late = lease(store, seconds=0.0)
    assert late.take()
    assert not late.holds()
    second = lease(store)
    assert second.take()
    with store.writing() as connection:
        assert not late.is_held(connection)
        assert second.is_held(connection)
    assert not late.take()


def test_letting_go_of_what_another_holds_changes_nothing(store: Store) -> None:
    first, second = lease(store), lease(store)
    assert first.take()
    second.release()
    assert not second.take()


def test_a_name_counts_as_lost_from_before_it_was_asked_for(store: Store) -> None:
    moments = iter([100.0, 109.0, 111.0])
    held = Lease(store, "feeding", seconds=10.0, clock=lambda: next(moments))
    assert held.take()
    assert held.holds()
    assert not held.holds()
