import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.articles import record
from bot.articles.article import Article, StoredArticle, StoredPassage
from bot.articles.change import ArticleChange, Incoming, Outcome, Prepared
from bot.articles.filters import Filters
from bot.articles.library import Library, existing_library, open_library
from bot.articles.statistics import Statistics, TermCount
from bot.errors import LibraryDamagedError, LibraryError, ReadingError, SettingsError
from tests.articles.preparing import Words
from tests.postgresql import Server
from tests.stores import Stores, open_store

TEXT = "# The wolf\nThe wolf is grey. The wolf howls.\n!Read more: wolf\nA fox is red.\n"


def article(source: str = "a", text: str = TEXT, **fields: object) -> Article:
    return Article(text=text, source=source, **fields)  # type: ignore[arg-type]


def only(library: Library) -> StoredArticle:
    (stored,) = library.articles()
    return stored


def reopened(library: Library, preparation: Words, seen: list[tuple[int, int]] | None = None) -> Library:
    library.close()
    return Library(
        open_store(library.place), preparation, progress=None if seen is None else lambda *at: seen.append(at)
    )


def test_an_empty_library_answers_everything_with_nothing(library: Library) -> None:
    assert list(library.articles()) == []
    assert library.statistics() == Statistics(0, 0, 0, 0)
    assert library.counts(["wolf"]) == [TermCount(0, 0)]
    assert library.languages() == {}
    assert library.changes(0) == (0, [])
    assert library.find("*") == []
    assert library.article(1) is None
    assert library.text(1) == ""
    assert library.slice(1, 0, 5) == ""
    assert library.passages([1]) == {}
    assert list(library.export()) == []
    assert library.remove([1]) == 0


def test_what_is_stored_comes_back(library: Library) -> None:
    given = article(title="Wolves", published="2023-03-08", language="en-GB", tags=("b", "a"), url="https://x.example")
    assert library.put(given) is Outcome.ADDED
    stored = only(library)
    assert (stored.title, stored.source, stored.published) == ("Wolves", "a", "2023-03-08")
    assert (stored.language, stored.tags, stored.url, stored.sentences) == ("en-GB", ("b", "a"), "https://x.example", 3)
    assert library.text(stored.number) == TEXT
    assert list(library.export()) == [given]


def test_counts_are_of_prose_without_stop_words(library: Library) -> None:
    library.put(article())
    assert library.statistics() == Statistics(articles=1, passages=2, sentences=3, terms=6)
    assert library.counts(["wolf", "fox", "the", "read", "wolf"]) == [
        TermCount(2, 1), TermCount(1, 1), TermCount(0, 0), TermCount(0, 0), TermCount(2, 1),
    ]  # fmt: skip
    assert library.languages() == {"en": 3}


def test_the_same_article_again_changes_nothing(library: Library) -> None:
    library.put(article())
    last, _ = library.changes(0)
    assert library.put(article()) is Outcome.UNCHANGED
    assert library.changes(last) == (last, [])


def test_a_changed_article_takes_the_old_one_s_place(library: Library) -> None:
    library.put(article())
    before = only(library)
    last, _ = library.changes(0)
    assert library.put(article(text="The bear sleeps.")) is Outcome.CHANGED
    after = only(library)
    assert (after.number, after.id, after.sentences) == (before.number, before.id, 1)
    assert library.text(after.number) == "The bear sleeps."
    assert library.counts(["wolf", "bear"]) == [TermCount(0, 0), TermCount(1, 1)]
    assert library.statistics() == Statistics(1, 1, 1, 2)
    assert library.changes(last)[1] == [ArticleChange(after.number, removed=False)]


def test_new_tags_or_dates_keep_the_passages(stores: Stores, tmp_path: Path) -> None:
    words = Words()
    with Library(stores.open(tmp_path / "library.sqlite"), words) as library:
        library.put(article(tags=("old",), title="The wolf"))
        passages = list(library.passages_of([1]))
        assert library.put(article(tags=("new",), title="The wolf", published="2024-01-01")) is Outcome.CHANGED
        assert only(library).title_terms == "the wolf"
        assert words.prepared == ["a"]
        assert list(library.passages_of([1])) == passages
        assert library.allowed(Filters(tags=("new",))) == {1}
        assert library.allowed(Filters(tags=("old",))) == set()
        assert library.statistics() == Statistics(1, 2, 3, 6)


