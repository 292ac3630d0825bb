from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("opensearchpy", reason="the extra verbatim-bot[cluster] is not installed")

from bot.articles.library import Library
from bot.storage.sqlite import SqliteStore
from tests.articles.preparing import Words
from tests.cluster.fake import FakeCluster, served


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    with Library(SqliteStore(tmp_path / "library.sqlite"), Words()) as library:
        yield library


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """A cluster of one process."""
    with served(FakeCluster()) as cluster:
        yield cluster
