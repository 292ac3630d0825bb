"""Engines over a library for the tests of the cluster engine."""

from typing import Any

import msgspec

from bot.articles.article import Article
from bot.articles.library import Library
from bot.retrieval.analysis import Analyzers
from bot.retrieval.cluster.applying import Progress
from bot.retrieval.cluster.engine import ClusterEngine
from bot.retrieval.memory import MemoryEngine
from bot.settings import ClusterSettings, load_settings
from bot.wordlists import WordLists

SETTINGS = load_settings(environment={}).values
ANALYZERS = Analyzers(WordLists())


def cluster_settings(*urls: str, **changed: Any) -> ClusterSettings:
    """The shipped settings for a cluster at these addresses."""
    return msgspec.structs.replace(SETTINGS.cluster, urls=urls, **{"timeout_seconds": 1, **changed})


def cluster_engine(library: Library, *urls: str, progress: Progress | None = None, **changed: Any) -> ClusterEngine:
    """An engine over a library; nothing is asked yet."""
    settings = cluster_settings(*urls, **changed)
    return ClusterEngine(library, SETTINGS.search, settings, ANALYZERS, progress=progress)


def memory_engine(library: Library) -> MemoryEngine:
    """The engine to compare with, ready to search."""
    engine = MemoryEngine(library, SETTINGS.search)
    engine.refresh()
    return engine


def article(source: str, text: str, title: str = "") -> Article:
    """An article whose lines are passages, and full stops end its sentences."""
    return Article(text=text, source=source, title=title)
