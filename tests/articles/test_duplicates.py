import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.article import Article, contents_of
from bot.articles.duplicates import Lead, similarity, sketch_of
from bot.articles.library import Library
from tests.articles.preparing import Words
from tests.stores import Stores


@pytest.fixture
def library(tmp_path: Path, stores: Stores) -> Iterator[Library]:
    with Library(stores.open(tmp_path / "library.sqlite"), Words()) as library:
        yield library


def report(seed: int, *, words: int = 400, edited: float = 0.0) -> str:
    """A text of random words, always the same for a seed, with so large a share of its words edited."""
    chance = random.Random(seed)
    text = [f"w{chance.randrange(3000)}" for _ in range(words)]
    edits = random.Random(f"{seed} {edited}")
    text = [f"e{edits.randrange(3000)}" if edits.random() < edited else word for word in text]
    return "\n".join(" ".join(text[start : start + 12]) + "." for start in range(0, words, 12))


def article(source: str, text: str, published: str | None = None) -> Article:
    return Article(text=text, source=source, published=published)


def groups(library: Library) -> set[frozenset[str]]:
    sources = library.sources(one.number for one in library.articles())
    found: dict[int, set[str]] = {}
    for number, group in library.groups(sources).items():
        found.setdefault(group, set()).add(sources[number])
    return {frozenset(group) for group in found.values()}


def exact(one: str, other: str) -> float:
    """Jaccard similarity of all runs of four words."""
    runs = [{tuple(text.split()[i : i + 4]) for i in range(len(text.split()) - 3)} for text in (one, other)]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


@pytest.mark.parametrize("edited", [0.0, 0.02, 0.05, 0.2, 1.0])
def test_the_estimate_is_near_the_similarity(edited: float) -> None:
    words = Words()
    estimates, truth = [], []
    for seed in range(10):
        pair = report(seed), report(seed, edited=edited)
        sketches = [sketch_of(contents_of(words.prepare(article("x", text)).passages)) for text in pair]
        assert sketches[0] is not None
        assert sketches[1] is not None
        estimates.append(similarity(sketches[0], sketches[1]))
        truth.append(exact(*pair))
    assert sum(estimates) / 10 == pytest.approx(sum(truth) / 10, abs=0.12)


def test_the_same_report_in_several_papers_is_one_group(library: Library) -> None:
    list(library.put_many(article(f"paper {n}", report(1, edited=n / 100)) for n in range(4)))
    list(library.put_many(article(f"other {n}", report(50 + n)) for n in range(20)))
    assert groups(library) == {frozenset(f"paper {n}" for n in range(4))}


def test_an_article_without_a_twin_has_no_group(library: Library) -> None:
    library.put(article("a", report(1)))
    assert library.groups([1]) == {}
    assert library.duplicates(1) == []
    assert library.duplicates(99) == []


def test_texts_of_a_few_words_are_not_compared(library: Library) -> None:
    list(library.put_many([article("a", "No comment."), article("b", "No comment.")]))
    assert groups(library) == set()


def test_the_newest_or_the_longest_leads(library: Library) -> None:
    list(
        library.put_many(
            [
                article("long", report(1) + "\nOne more line.", "2023-01-01"),
                article("new", report(1), "2023-03-01"),
                article("undated", report(1)),
            ]
        )
    )
    assert [one.source for one in library.duplicates(3)] == ["new", "long", "undated"]
    assert [one.source for one in library.duplicates(1, lead=Lead.LONGEST)] == ["long", "new", "undated"]


def test_a_group_falls_apart_when_what_connected_it_leaves(library: Library) -> None:
    lines = report(4, words=600).splitlines()
    left, middle, right = ("\n".join(lines[start : start + 36]) for start in (0, 6, 12))
    list(library.put_many([article("left", left), article("right", right)]))
    assert groups(library) == set()
    library.put(article("middle", middle))
    assert groups(library) == {frozenset({"left", "middle", "right"})}
    library.remove([found.number for found in library.find("middle")])
    assert groups(library) == set()


def test_a_changed_article_leaves_its_group(library: Library) -> None:
    list(library.put_many([article("a", report(1)), article("b", report(1)), article("c", report(2))]))
    library.put(article("b", report(2)))
    assert groups(library) == {frozenset({"b", "c"})}


STEPS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 2), st.sampled_from([0.0, 0.05, 0.1, None])), max_size=10
)


@settings(max_examples=20, deadline=None)
@given(steps=STEPS)
def test_groups_do_not_depend_on_how_the_library_came_to_be(
    stores: Stores, steps: list[tuple[str, int, float | None]]
) -> None:
    with TemporaryDirectory() as folder:
        with Library(stores.open(Path(folder) / "steps.sqlite"), Words()) as library:
            for source, seed, edited in steps:
                if edited is None:
                    library.remove(found.number for found in library.find(source))
                else:
                    library.put(article(source, report(seed, words=120, edited=edited)))
            found, export = groups(library), list(library.export())
        with Library(stores.open(Path(folder) / "fresh.sqlite"), Words()) as fresh:
            list(fresh.put_many(sorted(export, key=lambda one: one.source, reverse=True)))
            assert groups(fresh) == found
