"""Fitting the span model: its scores against a sum by hand, its slope against differences, and the file it makes."""

import numpy as np
import pytest

from bot.answering.marking.spanmodel import SpanModel, SpanScorer
from bot.answering.marking.units import AnswerWords, units
from bot.answering.question import QuestionReader
from bot.evaluation.fitting.marking import (
    Encoded,
    Encoder,
    Example,
    _gradient,
    count,
    examples_of,
    fitted,
    loss,
    probabilities,
    renumbered,
    span_scores,
    weightiest,
)
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion, GoldAnswer
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ENGLISH = Analyzers(LISTS).of("en")
READER = QuestionReader(LISTS, longest=1000)
WORDS = AnswerWords(LISTS, "en")
EXAMPLES = [
    Example("Who built the bridge?", "The bridge was built by Clara Whitfield in 1871.", ((24, 39),)),
    Example("When was the bridge built?", "The bridge was built by Clara Whitfield in 1871.", ((43, 47),)),
    Example("Where did Jean live?", "Jean lived in Lyon, far from home.", ((14, 18),)),
]


def encoded() -> tuple[Encoder, list[Encoded]]:
    encoder = Encoder(READER, ENGLISH, WORDS)
    found = [encoder.encode(example, grow=True) for example in EXAMPLES]
    return encoder, [one for one in found if one is not None]


def test_gold_spans_are_units() -> None:
    _, examples = encoded()
    assert [one.gold for one in examples] == [((5, 1),), ((8, 0),), ((3, 0),)]
    assert [one.units for one in examples] == [9, 9, 7]


def test_an_answer_over_the_longest_span_or_a_question_over_the_longest_is_no_example() -> None:
    encoder = Encoder(READER, ENGLISH, WORDS)
    sentence = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert encoder.encode(Example("What?", sentence, ((0, len(sentence)),)), grow=True) is None
    assert encoder.encode(Example("What? " * 500, "It fell.", ((0, 2),)), grow=True) is None


def test_fitting_lowers_the_loss_and_the_model_finds_the_answers() -> None:
    encoder, examples = encoded()
    weights = fitted(examples, encoder.vocabulary.size, epochs=60)
    assert loss(weights, examples) < 0.2 < loss(np.zeros_like(weights), examples)
    assert weights[0] == 0


def test_the_slope_is_that_of_the_loss() -> None:
    encoder, examples = encoded()
    generator = np.random.default_rng(3)
    weights = generator.normal(size=encoder.vocabulary.size + 1) * 0.1
    weights[0] = 0.0
    slope = _gradient(weights, examples)
    for number in generator.choice(np.flatnonzero(slope), 12):
        step = np.zeros_like(weights)
        step[number] = 1e-5
        difference = (loss(weights + step, examples) - loss(weights - step, examples)) / 2e-5
        assert slope[number] == pytest.approx(difference, abs=1e-6)


def test_the_file_scores_as_the_weights_it_was_made_from() -> None:
    encoder, examples = encoded()
    weights = np.round(fitted(examples, encoder.vocabulary.size, epochs=20), 2)
    model = SpanModel("\n".join(encoder.vocabulary.lines(weights)), "xx.tsv")
    for example, one in zip(EXAMPLES, examples, strict=True):
        query = READER.read(example.question, language="en", analyzer=ENGLISH)
        sentence = units(example.sentence, ENGLISH.tokens(example.sentence), WORDS)
        spans = SpanScorer(query, model).spans([sentence])[0]
        scores = span_scores(weights, [one])
        expected = probabilities(scores)[0]
        assert spans.total == pytest.approx(np.log(np.exp(scores).sum()))
        assert spans.possible == (scores > -1e8).sum()
        assert [
            expected[first, last - first] for first, last in zip(spans.first, spans.last, strict=True)
        ] == pytest.approx(spans.probability.tolist())


def test_pruning_keeps_the_weightiest_and_renumbers_what_is_left() -> None:
    encoder, examples = encoded()
    weights = fitted(examples, encoder.vocabulary.size, epochs=5)
    keep = weightiest(weights, count(examples, encoder.vocabulary.size), keep=50)
    assert keep.sum() == 50
    assert not keep[0]
    left = renumbered(examples, keep)
    assert encoder.vocabulary.kept(keep).size == 50
    assert max(part.max() for one in left for part in (*one.roles, one.spans)) == 50
    kept = np.concatenate([[0.0], weights[keep]])
    dropped = np.where(keep, weights, 0.0)
    assert loss(kept, left) == pytest.approx(loss(dropped, examples))


def test_examples_are_the_sentences_that_hold_an_answer() -> None:
    context = "Lyon fell. Jean fled to Nice."
    asked = AskedQuestion("Where did Jean flee?", (GoldAnswer(24, "Nice"), GoldAnswer(21, "to Nice")))
    article = AskedArticle(paragraphs=(AskedParagraph(context, (asked,), ((0, 10), (11, 29))),))
    assert list(examples_of([article])) == [
        Example("Where did Jean flee?", "Jean fled to Nice.", ((10, 17), (13, 17))),
    ]
