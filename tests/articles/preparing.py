"""A preparation for tests of storing alone: paragraphs are passages, full stops end sentences, words are terms."""

import re

from bot.articles.article import STOP_SHAPE, Article, Kind, Passage, Sentence
from bot.articles.change import Prepared

STOP_WORDS = frozenset({"the", "a", "of", "is", "and"})
PARAGRAPH = re.compile(r"[^\n]+")
SENTENCE = re.compile(r"[^.\n]+\.?")
WORD = re.compile(r"\w+")


class Words:
    """Every line is a passage; a line that starts with "#" is a heading, one with "!" boilerplate."""

    def __init__(self, version: str = "words-1", *, lower: bool = True) -> None:
        self.version = version
        self.prepared: list[str] = []
        self._lower = lower

    def prepare(self, article: Article) -> Prepared:
        self.prepared.append(article.source)
        passages = tuple(
            Passage(match.start(), match.end(), tuple(self._sentences(article.text, match)))
            for match in PARAGRAPH.finditer(article.text)
        )
        return Prepared(article.language or "en", passages, " ".join(WORD.findall(article.title.lower())))

    def _sentences(self, text: str, paragraph: re.Match[str]) -> list[Sentence]:
        kind = {"#": Kind.HEADING, "!": Kind.BOILERPLATE}.get(paragraph[0][0], Kind.PROSE)
        return [
            self._sentence(match.start(), match.end(), kind, match[0])
            for match in SENTENCE.finditer(text, paragraph.start(), paragraph.end())
        ]

    def _sentence(self, start: int, end: int, kind: Kind, text: str) -> Sentence:
        words = [] if kind is Kind.BOILERPLATE else WORD.findall(text.lower() if self._lower else text)
        shapes = "".join(STOP_SHAPE if word in STOP_WORDS else "x" for word in words)
        return Sentence(start, end, kind, " ".join(words), shapes)