def test_a_removed_article_leaves_nothing(library: Library) -> None:
    library.put(article(tags=("t",)))
    number = only(library).number
    last, _ = library.changes(0)
    assert library.remove([number, number, 99]) == 1
    assert list(library.articles()) == []
    assert library.statistics() == Statistics(0, 0, 0, 0)
    assert library.counts(["wolf"]) == [TermCount(0, 0)]
    assert library.changes(last)[1] == [ArticleChange(number, removed=True)]
    with library._store.reading() as connection:
        for table in ("articles", "texts", "passages", "terms", "article_tags"):
            assert connection.row(f"SELECT count(*) FROM {table}") == (0,)


def test_numbers_are_never_given_twice(library: Library) -> None:
    library.put(article("a"))
    first = only(library)
    passages = [passage.number for passage in library.passages_of([first.number])]
    library.remove([first.number])
    library.put(article("b"))
    assert only(library).number > first.number
    assert min(p.number for p in library.passages_of([only(library).number])) > max(passages)


def test_passages_are_numbered_in_a_row_and_found_by_number(library: Library) -> None:
    library.put_many([])
    assert list(library.put_many([article("a"), article("b", "One. Two.\nThree.")])) == [Outcome.ADDED] * 2
    passages = list(library.passages_of([2, 1]))
    assert [passage.article for passage in passages] == [2, 2, 1, 1, 1, 1]
    assert [passage.number for passage in passages] == [5, 6, 1, 2, 3, 4]
    assert library.passages([6, 1, 77]) == {6: passages[1], 1: passages[2]}


def test_passages_come_with_those_asked_for_in_their_sight_and_with_their_articles(library: Library) -> None:
    list(library.put_many([article("a"), article("b", "One. Two.\nThree.")]))
    seen: list[set[int]] = []

    def more(passages: Mapping[int, StoredPassage]) -> list[int]:
        seen.append(set(passages))
        return [2, 5, 78]

    passages, articles = library.around([1, 2, 77], more)
    assert seen == [{1, 2}]
    assert passages == library.passages([1, 2, 5])
    assert articles == library.stored([1, 2])
    assert library.around([], lambda _: []) == ({}, {})


def test_every_sentence_is_the_slice_that_its_offsets_say(library: Library) -> None:
    text = "".join(f"Sentence {number} costs {number} €. 🐺 howls.\n" for number in range(1500))
    library.put(article(text=text))
    for passage in library.passages_of([1]):
        for sentence in passage.sentences[:1]:
            assert library.slice(1, sentence.start, sentence.end) == text[sentence.start : sentence.end]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 3), (8190, 8195), (8191, 24577), (0, 10**9), (30_000, 30_001)])
def test_slices_are_python_s(library: Library, start: int, end: int) -> None:
    text = "aé€🐺" * 7_000
    library.put(article(text=text))
    assert library.slice(1, start, end) == text[start:end]


def test_slices_of_several_articles_come_in_the_order_asked_for(library: Library) -> None:
    texts = {1: "One. " * 4000, 2: "Two €. " * 3000}
    list(library.put_many([article("a", texts[1]), article("b", texts[2])]))
    spans = [(2, 8190, 8200), (1, 3, 9), (2, 0, 5), (1, 19990, 20000), (7, 0, 3), (2, 4, 4)]
    assert library.slices(spans) == [texts.get(number, "")[start:end] for number, start, end in spans]
    assert library.slices([]) == []


