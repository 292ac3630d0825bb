"""Libraries of several shapes, cut from one question file: what the ranking is fitted on must not have one shape."""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.evaluation.collection import Collection, Piece
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion
from bot.retrieval.analysis import Analyzer, Shape

GROUPS = 9  # of the training articles: each makes a library of about 10,000 sentences
NEWS_SENTENCES = 3  # of a passage where every sentence is its own paragraph


class Cut(NamedTuple):
    """How articles are cut: paragraphs in each piece (0: all), whether titles stay, sentences of a passage (0: as is),
    and how many questions are asked of each library."""

    name: str
    paragraphs: int
    titled: bool
    passage_sentences: int
    questions: int


RANKING_CUTS = (
    Cut("long", 0, True, 0, 500),
    Cut("three paragraphs", 3, True, 0, 200),
    Cut("three paragraphs without titles", 3, False, 0, 300),
    Cut("ten paragraphs", 10, True, 0, 200),
    Cut("news", 4, True, NEWS_SENTENCES, 300),
)
"""What the ranking is fitted on: everything is in the library."""

ABSTAINING_CUTS = (
    Cut("long", 0, True, 0, 600),
    Cut("pieces", 3, False, 0, 500),
    Cut("news", 4, True, NEWS_SENTENCES, 300),
)
"""What the confidence is fitted on: every second piece is left out and asked about all the same."""

MIDDLING_CUTS = (Cut("few", 0, True, 0, 90), Cut("few in parts", 5, True, NEWS_SENTENCES, 90))
MIDDLING_PARTS = 6  # of a group: each has about eight articles
"""The same in libraries between the large and the tiny ones."""

TINY_PARAGRAPHS, TINY_ABSENT, TINY_QUESTIONS = 6, 10, 8
WINDOWS = (3, 4, 6, 8)  # paragraphs of an article in a tiny library, drawn
WINDOW_EDGE = 2  # paragraphs on either side of them that are asked about
WINDOW_PASSAGES = (0, 1, NEWS_SENTENCES)  # sentences of a passage, drawn
WINDOW_QUESTIONS, TWIN_QUESTIONS = 16, 8
STRETCHES, STRETCH_PARAGRAPHS = (1, 2, 3, 4), (3, 5, 8, 12)  # articles of a small library, their paragraphs, drawn
STRETCH_QUESTIONS = 24
TITLED = 0.7  # of the small libraries, those whose articles have titles
CROSSED, MOST_DONORS = 1 / 3, 300  # crossed questions for each of a small library's own, questions looked at for them
MOST_CONTENT = 3  # words of a crossed question beside its name
NAME_SHAPES = (Shape.CAPITALISED, Shape.ACRONYM)
GAPS = 1 / 4
"""Of the sentences of a small library, left out one by one: about so much of what a chat asks is not there, though
what it is about is."""


def split_articles(articles: Iterable[AskedArticle], *, seed: int) -> list[list[AskedArticle]]:
    """The articles in groups, drawn at random."""
    shuffled = list(articles)
    random.Random(seed).shuffle(shuffled)  # noqa: S311  # a draw, no secret
    return [shuffled[start::GROUPS] for start in range(GROUPS)]


def cut_library(articles: Sequence[AskedArticle], cut: Cut, analyzer: Analyzer, *, every: int = 1) -> Collection:
    """One library; with `every` 2 each second piece stays out."""
    pieces: list[Piece] = []
    for number, article in enumerate(articles):
        size = cut.paragraphs or len(article.paragraphs)
        for start in range(0, len(article.paragraphs), size):
            count = len(pieces) if cut.paragraphs else number
            title = article.plain_title if cut.titled else ""
            pieces.append(Piece(title, article.paragraphs[start : start + size], count % every == 0, article.title))
    return Collection(pieces, analyzer, passage_sentences=cut.passage_sentences)


def tiny_libraries(articles: Sequence[AskedArticle], analyzer: Analyzer) -> Iterator[Collection]:
    """Libraries of two short articles, asked as well about what stands further down in the same articles."""
    for first, second in zip(articles[::2], articles[1::2], strict=False):
        yield Collection([*_part(first), *_part(second)], analyzer, passage_sentences=NEWS_SENTENCES)


def window_libraries(articles: Sequence[AskedArticle], analyzer: Analyzer) -> Iterator[Collection]:
    """Libraries of a stretch of each of two articles, drawn, asked as well about what stands right before and behind
    it: nearly all of the topic is there."""
    for number, pair in enumerate(zip(articles[::2], articles[1::2], strict=False)):
        draw = random.Random(number)  # noqa: S311  # a draw, no secret
        pieces = [piece for article in pair for piece in _window(article, draw)]
        yield Collection(pieces, analyzer, passage_sentences=draw.choice(WINDOW_PASSAGES))


