"""From an article's text to its passages and sentences, with their offsets and kinds."""

from collections.abc import Iterable, Iterator, Sequence

from bot.articles.article import Kind, Passage, Sentence
from bot.articles.boilerplate import PHRASES, Boilerplate
from bot.articles.boundaries import sentence_spans
from bot.articles.kinds import Marked, kinds_of
from bot.articles.layout import lines_of, marker_length, paragraphs_of
from bot.articles.punkt import Parameters, list_names
from bot.wordlists import WordLists

SPLITTING_VERSION = 2
"""Raise it when any text is cut otherwise: libraries then bring themselves up to date."""

LONGEST_PASSAGE = 24
"""Sentences; a longer paragraph is cut into passages of equal length."""


LEAST_CALL_WORDS = 3
"""A shorter sentence inside a paragraph is the article's own: "Follow us!" may be what somebody said."""


class Splitter:
    """Cuts texts into sentences; what it gives follows from the text, its language and the word lists alone."""

    def __init__(self, lists: WordLists, *, passage_sentences: int) -> None:
        self._lists = lists
        self._passage_sentences = passage_sentences
        self._boilerplate = Boilerplate(lists)
        self._parameters: dict[str, Parameters] = {}

    @property
    def version(self) -> str:
        """Differs whenever any text would be cut otherwise."""
        lists = self._lists.fingerprint((PHRASES, *list_names()))
        return f"{SPLITTING_VERSION}:{self._passage_sentences}:{lists}"

    def split(self, text: str, language: str = "", title: str = "") -> tuple[Passage, ...]:
        """The passages of `text` in order, each with its sentences: exact slices without white space at their ends.

        Headings and boilerplate are sentences of their kinds. Every character of the text that is not white space or
        a list's bullet is in exactly one sentence. A heading starts a passage.
        """
        paragraphs = list(paragraphs_of(text, lines_of(text), self._boilerplate.stands_alone))
        parameters = self._parameters_of(language)
        marked = kinds_of(text, paragraphs, self._boilerplate, title)
        cut = (self._sentences(text, paragraph, parameters) for paragraph in marked)
        return tuple(passage for group in self._grouped(cut) for passage in _passages(group))

    def _sentences(self, text: str, marked: Marked, parameters: Parameters) -> tuple[Sentence, ...]:
        """The sentences of one paragraph; a heading or boilerplate is one."""
        start, end, kind = marked
        if kind is not Kind.PROSE:
            return (Sentence(start, end, kind),)
        start += marker_length(text, start, end)
        spans = list(sentence_spans(text[start:end], parameters))
        if len(spans) == 1:
            return (Sentence(start + spans[0][0], start + spans[0][1], kind),)
        return tuple(
            Sentence(start + first, start + last, self._kind(text[start + first : start + last]))
            for first, last in spans
        )

    def _kind(self, sentence: str) -> Kind:
        """The kind of a sentence among others: a call to subscribe in the middle of a paragraph is boilerplate."""
        if sentence.count(" ") + 1 >= LEAST_CALL_WORDS and self._boilerplate.stands_alone(sentence):
            return Kind.BOILERPLATE
        return Kind.PROSE

    def _parameters_of(self, language: str) -> Parameters:
        if language not in self._parameters:
            self._parameters[language] = Parameters(language, self._lists)
        return self._parameters[language]

    def _grouped(self, paragraphs: Iterable[tuple[Sentence, ...]]) -> Iterator[list[Sentence]]:
        """The sentences of each passage: short paragraphs in a row joined, never across a heading.

        What is left over with too few sentences goes to the passage before it, or the one after it where it is first.
        """
        for section in _sections(paragraphs):
            groups: list[list[Sentence]] = []
            prose = 0  # sentences of it in the last group
            for sentences in section:
                count = _prose(sentences)
                short = max(prose, count) < self._passage_sentences
                if groups and (short or not prose or not count):
                    groups[-1].extend(sentences)
                    prose += count
                else:
                    groups.append(list(sentences))
                    prose = count
            yield from self._evened(groups)

    def _evened(self, groups: list[list[Sentence]]) -> list[list[Sentence]]:
        """The groups, those with too few sentences joined to the one before, the first to the one after."""
        evened: list[list[Sentence]] = []
        for group in groups:
            if evened and (self._is_short(group) or (len(evened) == 1 and self._is_short(evened[0]))):
                evened[-1].extend(group)
            else:
                evened.append(group)
        return evened

    def _is_short(self, group: Sequence[Sentence]) -> bool:
        return len(group) < self._passage_sentences or _prose(group) < self._passage_sentences


def _prose(sentences: Iterable[Sentence]) -> int:
    return sum(sentence.kind is Kind.PROSE for sentence in sentences)


def _sections(paragraphs: Iterable[tuple[Sentence, ...]]) -> Iterator[list[tuple[Sentence, ...]]]:
    """The paragraphs from one heading to the next; headings in a row start one section."""
    section: list[tuple[Sentence, ...]] = []
    has_prose = False
    for sentences in paragraphs:
        kind = sentences[0].kind
        if kind is Kind.HEADING and has_prose:
            yield section
            section, has_prose = [], False
        section.append(sentences)
        has_prose = has_prose or kind is Kind.PROSE
    if section:
        yield section


def _passages(group: list[Sentence]) -> Iterator[Passage]:
    """The group as a passage, or several of about equal length when it is very long."""
    parts = -(-len(group) // LONGEST_PASSAGE)
    size = -(-len(group) // parts)
    for i in range(0, len(group), size):
        sentences = tuple(group[i : i + size])
        yield Passage(sentences[0].start, sentences[-1].end, sentences)
