"""What is PostgreSQL's alone: who is let in, what an outage looks like, and that no message holds the password."""

import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.errors import LibraryAwayError, LibraryError, SettingsError
from bot.settings import Secret
from bot.storage.address import DatabaseAddress, Entry, database_address
from bot.storage.postgresql import PostgresqlStore
from tests.certificates import Authority
from tests.postgresql import GUARDED, PASSWORD, Server, binaries, server

WRONG = "battery staple"
BREAK = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'verbatim'"


@pytest.fixture(scope="module")
def fragile() -> Iterator[Server]:
    """A server that a test may stop."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with server(programs) as running:
        yield running


def opened(
    url: str, *, password: str = "", ca_file: Path | None = None, patience_seconds: float = 0.2
) -> PostgresqlStore:
    address = database_address(url, Entry(Secret(password), str(ca_file or "")))
    return PostgresqlStore(address, patience_seconds=patience_seconds)


def count(store: PostgresqlStore) -> int:
    with store.reading() as connection:
        row = connection.row("SELECT COUNT(*) FROM numbers")
    return int(row[0]) if row else -1


def add(store: PostgresqlStore, number: int) -> None:
    with store.writing() as connection:
        connection.execute("INSERT INTO numbers (number) VALUES (?)", (number,))


def made(running: Server, schema: str) -> PostgresqlStore:
    store = opened(running.url(options=f"schema={schema}"), patience_seconds=60.0)
    with store.writing() as connection:
        connection.execute("CREATE TABLE numbers (number BIGINT PRIMARY KEY)")
    return store


def test_a_user_with_a_password_is_let_in_and_nothing_shows_it(postgresql: Server) -> None:
    postgresql.execute(f"CREATE SCHEMA guarded AUTHORIZATION {GUARDED}")
    address = database_address(postgresql.url(user=GUARDED, options="schema=guarded"), Entry(Secret(PASSWORD)))
    store = PostgresqlStore(address)
    add_table(store)
    assert count(store) == 0
    assert PASSWORD not in f"{address!r} {address} {store!r} {store.place}"
    store.close()


def add_table(store: PostgresqlStore) -> None:
    with store.writing() as connection:
        connection.execute("CREATE TABLE numbers (number BIGINT PRIMARY KEY)")


REFUSALS = [
    ({"user": GUARDED, "password": WRONG}, r"refuses the password of this user.*VERBATIM_DATABASE_PASSWORD"),
    ({"user": GUARDED}, r"asks for a password; put it into VERBATIM_DATABASE_PASSWORD"),
    ({"database": "nowhere"}, r'database "nowhere" does not exist; make it: createdb'),
    ({"user": "stranger"}, r'role "stranger" does not exist; make it: createuser'),
    ({"user": "shut"}, r"pg_hba\.conf"),
    ({"user": "poor"}, r"not the rights that are needed \(permission denied for database postgres\).*GRANT"),
]


@pytest.mark.parametrize(("how", "said"), REFUSALS)
def test_who_is_not_let_in_is_told_why_in_one_line_that_names_the_machine(
    postgresql: Server, how: dict[str, str], said: str
) -> None:
    given = dict(how)
    password = given.pop("password", "")
    with pytest.raises(LibraryError, match=said) as caught:  # noqa: SIM117
        with closing(opened(postgresql.url(**given), password=password)) as store:
            add_table(store)
    message = str(caught.value)
    assert not isinstance(caught.value, LibraryAwayError)
    assert f"127.0.0.1:{postgresql.port}" in message
    assert "\n" not in message
    assert WRONG not in message
    assert WRONG not in repr(caught.value.__cause__)


def test_a_server_with_another_authority_is_not_trusted(postgresql: Server, tmp_path: Path) -> None:
    good = opened(postgresql.url(), ca_file=postgresql.authority.certificate)
    assert isinstance(good.tables(), frozenset)
    good.close()
    other = Authority.make(tmp_path / "other")
    with pytest.raises(LibraryError, match=r"certificate verify failed; name the file of the authority"):
        opened(postgresql.url(), ca_file=other.certificate)
    with pytest.raises(LibraryError, match=r"none\.pem"):
        opened(postgresql.url(), ca_file=tmp_path / "none.pem")


def test_a_database_that_is_not_unicode_is_refused(postgresql: Server) -> None:
    postgresql.execute("CREATE DATABASE old ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(LibraryError, match=r"/old: the database's encoding is LATIN1; make one with ENCODING 'UTF8'"):
        opened(postgresql.url("old"))


def test_a_server_that_may_only_be_read_is_read(postgresql: Server) -> None:
    made(postgresql, "shelved").close()
    postgresql.execute("CREATE ROLE reader LOGIN", "ALTER ROLE reader SET default_transaction_read_only = on")
    postgresql.execute("GRANT USAGE ON SCHEMA shelved TO reader", "GRANT SELECT ON shelved.numbers TO reader")
    store = opened(postgresql.url(user="reader", options="schema=shelved"))
    assert store.is_read_only
    assert count(store) == 0
    with pytest.raises(LibraryError, match=r"may only be read \(a standby\?\); name the one that can be written"):
        add(store, 1)
    store.close()


def test_tables_of_somebody_else_are_told(postgresql: Server) -> None:
    made(postgresql, "private").close()
    store = opened(postgresql.url(user="poor", options="schema=private"))
    with pytest.raises(LibraryError, match=r"does not see the library's tables.*GRANT USAGE ON SCHEMA"):
        count(store)
    store.close()


def test_schemas_of_one_database_hold_different_stores(postgresql: Server) -> None:
    first, second = made(postgresql, "first"), made(postgresql, "second")
    add(first, 1)
    assert (count(first), count(second)) == (1, 0)
    assert second.tables() == {"numbers"}
    first.close()
    second.close()


def test_writers_that_are_not_alone_do_not_wait_for_one_that_is(postgresql: Server) -> None:
    store = made(postgresql, "side_by_side")
    with store.writing() as alone:
        alone.execute("INSERT INTO numbers (number) VALUES (1)")
        with store.writing(alone=False) as beside:
            beside.execute("INSERT INTO numbers (number) VALUES (2)")
        assert count(store) == 1
    assert count(store) == 2
    store.close()


def test_a_nul_is_in_no_text_and_is_refused_where_it_would_be_kept(postgresql: Server) -> None:
    store = opened(postgresql.url(options="schema=nul"))
    with store.writing() as connection:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.execute("INSERT INTO words (word) VALUES (?)", ("ab",))
        assert connection.row("SELECT word FROM words WHERE word = ? OR word = ?", ("a\0b", "b")) is None
        assert list(connection.rows("SELECT word FROM words WHERE word >= ?", ("a\0",))) == []
    for rows in ([("a\0b",)], [("a\0b",)] * 50):
        with pytest.raises(LibraryError, match="NUL character"), store.writing() as connection:
            connection.execute_many("INSERT INTO words (word) VALUES (?)", rows)
    store.close()


def test_a_connection_that_was_lost_is_taken_up_again(postgresql: Server) -> None:
    store = made(postgresql, "lost")
    add(store, 1)
    postgresql.execute(BREAK)
    assert count(store) == 1
    add(store, 2)
    assert count(store) == 2
    store.close()


def test_a_connection_that_breaks_in_a_transaction_keeps_nothing_of_it(postgresql: Server) -> None:
    store = made(postgresql, "broken")
    with pytest.raises(LibraryAwayError, match="try again"):  # noqa: PT012, SIM117
        with store.writing() as connection:
            connection.execute("INSERT INTO numbers (number) VALUES (1)")
            postgresql.execute(BREAK)
            connection.execute("INSERT INTO numbers (number) VALUES (2)")
    assert count(store) == 0
    store.close()


def test_a_process_that_hangs_in_a_transaction_keeps_the_others_from_writing_for_a_while_only(
    postgresql: Server,
) -> None:
    made(postgresql, "hung").close()
    address = database_address(postgresql.url(options="schema=hung"))
    hanging, other = PostgresqlStore(address, idle_seconds=0.2), PostgresqlStore(address)
    with pytest.raises(LibraryAwayError, match="try again"):  # noqa: PT012, SIM117
        with hanging.writing() as connection:
            connection.execute("INSERT INTO numbers (number) VALUES (1)")
            add(other, 2)
            connection.execute("INSERT INTO numbers (number) VALUES (3)")
    assert count(hanging) == 1
    hanging.close()
    other.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_restart_of_the_server_is_waited_for(fragile: Server, how: signal.Signals) -> None:
    store = made(fragile, f"restarted_{how.name.lower()}")
    add(store, 1)
    fragile.stop(how)
    found: list[int] = []
    waiting = threading.Thread(target=lambda: found.append(count(store)))
    waiting.start()
    fragile.start()
    waiting.join()
    assert found == [1]
    add(store, 2)
    assert count(store) == 2
    store.close()


def test_a_server_that_is_away_is_told_in_one_line_and_never_as_an_empty_library(fragile: Server) -> None:
    store = made(fragile, "away")
    impatient = opened(fragile.url(options="schema=away"))
    fragile.stop()
    try:
        for attempt in (lambda: count(impatient), lambda: opened(fragile.url())):
            with pytest.raises(LibraryAwayError, match=r"cannot be reached \(.*\); see that it runs") as caught:
                attempt()
            assert f"127.0.0.1:{fragile.port}" in str(caught.value)
            assert "\n" not in str(caught.value)
    finally:
        fragile.start()
    assert count(impatient) == 0
    store.close()
    impatient.close()


def test_a_server_that_holds_no_connection_free_is_away(postgresql: Server) -> None:
    postgresql.execute("CREATE ROLE narrow LOGIN CONNECTION LIMIT 1")
    held = psycopg.connect(postgresql.url(user="narrow"))
    with pytest.raises(LibraryAwayError, match="too many connections"):
        opened(postgresql.url(user="narrow"))
    held.close()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("postgresql://me:hush@host/db", r"holds a password.*VERBATIM_DATABASE_PASSWORD"),
        ("postgresql://me@host/db?password=hush", r"holds a password"),
        ("postgresql:db", r"postgresql:db: is no address of a database; expected postgresql://USER@HOST/DATABASE"),
        ("postgresql://host/db?schema=No-Name", r"schema is 'No-Name'; expected lower-case letters"),
        ("postgresql://[host/db", r"cannot be read"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_no_password_repeated(place: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        database_address(place)
    assert "hush" not in str(caught.value)


def test_an_option_that_libpq_does_not_know_is_named() -> None:
    with pytest.raises(SettingsError, match=r'invalid URI query parameter: "colour"'):
        opened("postgresql://host/db?colour=red")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("postgresql://me@host:5433/db?sslmode=require", "postgresql://me@host:5433/db"),
        ("postgresql:///db?host=/run/postgresql", "postgresql:///db?host=/run/postgresql"),
        ("postgres://host/db?schema=news", "postgres://host/db?schema=news"),
        ("postgresql://one,two:5433/db", "postgresql://one,two:5433/db"),
    ],
)
def test_a_place_is_the_address_without_its_options(place: str, shown: str) -> None:
    address = database_address(place)
    assert address.place == shown
    assert isinstance(address.beside("bot"), DatabaseAddress)
