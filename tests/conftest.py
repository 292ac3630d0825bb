from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgresql import BINARIES_VARIABLE, Server, binaries, server
from tests.stores import KINDS, Stores, in_database, in_files

settings.register_profile("any machine", deadline=None)  # no test asserts on the time that the machine took
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    programs = binaries()
    if programs is None:
        pytest.skip(
            f"no PostgreSQL here: apt-get install postgresql, or name its programs' folder in {BINARIES_VARIABLE}"
        )
    with server(programs) as running:
        yield running


@pytest.fixture(scope="session", params=KINDS)
def stores(request: pytest.FixtureRequest) -> Stores:
    """What opens stores: of SQLite, then of PostgreSQL."""
    if request.param == "sqlite":
        return in_files()
    running: Server = request.getfixturevalue("postgresql")
    return in_database(running.url())
