from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.articles.library import Library
from bot.storage.sqlite import SqliteStore
from tests.articles.preparing import Words


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a new folder."""
    with Library(SqliteStore(tmp_path / "library" / "library.sqlite"), Words()) as library:
        yield library
