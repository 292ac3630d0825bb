"""Common words: those that any text of a language may use, no misspelling where a library lacks them."""

from collections.abc import Iterator

from bot.resources import config_folder
from bot.retrieval.analysis import Analyzer
from bot.wordlists import WordLists, entries_of

BACKGROUND = "ranker/{language}/background.txt"
LISTS = ("question-nouns", "answer-words", "evidence", "sought")
"""The folders of lists whose words, before the equals sign, are common ones."""


class CommonWords:
    """Knows the common words of each language: of its word lists, and of its table of the language at large."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._terms: dict[str, frozenset[str]] = {}

    def of(self, analyzer: Analyzer) -> frozenset[str]:
        """The terms of an analyzer's language, made when first asked for; none for a language without lists."""
        found = self._terms.get(analyzer.language)
        if found is None:
            found = self._terms[analyzer.language] = frozenset(self._all(analyzer))
        return found

    def _all(self, analyzer: Analyzer) -> Iterator[str]:
        language = analyzer.language
        for folder in LISTS:
            for line in self._lists.lines(f"{folder}/{language}.txt"):
                yield from analyzer.terms(line.rpartition("=")[0])
        for line in entries_of(config_folder() / BACKGROUND.format(language=language)):
            yield line.partition("\t")[0]
