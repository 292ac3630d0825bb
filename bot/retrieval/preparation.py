"""From an article to its passages with terms: language, sentences and analysis put together."""

from collections.abc import Callable

import msgspec

from bot.articles.article import Article, Kind, Passage, Sentence
from bot.articles.change import Prepared
from bot.retrieval.analysis import Analyzer, Analyzers

Split = Callable[[str, str], tuple[Passage, ...]]
"""A text and its language to passages of sentences with offsets and kinds, without terms."""

Detect = Callable[[str], str]
"""A text to its language's code; "" when it cannot be told."""


class ArticlePreparation:
    """The steps from an article to its passages (bot.articles.library.Preparation)."""

    def __init__(self, *, split: Split, detect: Detect, analyzers: Analyzers, version: str) -> None:
        self._split = split
        self._detect = detect
        self._analyzers = analyzers
        self._version = version

    @property
    def version(self) -> str:
        """Differs whenever any article's passages would."""
        return self._version

    def prepare(self, article: Article) -> Prepared:
        """The article's language, detected where it was not given, and its passages with terms and shapes."""
        language = article.language or self._detect(article.text)
        analyzer = self._analyzers.of(language.partition("-")[0].lower())
        passages: list[Passage] = []
        heading = ""
        for passage in self._split(article.text, language):
            sentences = tuple(_analysed(sentence, article.text, analyzer) for sentence in passage.sentences)
            headings = [sentence for sentence in sentences if sentence.kind is Kind.HEADING]
            if headings:
                heading = " ".join(" ".join(sentence.content_terms()) for sentence in headings)
            passages.append(msgspec.structs.replace(passage, sentences=sentences, heading=heading))
        return Prepared(language, tuple(passages))


def _analysed(sentence: Sentence, text: str, analyzer: Analyzer) -> Sentence:
    """The sentence with its terms and shapes; boilerplate has none."""
    if sentence.kind is Kind.BOILERPLATE:
        return sentence
    tokens = analyzer.tokens(text[sentence.start : sentence.end])
    return Sentence(
        sentence.start,
        sentence.end,
        sentence.kind,
        " ".join([token.term for token in tokens]),
        "".join([token.shape for token in tokens]),
    )
