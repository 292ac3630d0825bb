"""The cluster engine: what the memory engine finds, it finds, with the same scores in the same order."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.library import Library
from bot.errors import UnavailableError
from bot.retrieval.cluster.engine import ClusterEngine
from bot.storage.sqlite import SqliteStore
from tests.articles.preparing import Words
from tests.cluster.engines import article, cluster_engine, memory_engine
from tests.cluster.fake import FakeCluster, served

WORDS = st.lists(st.sampled_from(["cat", "dog", "rat", "the", "sat"]), min_size=1, max_size=4).map(" ".join)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(". ".join), min_size=1, max_size=3).map("\n".join)
STEPS = st.lists(st.tuples(st.integers(1, 3), st.one_of(st.none(), TEXTS)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def shared() -> Iterator[FakeCluster]:
    """One cluster for many libraries."""
    with served(FakeCluster()) as cluster:
        yield cluster


@settings(deadline=None, max_examples=15)
@given(steps=STEPS, query=st.lists(st.sampled_from(["cat", "dog", "rat", "sat", "unknown"]), max_size=3))
def test_after_any_changes_it_finds_what_the_memory_engine_finds(
    shared: FakeCluster, steps: list[tuple[int, str | None]], query: list[str]
) -> None:
    with TemporaryDirectory() as folder, Library(SqliteStore(Path(folder) / "library.sqlite"), Words()) as library:
        stepwise = cluster_engine(library, shared.url, index=f"of-{len(shared.indices)}-changes")
        for number, text in steps:
            source = f"source-{number}"
            if text is None:
                library.remove([one.number for one in library.articles() if one.source == source])
            else:
                library.put(article(source, text))
            stepwise.refresh()
        memory = memory_engine(library)
        assert stepwise.search(query, limit=50) == memory.search(query, limit=50)
        assert stepwise.statistics() == memory.statistics()
        assert stepwise.together(["cat", "dog"], query) == pytest.approx(memory.together(["cat", "dog"], query))
        stepwise.close()


def test_after_catching_up_scores_follow_from_the_library_as_it_is(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.catch_up()
    searching.search(["cat"], limit=9)
    library.put(article("b", "The cat ran and ran."))
    searching.catch_up()
    assert searching.search(["cat"], limit=9) == memory_engine(library).search(["cat"], limit=9)


def test_only_the_articles_within_are_found(library: Library, fake: FakeCluster) -> None:
    for name in "abc":
        library.put(article(name, "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    numbers = {one.source: one.number for one in library.articles()}
    assert len(searching.search(["cat"], limit=9, within={numbers["b"]})) == 1
    assert searching.search(["cat"], limit=9, within=set()) == []


def test_an_empty_library_needs_no_cluster(library: Library) -> None:
    searching = cluster_engine(library, "http://127.0.0.1:9")
    searching.refresh()
    assert searching.search(["cat"], limit=9) == []
    assert searching.held(["cat"]) == set()


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: engine.search(["cat"], limit=9),
        lambda engine: engine.together(["cat"], ["dog"]),
        lambda engine: engine.standing(),
    ],
)
def test_a_cluster_that_is_away_never_seems_to_hold_nothing(
    library: Library, fake: FakeCluster, ask: Callable[[ClusterEngine], object]
) -> None:
    library.put(article("a", "The cat sat. The dog sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    fake.break_(".", (503, {}))
    with pytest.raises(UnavailableError):
        ask(searching)
    fake.heal()
    ask(searching)


def test_a_question_of_very_many_words_asks_for_the_rarest(library: Library, fake: FakeCluster) -> None:
    rare = [f"word{number}" for number in range(600)]
    library.put(article("a", "The cat sat.\n" + " ".join(rare)))
    for number in range(3):
        library.put(article(f"b{number}", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    assert len(searching.search(["cat", *rare], limit=9)) == 1


def test_its_standing_tells_how_far_the_index_is_behind(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    assert searching.standing()[1:] == ("2.19.4", "green", 1, "", 1)
    searching.refresh()
    library.put(article("b", "The dog sat."))
    library.put(article("c", "The rat sat."))
    assert searching.standing().behind == 2
    searching.refresh()
    assert searching.standing()[4:] == (fake.aliases["verbatim"], 0)


def test_closing_stops_what_is_being_applied(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    searching._go_on_later()
    searching.close()
    assert searching._background is not None
    assert not searching._background.is_alive()