@pytest.mark.parametrize("text", ["", "\n\n", "a\0b. c.", "﻿x.", "\r\n.\r\n", "e\u0301\u202e."])
def test_a_text_is_kept_character_for_character(library: Library, text: str) -> None:
    library.put(article(text=text))
    assert library.text(1) == text
    assert [one.text for one in library.export()] == [text]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": " "}, "without a source"),
        ({"source": "a\0b"}, r"its source holds a NUL"),
        ({"published": "March 8"}, r"a: its date is 'March 8'; expected an ISO 8601 date"),
        ({"published": "2023-13-08"}, r"expected an ISO 8601 date"),
        ({"title": "\0"}, r"'a': its title holds a NUL"),
        ({"url": "https://x.example/\0"}, r"'a': its address holds a NUL"),
        ({"language": "e\0"}, r"'a': its language holds a NUL"),
        ({"tags": ("a", "\ud83d")}, r"'a': its tags holds? half of a character"),
        ({"text": "x \ud83d y"}, r"'a': its text holds half of a character \(U\+D83D\)"),
    ],
)
def test_an_article_that_cannot_be_kept_is_refused_with_its_batch(
    library: Library, wrong: dict[str, str], message: str
) -> None:
    bad = article(**{"source": "a", **wrong})
    with pytest.raises(ReadingError, match=message):
        list(library.put_many([article("good"), bad]))
    assert list(library.articles()) == []


def test_articles_come_in_the_order_of_their_sources(library: Library) -> None:
    list(library.put_many(article(source) for source in ("b", "é", "a", "B")))
    assert [stored.source for stored in library.articles()] == ["B", "a", "b", "é"]


def test_more_articles_than_one_page_all_come(library: Library) -> None:
    list(library.put_many(article(f"{number:04}", "A word.") for number in range(1203)))
    assert [stored.source for stored in library.articles()] == [f"{number:04}" for number in range(1203)]
    assert len(library.stored(range(1, 1204))) == 1203
    assert len(library.sources(range(1, 1204))) == 1203
    assert library.counts([*map(str, range(2000)), "word"])[-1] == TermCount(1203, 1203)


def test_the_same_source_twice_in_a_batch_ends_as_the_last(library: Library) -> None:
    batch = [article(text="One."), article(text="Two."), article(text="One."), article(text="One.")]
    assert list(library.put_many(batch)) == [Outcome.ADDED, Outcome.CHANGED, Outcome.CHANGED, Outcome.UNCHANGED]
    assert library.text(1) == "One."
    assert library.statistics() == Statistics(1, 1, 1, 1)


