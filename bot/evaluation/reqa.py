"""The ReQA protocol: from a question to the rank of the sentence that holds its answer.

Ahmad et al. 2019, "ReQA: An Evaluation for End-to-End Answer Retrieval Models". Candidates are all distinct pairs of
sentence and paragraph; a hit is a candidate whose text equals that of a gold sentence.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.evaluation.collection import Collection, Piece, Place
from bot.evaluation.questions import AskedArticle
from bot.retrieval.analysis import Analyzer
from bot.retrieval.engine import Hit

Search = Callable[[str], Sequence[Hit]]
"""From a question's text to its hits; their scores fall, and equal scores are ties."""


class QuestionRank(NamedTuple):
    """Where the answer's sentence stood for one question: None when it was not among the hits.

    `rank` starts at 1 and is the mean over ties (1.5 for two best). `article` is the number of the article that the
    question first occurs in.
    """

    question: str
    article: int
    rank: float | None

    @property
    def reciprocal(self) -> float:
        """1 / rank, 0 without one."""
        return 1 / self.rank if self.rank else 0.0

    def is_within(self, k: int) -> bool:
        """Whether the answer's sentence stood among the first k."""
        return self.rank is not None and self.rank <= k


class GoldTexts(NamedTuple):
    """One question string with the gold sentences' texts of each of its occurrences."""

    question: str
    article: int
    texts: tuple[frozenset[str], ...]


def gold_texts(articles: Iterable[AskedArticle]) -> list[GoldTexts]:
    """Every distinct question string of the articles, in order of first occurrence."""
    found: dict[str, GoldTexts] = {}
    for number, article in enumerate(articles, 1):
        for paragraph in article.paragraphs:
            for asked in paragraph.questions:
                spans = (paragraph.sentences[place] for place in paragraph.gold_sentences(asked))
                texts = frozenset(paragraph.context[start:end] for start, end in spans)
                first = found.get(asked.question, GoldTexts(asked.question, number, ()))
                found[asked.question] = first._replace(texts=(*first.texts, texts))
    return list(found.values())


def collect(articles: Iterable[AskedArticle], analyzer: Analyzer) -> Collection:
    """The articles as a library of all their sentences, a passage for each paragraph."""
    return Collection([Piece(article.plain_title, article.paragraphs) for article in articles], analyzer)


def rank_questions(collection: Collection, questions: Iterable[GoldTexts], search: Search) -> Iterator[QuestionRank]:
    """The rank of each question's answer, one by one as they are searched; the best one of its occurrences."""
    for gold in questions:
        pairs = _distinct(collection, search(gold.question))
        ranks = [rank for texts in gold.texts if (rank := mean_rank(pairs, texts)) is not None]
        yield QuestionRank(gold.question, gold.article, min(ranks, default=None))


def document_names(articles: Iterable[AskedArticle]) -> dict[Place, str]:
    """A name for each sentence of `collect(articles)` by its place: article, paragraph, sentence, each from 1."""
    names: dict[Place, str] = {}
    passage = 0
    for article, held in enumerate(articles, 1):
        for number, paragraph in enumerate(held.paragraphs, 1):
            if paragraph.sentences:
                passage += 1
            for position in range(len(paragraph.sentences)):
                names[passage, position] = f"{article}.{number}.{position + 1}"
    return names


class ScoredText(NamedTuple):
    """A candidate's text and score."""

    text: str
    score: float


def mean_rank(candidates: Sequence[ScoredText], texts: frozenset[str]) -> float | None:
    """The mean rank (from 1) of the tie group of the best candidate whose text is one of `texts`, or None."""
    best = max((candidate.score for candidate in candidates if candidate.text in texts), default=None)
    if best is None:
        return None
    above = sum(candidate.score > best for candidate in candidates)
    ties = sum(candidate.score == best for candidate in candidates)
    return above + (ties + 1) / 2


def _distinct(collection: Collection, hits: Iterable[Hit]) -> list[ScoredText]:
    """The hits without those that repeat a sentence in a paragraph of the same text; the best score stays."""
    best: dict[tuple[str, tuple[str, ...]], float] = {}
    for hit in hits:
        size = len(collection.passages[hit.passage].sentences)
        paragraph = tuple(collection.texts[hit.passage, position] for position in range(size))
        pair = (paragraph[hit.position], paragraph)
        best[pair] = max(hit.score, best.get(pair, hit.score))
    return [ScoredText(text, score) for (text, _), score in best.items()]
