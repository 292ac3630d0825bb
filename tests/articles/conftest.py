from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.articles.library import Library
from tests.articles.preparing import Words
from tests.stores import Stores


@pytest.fixture
def library(tmp_path: Path, stores: Stores) -> Iterator[Library]:
    """An empty library, in a new folder or in a new schema of a database."""
    with Library(stores.open(tmp_path / "library" / "library.sqlite"), Words()) as library:
        yield library