def test_ids_are_short_stable_and_longer_where_two_would_be_one(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(article("a"))
    first = only(library).id
    assert first == record.public_id("a", 8)
    monkeypatch.setattr(record, "public_id", lambda source, digits: f"cafecafe{source * 9}"[:digits])
    library.put(article("b"))
    library.put(article("c"))
    ids = [stored.id for stored in library.articles()]
    assert ids == [first, "cafecafe", "cafecafec"]
    assert [stored.source for stored in library.find("cafecafec")] == ["c"]


def test_articles_are_found_by_id_source_and_pattern(library: Library) -> None:
    list(library.put_many([article("news/one.txt"), article("news/two.txt"), article("odd[1].txt")]))
    one = library.find("news/one.txt")
    assert [stored.source for stored in one] == ["news/one.txt"]
    assert library.find(one[0].id) == one
    assert [stored.source for stored in library.find("news/*")] == ["news/one.txt", "news/two.txt"]
    assert [stored.source for stored in library.find("*.txt")] == ["news/one.txt", "news/two.txt", "odd[1].txt"]
    assert [stored.source for stored in library.find("odd[1].txt")] == ["odd[1].txt"]
    assert [stored.source for stored in library.find("news/[ot]?*")] == ["news/one.txt", "news/two.txt"]
    assert library.find("news") == []


def test_files_are_found_by_their_path_from_here_and_by_their_folder(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "news [old]"
    folder.mkdir()
    files = [str(folder / "a.txt"), str(folder / "deep" / "b.txt"), str(tmp_path / "news.txt")]
    list(library.put_many(article(source) for source in files))
    monkeypatch.chdir(folder)
    assert [one.source for one in library.find("a.txt")] == files[:1]
    assert [one.source for one in library.find("../news.txt")] == files[2:]
    assert [one.source for one in library.find(".")] == files[:2]
    assert [one.source for one in library.find(f"{folder}/")] == files[:2]
    monkeypatch.chdir(tmp_path)
    assert [one.source for one in library.find("*.txt")] == sorted(files)


FILTERS = [
    Filters(language="en"), Filters(language="uk"), Filters(since=date(2023, 3, 8)), Filters(until=date(2023, 3, 8)),
    Filters(since=date(2023, 3, 1), until=date(2023, 3, 31), tags=("war",)), Filters(tags=("war", "sport")),
    Filters(tags=("none",)), Filters(source="news/*"), Filters(source="*1"), Filters(source="news/?"),
    Filters(source="news/1"), Filters(source="[!n]*"), Filters(source="news/*", language="uk"),
]  # fmt: skip


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_filters_allow_in_the_tables_what_they_allow_by_themselves(library: Library, filters: Filters) -> None:
    many = [
        article(
            f"{place}/{number}",
            language=language,
            published=published,
            tags=tags,
        )
        for number, (place, language, published, tags) in enumerate(
            (place, language, published, tags)
            for place in ("news", "blog")
            for language in ("en", "uk")
            for published in (None, "2023-03-08", "2023-03-08T23:59:00+02:00", "2024-01-01")
            for tags in ((), ("war",), ("war", "sport"))
        )
    ]
    list(library.put_many(many))
    expected = {stored.number for stored in library.articles() if filters.allow(stored)}
    assert library.allowed(filters) == expected
    assert {stored.number for stored in library.articles(filters)} == expected


def test_no_filter_allows_all(library: Library) -> None:
    assert library.allowed(None) is None
    assert library.allowed(Filters()) is None


def test_a_renamed_article_keeps_number_and_id(library: Library) -> None:
    library.put(article("old"), origin="old")
    before = only(library)
    (outcome,) = library.store([Incoming(article("new"), "new", was=before.number)])
    after = only(library)
    assert outcome is Outcome.CHANGED
    assert (after.number, after.id, after.source) == (before.number, before.id, "new")
    assert library.find("old") == []


def test_changes_tell_each_article_once_and_only_what_is_new(library: Library) -> None:
    list(library.put_many([article("a"), article("b"), article("c")]))
    last, changes = library.changes(0)
    assert [change.article for change in changes] == [1, 2, 3]
    library.put(article("a", "New."))
    library.put(article("a", "Newer."))
    library.remove([2])
    assert library.changes(last)[1] == [ArticleChange(1, removed=False), ArticleChange(2, removed=True)]
    assert {change.article for change in library.changes(0)[1]} == {1, 2, 3}


def test_another_version_of_the_preparation_prepares_all_again(library: Library) -> None:
    list(library.put_many([article("a"), article("b", "The Wolf is white.")]))
    last, _ = library.changes(0)
    seen: list[tuple[int, int]] = []
    words = Words("words-2", lower=False)
    with reopened(library, words, seen) as again:
        assert sorted(words.prepared) == ["a", "b"]
        assert seen[-1] == (2, 2)
        assert again.counts(["wolf", "Wolf"]) == [TermCount(2, 1), TermCount(1, 1)]
        assert [change.article for change in again.changes(last)[1]] == [1, 2]
        assert again.text(1) == TEXT
        same = Words("words-2", lower=False)
        with reopened(again, same):
            assert same.prepared == []


def test_preparing_again_goes_on_where_it_was_interrupted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.articles.library.BATCH_CHARACTERS", 1)
    list(library.put_many([article("a"), article("b"), article("c")]))

    class Dies(Words):
        def prepare(self, article: Article) -> Prepared:
            if article.source == "c":
                raise KeyboardInterrupt
            return super().prepare(article)

    with pytest.raises(KeyboardInterrupt):
        reopened(library, Dies("words-2"))
    words = Words("words-2")
    with reopened(library, words) as again:
        assert words.prepared == ["c"]
        assert again.statistics() == Statistics(3, 6, 9, 18)


def test_what_another_version_stored_meanwhile_is_prepared_again_too(library: Library) -> None:
    library.put(article("a"))
    with Library(open_store(library.place), Words("words-2")):
        library.put(article("b"))
    words = Words("words-2")
    with reopened(library, words):
        assert words.prepared == ["b"]


def test_a_library_of_a_newer_version_is_refused_and_kept(library: Library) -> None:
    library.put(article())
    with library._store.writing() as connection:
        connection.execute("UPDATE schema_version SET version = 1000")
    with pytest.raises(LibraryError, match=r"made by a newer version of Verbatim .*update"):
        reopened(library, Words())


def test_a_damaged_library_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryDamagedError, match=r"library\.sqlite: is no library"):
        open_library(tmp_path, Words())


def test_opening_makes_a_library_only_when_asked(tmp_path: Path) -> None:
    assert existing_library(tmp_path / "none", Words()) is None
    assert not (tmp_path / "none").exists()
    open_library(tmp_path / "none", Words()).close()
    found = existing_library(tmp_path / "none", Words())
    assert found is not None
    found.close()


def test_a_database_without_a_library_is_left_as_it_is(postgresql: Server) -> None:
    place = postgresql.url(options="schema=opened")
    assert existing_library(place, Words()) is None
    assert existing_library(place, Words()) is None
    open_library(place, Words()).close()
    found = existing_library(place, Words())
    assert found is not None
    found.close()


def test_a_library_in_a_database_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bot.storage.postgresql", None)
    with pytest.raises(SettingsError, match=r"needs psycopg.*pip install 'verbatim-bot\[postgresql\]'"):
        open_library("postgresql://host/db", Words())


def test_a_library_moves_either_way_with_all_that_it_was_given(
    library: Library, postgresql: Server, tmp_path: Path
) -> None:
    given = [article("b", "The bear sleeps.", title="Bears", tags=("x",)), article("a", published="2024-02-03")]
    list(library.put_many(given))
    for place in (tmp_path / "moved", postgresql.url(options=f"schema=moved_{os.getpid()}")):
        with open_library(place, Words()) as moved:
            moved.remove([one.number for one in moved.articles()])
            list(moved.put_many(library.export()))
            assert list(moved.export()) == given
            assert moved.statistics() == library.statistics()
            assert [one.id for one in moved.articles()] == [one.id for one in library.articles()]


def test_a_backup_is_a_library(library: Library, tmp_path: Path) -> None:
    library.put(article())
    (tmp_path / "copy").mkdir()
    library.backup(tmp_path / "copy" / "library.sqlite")
    library.put(article("later"))
    copy = existing_library(tmp_path / "copy", Words())
    assert copy is not None
    with copy:
        assert [stored.source for stored in copy.articles()] == ["a"]
        assert copy.check() == []


def test_a_backup_takes_the_library_s_place_while_it_is_read(library: Library, tmp_path: Path) -> None:
    list(library.put_many([article("a"), article("b", "The bear sleeps.")]))
    library.backup(tmp_path / "copy.sqlite")
    library.remove([1])
    library.put(article("b", "The bear is awake."))
    library.put(article("c"))
    last, _ = library.changes(0)
    numbers = {one.source: one.number for one in library.articles()}
    with Library(open_store(library.place), Words()) as reader:
        library.restore(tmp_path / "copy.sqlite")
        assert [one.source for one in reader.articles()] == ["a", "b"]
        assert reader.text(2) == "The bear sleeps."
        assert reader.statistics() == Statistics(2, 3, 4, 8)
        assert {change.article: change.removed for change in reader.changes(last)[1]} == {
            1: False,
            2: False,
            numbers["c"]: True,
        }
        reader.put(article("d"))
        assert reader.find("d")[0].number > numbers["c"]
    assert (tmp_path / "copy.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_backup_that_is_none_leaves_the_library_as_it_was(library: Library, tmp_path: Path, content: bytes) -> None:
    library.put(article("a"))
    (tmp_path / "copy.sqlite").write_bytes(content)
    for source in (tmp_path / "copy.sqlite", tmp_path / "none.sqlite", Path(library.place)):
        with pytest.raises(LibraryError, match=f"{source.name.partition('?')[0]}.*: "):
            library.restore(source)
    assert [one.source for one in library.articles()] == ["a"]
