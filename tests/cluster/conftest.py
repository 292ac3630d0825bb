from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("opensearchpy", reason="the extra verbatim-bot[cluster] is not installed")

from bot.articles.library import Library
from bot.retrieval.cluster import engine
from bot.storage.sqlite import SqliteStore
from tests.articles.preparing import Words
from tests.cluster.fake import FakeCluster, served


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions wait for what is new however busy the machine is."""
    monkeypatch.setattr(engine, "WAIT_SECONDS", 60.0)
    monkeypatch.setattr(engine, "NO_INDEX_SECONDS", 60.0)
    monkeypatch.setattr(engine, "PAUSE_SECONDS", 0.0)


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
