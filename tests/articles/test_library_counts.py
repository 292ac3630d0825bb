"""Whatever is put, replaced, renamed and removed, in whatever order: the counts are those of a library made afresh."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.articles.article import Article, Kind
from bot.articles.change import Incoming
from bot.articles.library import Library
from bot.articles.statistics import Statistics, TermCount
from tests.articles.preparing import STOP_WORDS, Words
from tests.stores import Stores, open_store

SOURCES = st.sampled_from(["a", "b", "c", "d"])
WORDS = ["wolf", "fox", "bear", "the", "is", "ёж", "1600", "a", "élan"]
TEXTS = st.lists(
    st.lists(st.sampled_from([*WORDS, ".", "\n", "\n#", "\n!"]), max_size=12).map(" ".join), max_size=4
).map("\n".join)
ARTICLES = st.builds(
    Article,
    text=TEXTS,
    source=SOURCES,
    title=st.sampled_from(["", "Wolf"]),
    language=st.sampled_from(["", "en", "uk"]),
    tags=st.sampled_from([(), ("t",), ("t", "u")]),
)
STEPS = st.lists(
    st.one_of(
        st.lists(ARTICLES, min_size=1, max_size=3),
        st.tuples(st.just("remove"), SOURCES),
        st.tuples(st.just("rename"), SOURCES, ARTICLES),
        st.tuples(st.just("version"), st.sampled_from(["words-1", "words-2"])),
    ),
    max_size=12,
)


def apply(library: Library, step: object) -> Library:
    match step:
        case list():
            list(library.put_many(step))
        case ("remove", str() as source):
            library.remove(found.number for found in library.find(source))
        case ("rename", str() as source, Article() as article):
            numbers = [found.number for found in library.find(source)]
            library.store([Incoming(article, None, number) for number in numbers])
        case ("version", str() as version):
            library.close()
            words = Words(version, lower=version == "words-1")
            return Library(open_store(library.place), words, repeated_lines=library._repeated_lines)
    return library


def everything(library: Library) -> tuple[Statistics, list[tuple[object, ...]], dict[str, int], list[Article]]:
    with library._store.reading() as connection:
        terms = list(connection.rows("SELECT term, sentences, passages FROM terms ORDER BY term"))
    export = sorted(library.export(), key=lambda article: article.source)
    return library.statistics(), terms, library.languages(), export


def kinds(library: Library) -> dict[str, list[Kind]]:
    return {
        article.source: [one.kind for passage in library.passages_of([article.number]) for one in passage.sentences]
        for article in library.articles()
    }


def naive(library: Library) -> tuple[Statistics, dict[str, TermCount]]:
    """The counts by their definition, from the passages."""
    articles = list(library.articles())
    counts: dict[str, TermCount] = {}
    passages = sentences = terms = 0
    for passage in library.passages_of(article.number for article in articles):
        prose = [
            [word for word in sentence.terms.split() if word not in STOP_WORDS]
            for sentence in passage.sentences
            if sentence.kind is Kind.PROSE
        ]
        passages += bool(prose)
        sentences += len(prose)
        terms += sum(map(len, prose))
        for term in {word for words in prose for word in words}:
            old = counts.get(term, TermCount(0, 0))
            counts[term] = TermCount(old.sentences + sum(term in words for words in prose), old.passages + 1)
    return Statistics(len(articles), passages, sentences, terms), counts


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, small=st.booleans(), repeated=st.sampled_from([2, 3, 30]))
def test_step_by_step_equals_afresh_to_the_last_digit(
    stores: Stores, steps: list[object], small: bool, repeated: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr("bot.articles.library.BATCH_CHARACTERS", 1)
        library = Library(stores.open(Path(folder) / "steps.sqlite"), Words(), repeated_lines=repeated)
        for step in steps:
            library = apply(library, step)
        words = library._preparation
        assert isinstance(words, Words)
        store = stores.open(Path(folder) / "fresh.sqlite")
        with library, Library(store, words, repeated_lines=repeated) as fresh:
            list(fresh.put_many(sorted(library.export(), key=lambda article: article.source, reverse=True)))
            assert everything(library) == everything(fresh)
            assert kinds(library) == kinds(fresh)
            statistics, counts = naive(library)
            assert library.statistics() == statistics
            assert library.counts(sorted(counts)) == [counts[term] for term in sorted(counts)]
            assert len(everything(library)[1]) == len(counts)
            seen = {change.article: change.removed for change in library.changes(0)[1]}
            assert {number for number, removed in seen.items() if not removed} == set(library.sources(range(1, 200)))
