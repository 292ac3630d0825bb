"""What holds for every store, in a file or in a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import LibraryBusyError, LibraryError
from bot.storage.migrations import migrate
from bot.storage.store import Store, Value
from tests.stores import Stores

SCHEMA = (
    (
        "CREATE TABLE numbers (number {key}, word {text}, share DOUBLE PRECISION, body {bytes})",
        "CREATE TABLE words (word {text} NOT NULL PRIMARY KEY, times BIGINT NOT NULL) {by_key}",
        "CREATE TABLE notes (number BIGINT NOT NULL REFERENCES numbers (number) ON DELETE CASCADE, note TEXT)",
    ),
)
COUNT = (
    "INSERT INTO words (word, times) VALUES (?, ?) "
    "ON CONFLICT (word) DO UPDATE SET times = words.times + excluded.times"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "store.sqlite"


@pytest.fixture
def store(stores: Stores, path: Path) -> Iterator[Store]:
    store = stores.open(path, busy_seconds=0.1)
    migrate(store, SCHEMA)
    yield store
    store.close()


def numbers(store: Store) -> list[int]:
    with store.reading() as connection:
        return [row[0] for row in connection.rows("SELECT number FROM numbers ORDER BY number")]


def counted(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return dict(connection.rows("SELECT word, times FROM words"))


def add(store: Store, *new: int) -> None:
    with store.writing() as connection:
        connection.execute_many("INSERT INTO numbers (number) VALUES (?)", [(number,) for number in new])


def broken_rows() -> Iterator[tuple[int]]:
    yield (2,)
    raise KeyError


def test_a_writing_block_that_raises_leaves_the_old_state(store: Store) -> None:
    add(store, 1)
    with pytest.raises(KeyError), store.writing() as connection:
        connection.execute_many("INSERT INTO numbers (number) VALUES (?)", broken_rows())
    assert numbers(store) == [1]


def test_a_reader_sees_one_state_while_another_writes(store: Store) -> None:
    add(store, 1)
    with store.reading() as connection:
        assert connection.row("SELECT count(*) FROM numbers") == (1,)
        add(store, 2)
        assert connection.row("SELECT count(*) FROM numbers") == (1,)
    assert numbers(store) == [1, 2]


def test_a_second_writer_waits_and_then_says_that_the_library_is_busy(stores: Stores, store: Store, path: Path) -> None:
    other = stores.open(path, busy_seconds=0.05)
    with store.writing(), pytest.raises(LibraryBusyError, match=r"another process.*try again"):
        add(other, 1)
    add(other, 1)
    assert numbers(store) == [1]
    other.close()


def test_a_transaction_that_fails_leaves_its_connection_fit_for_the_next(store: Store) -> None:
    for _ in range(3):
        with pytest.raises(LibraryError), store.writing() as connection:
            connection.execute("DELETE FROM nothing_of_this_name")
    add(store, 1)
    assert numbers(store) == [1]


def test_values_come_back_as_they_went_in(store: Store) -> None:
    rows: list[tuple[Value, ...]] = [
        (1, "it's 100% «ёж» ?", 0.1, b"\x00\xff"),
        (2**62, "", -1e300, b""),
        (-5, None, None, None),
    ]
    statement = "INSERT INTO numbers (number, word, share, body) VALUES (?, ?, ?, ?)"
    with store.writing() as connection:
        connection.execute(statement, rows[0])
        connection.execute_many(statement, rows[1:])
        connection.execute_many(statement, [(n, "x", 0.5, b"y") for n in range(100, 200)])
    with store.reading() as connection:
        for row in rows:
            assert connection.row("SELECT number, word, share, body FROM numbers WHERE number = ?", row[:1]) == row
        assert connection.row("SELECT word FROM numbers WHERE word = 'x' AND number = ?", (150,)) == ("x",)
        assert connection.row("SELECT COUNT(*) FROM numbers WHERE word LIKE '%?'") == (1,)
    assert len(numbers(store)) == 103


def test_texts_are_ordered_by_their_code_points(store: Store) -> None:
    words = ["b", "B", "a", "á", "\U0001f98a", "\ufffd", "Z", "", "ё", "a b"]
    with store.writing() as connection:
        connection.execute_many(COUNT, [(word, 1) for word in words])
    with store.reading() as connection:
        found = [row[0] for row in connection.rows("SELECT word FROM words ORDER BY word")]
        assert found == sorted(words)
        above = [row[0] for row in connection.rows("SELECT word FROM words WHERE word > ? ORDER BY word", ("b",))]
        assert above == [word for word in sorted(words) if word > "b"]


BATCHES = st.lists(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 9)), max_size=400), max_size=3)


@settings(max_examples=15, deadline=None)
@given(batches=BATCHES)
def test_counting_many_rows_at_once_counts_each(
    stores: Stores, tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[int, int]]]
) -> None:
    store = stores.open(tmp_path_factory.mktemp("counting") / "store.sqlite")
    migrate(store, SCHEMA)
    expected: dict[str, int] = {}
    for batch in batches:
        with store.writing() as connection:
            connection.execute_many(COUNT, [(f"w{number}", times) for number, times in batch])
        for number, times in batch:
            expected[f"w{number}"] = expected.get(f"w{number}", 0) + times
    assert counted(store) == expected
    store.close()


def test_two_batches_of_one_transaction_are_both_counted(store: Store) -> None:
    batch = [(f"w{number}", 1) for number in range(500)]
    with store.writing() as connection:
        connection.execute_many(COUNT, batch)
        connection.execute_many(COUNT, batch)
    assert set(counted(store).values()) == {2}


@pytest.mark.parametrize("count", [1, 30, 2_500])
def test_rows_are_found_by_any_number_of_values(store: Store, count: int) -> None:
    add(store, *range(count))
    with store.reading() as connection:
        asked = [*range(count), *range(count), count + 7]
        found = [row[0] for row in connection.rows_in("SELECT number FROM numbers WHERE number IN ({})", asked)]
        assert sorted(found) == list(range(count))
        assert list(connection.rows_in("SELECT word FROM words WHERE word IN ({})", iter(("a", "b\0")))) == []
        assert list(connection.rows_in("SELECT word FROM words WHERE word IN ({})", [])) == []


def test_a_long_result_is_read_while_other_statements_run(store: Store) -> None:
    add(store, *range(5_000))
    with store.reading() as connection:
        found = connection.stream("SELECT number FROM numbers WHERE number >= ? ORDER BY number", (10,))
        others = connection.stream("SELECT number FROM numbers ORDER BY number DESC")
        assert (next(found), next(others)) == ((10,), (4_999,))
        assert connection.row("SELECT COUNT(*) FROM numbers") == (5_000,)
        assert [row[0] for row in found] == list(range(11, 5_000))
        assert sum(1 for _ in others) == 4_999


def test_a_changed_row_tells_how_many_there_were(store: Store) -> None:
    add(store, 1, 2, 3)
    with store.writing() as connection:
        assert connection.execute("UPDATE numbers SET word = 'x' WHERE number > ?", (1,)) == 2
        assert connection.execute("DELETE FROM numbers WHERE number > ?", (7,)) == 0


def test_the_clock_goes_forward(store: Store) -> None:
    with store.reading() as connection:
        first = connection.now()
        assert first > 1_700_000_000
        assert connection.now() >= first


def test_a_sound_store_has_nothing_to_complain_of(store: Store) -> None:
    add(store, 1)
    assert store.check() == []


def test_a_backup_is_a_whole_copy_of_one_state_that_every_store_takes_back(
    stores: Stores, store: Store, tmp_path: Path
) -> None:
    add(store, 1, 2)
    with store.writing() as connection:
        connection.execute("INSERT INTO notes (number, note) VALUES (?, ?)", (2, "kept"))
    store.backup(tmp_path / "copy.sqlite", SCHEMA)
    with store.writing() as connection:
        connection.execute("DELETE FROM numbers WHERE number = 2")
    add(store, 3)
    other = stores.open(tmp_path / "other.sqlite")
    migrate(other, SCHEMA)
    for one in (store, other):
        one.restore(tmp_path / "copy.sqlite", SCHEMA)
        assert numbers(one) == [1, 2]
        with one.writing() as connection:
            assert connection.row("SELECT number, note FROM notes") == (2, "kept")
            connection.execute("INSERT INTO numbers (word) VALUES (?)", ("numbered by the database",))
        assert numbers(one) == [1, 2, 3]
    other.close()
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def test_a_backup_never_overwrites(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite").write_text("precious")
    with pytest.raises(LibraryError, match=r"copy\.sqlite: is there already"):
        store.backup(tmp_path / "copy.sqlite", SCHEMA)
    assert (tmp_path / "copy.sqlite").read_text() == "precious"


def test_what_is_no_backup_changes_nothing(store: Store, tmp_path: Path) -> None:
    add(store, 1)
    (tmp_path / "diary.sqlite").write_bytes(b"Dear diary, this is no database.\n" * 200)
    for name in ("diary.sqlite", "none.sqlite"):
        with pytest.raises(LibraryError, match=name):
            store.restore(tmp_path / name, SCHEMA)
    assert numbers(store) == [1]


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(ValueError, match="closed"):
        numbers(store)
