"""A tiny library in memory for the tests of engines: articles of passages of sentences, given as plain words."""

from collections.abc import Iterable, Iterator

from bot.articles.article import Kind, Sentence, StoredPassage
from bot.retrieval.memory import ArticleChange


class TinySource:
    """Articles as lists of passages, each a list of sentences of words; every change is logged."""

    def __init__(self) -> None:
        self._passages: dict[int, list[StoredPassage]] = {}
        self._sources: dict[int, str] = {}
        self._log: list[ArticleChange] = []
        self._next_passage = 1

    def put(self, article: int, passages: list[list[str]], source: str = "") -> None:
        """Store an article, or store it again."""
        self._sources[article] = source or f"article-{article:03}"
        self._passages[article] = [self._passage(article, i, sentences) for i, sentences in enumerate(passages)]
        self._log.append(ArticleChange(article, removed=False))

    def remove(self, article: int) -> None:
        """Take an article out."""
        if self._passages.pop(article, None) is not None:
            self._log.append(ArticleChange(article, removed=True))

    def changes(self, after: int) -> tuple[int, list[ArticleChange]]:
        """The number of the last change and each article's last change since `after`."""
        latest = {change.article: change for change in self._log[after:]}
        return len(self._log), list(latest.values())

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles, in order."""
        for article in articles:
            yield from self._passages[article]

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles."""
        return {article: self._sources[article] for article in articles}

    def _passage(self, article: int, place: int, sentences: list[str]) -> StoredPassage:
        number = self._next_passage
        self._next_passage += 1
        start = place * 1000
        return StoredPassage(
            number=number,
            article=article,
            start=start,
            end=start + 999,
            sentences=tuple(
                Sentence(start + 10 * i, start + 10 * i + 9, Kind.PROSE, words, "x" * len(words.split()))
                for i, words in enumerate(sentences)
            ),
        )