def twin_libraries(articles: Sequence[AskedArticle], analyzer: Analyzer) -> Iterator[Collection]:
    """Libraries of one short article twice, as two papers print it, asked as well about what stands further down."""
    for article in articles[::2]:
        copy = [
            AskedParagraph(paragraph.context, (), paragraph.sentences)
            for paragraph in reversed(article.paragraphs[:TINY_PARAGRAPHS])
        ]
        yield Collection([*_part(article), Piece("", copy)], analyzer, passage_sentences=NEWS_SENTENCES)


def stretch_libraries(articles: Sequence[AskedArticle], analyzer: Analyzer, *, gaps: float) -> Iterator[Collection]:
    """Small libraries: a stretch of each of a few articles, drawn.

    With `gaps` above 0 they lack a share of their sentences, and are asked about those all the same: the passage is
    there, and other things about the same people and places. They are asked as well what is asked of others.
    """
    draw = random.Random(f"stretches {gaps}")  # noqa: S311  # a draw, no secret
    start = 0
    while start < len(articles):
        count, paragraphs = draw.choice(STRETCHES), draw.choice(STRETCH_PARAGRAPHS)
        is_titled, size = draw.random() < TITLED, draw.choice(WINDOW_PASSAGES)
        pieces = []
        for article in articles[start : start + count]:
            first = draw.randrange(max(1, len(article.paragraphs) - paragraphs + 1))
            held = [_gapped(each, draw, gaps) for each in article.paragraphs[first : first + paragraphs]]
            pieces.append(Piece(article.plain_title if is_titled else "", held, origin=article.title))
        if gaps:
            donors = [*articles[:start], *articles[start + count :]]
            pieces.append(Piece("", crossed_paragraphs(pieces, donors, analyzer, draw), held=False))
        yield Collection(pieces, analyzer, passage_sentences=size)
        start += count


def crossed_paragraphs(
    pieces: Sequence[Piece], donors: Sequence[AskedArticle], analyzer: Analyzer, draw: random.Random
) -> list[AskedParagraph]:
    """Questions without answers: each of one of the donors' articles, with a name that the pieces are asked about in
    the place of its own ("How old is Castell?"). Nearly everything is there except what is asked.

    Questions of the pieces themselves with names crossed among them told nothing more, and some have an answer.
    """
    asked = [asked.question for piece in pieces for paragraph in piece.paragraphs for asked in paragraph.questions]
    names = [question[start:end] for question in asked for start, end in name_spans(question, analyzer)]
    others = [asked.question for article in donors for asked in article.questions()]
    crossed: list[AskedQuestion] = []
    for question in draw.sample(others, min(len(others), MOST_DONORS)) if names else ():
        spans = name_spans(question, analyzer)
        if len(spans) == 1 and len(crossed) < CROSSED * len(asked) and _content(question, analyzer) <= MOST_CONTENT:
            start, end = spans[0]
            crossed.append(AskedQuestion(question[:start] + draw.choice(names) + question[end:], ()))
    return [AskedParagraph("", tuple(crossed))]


def _content(question: str, analyzer: Analyzer) -> int:
    """How many content words a question has that are no names."""
    return sum(token.shape not in (Shape.STOP, *NAME_SHAPES) for token in analyzer.tokens(question))


def name_spans(question: str, analyzer: Analyzer) -> list[tuple[int, int]]:
    """Where the names of a question stand: its runs of capitalised words, the first word left out."""
    spans: list[tuple[int, int]] = []
    for token in analyzer.tokens(question)[1:]:
        if token.shape in NAME_SHAPES:
            is_next = bool(spans) and question[spans[-1][1] : token.start] == " "
            spans[-1:] = [(spans[-1][0], token.end)] if is_next else [*spans[-1:], (token.start, token.end)]
    return spans


def _gapped(paragraph: AskedParagraph, draw: random.Random, gaps: float) -> AskedParagraph:
    """A paragraph without a share of its sentences; at least one is left."""
    kept = [sentence for sentence in paragraph.sentences if draw.random() >= gaps] or paragraph.sentences[:1]
    return AskedParagraph(paragraph.context, paragraph.questions, tuple(kept))


def _window(article: AskedArticle, draw: random.Random) -> list[Piece]:
    """A stretch of paragraphs, and those beside it that stay out."""
    count = draw.choice(WINDOWS)
    start = draw.randrange(max(1, len(article.paragraphs) - count - 2 * WINDOW_EDGE))
    held = article.paragraphs[start : start + count]
    before = article.paragraphs[max(0, start - WINDOW_EDGE) : start]
    behind = article.paragraphs[start + count : start + count + WINDOW_EDGE]
    absent = [*before, *behind]
    return [Piece(article.plain_title, held), Piece(article.plain_title, absent, held=False)]


def _part(article: AskedArticle) -> list[Piece]:
    """The first paragraphs, and those behind them that stay out."""
    held, absent = article.paragraphs[:TINY_PARAGRAPHS], article.paragraphs[TINY_PARAGRAPHS:TINY_ABSENT]
    return [Piece(article.plain_title, held), Piece(article.plain_title, absent, held=False)]
