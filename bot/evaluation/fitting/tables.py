"""Fitting the tables: which words are asked about by which, which terms an answer repeats, what answers hold."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.features.tables import answer_classes, question_signs
from bot.answering.features.terms import INTERCEPT
from bot.answering.standing import REST
from bot.answering.tables import PARTS
from bot.evaluation.fitting.samples import Sample
from bot.evaluation.fitting.weights import Floats, Ints, Lists, fit_listed_signs, fit_logistic_signs

ITERATIONS = 5
LEAST_OCCURRENCES = 3  # of a word, to stand in the table of associations
LEAST_ARTICLES = 2  # in which a pair must occur: words of one article's topic would be learnt by heart
ADDED = 3.0  # occurrences of each word added to its count: rare words associate less
LEAST_ASSOCIATION = 0.02
LEAST_TERM_SIGNS = 12
LEAST_ANSWER_SIGNS = 4
ANSWER_CLASSES = 1500  # the most common words and shapes of gold sentences
LEAST_ANSWER_ODDS = 0.03
LEAST_PASSAGES_SHARE = 4e-4  # of the passages, to have a rarity of its own
ANSWER_RIDGE, TERM_RIDGE = 1e-3, 2e-6


class Asked(NamedTuple):
    """A question beside its answer: the article, the question's terms and their signs, the sentence's words."""

    article: str
    terms: tuple[str, ...]
    signs: list[list[str]]
    answer: frozenset[str]


TableLines = Mapping[str, str]
"""Of a table file: by key the text behind the tab."""


def association_lines(asked: Sequence[Asked]) -> TableLines:
    """t(term of the question | word of the answer's sentence), by term: IBM's model 1 (Brown et al. 1993).

    Between the question's terms that the sentence lacks and the sentence's words that the question lacks, with an
    empty word for what no word explains; pairs that occur in one article alone are left out.
    """
    pairs = _pairs(asked)
    table = _translation(pairs)
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for pair, likely in enumerate(table.tolist()):
        term, word = divmod(int(pairs.distinct[pair]), len(pairs.words))
        if word and likely >= LEAST_ASSOCIATION:
            found[pairs.words[term]].append((likely, pairs.words[word]))
    return {
        term: " ".join(
            f"{word} {round(likely * PARTS)}" for likely, word in sorted(entries, key=lambda e: (-e[0], e[1]))
        )
        for term, entries in sorted(found.items())
    }


def term_lines(asked: Sequence[Asked]) -> TableLines:
    """For each sign of a term its weight in the logit of "the answer's sentence repeats the term"."""
    signs = [each for question in asked for each in question.signs]
    truth = np.array([term in question.answer for question in asked for term in question.terms], dtype=np.float64)
    weights = fit_logistic_signs(signs, truth, least=LEAST_TERM_SIGNS, ridge=TERM_RIDGE, intercept=INTERCEPT)
    return {sign: str(round(weight * PARTS)) for sign, weight in sorted(weights.items()) if round(weight * PARTS)}


def answer_lines(samples: Sequence[Sample], lists: Lists, base: Floats) -> TableLines:
    """For each sign of a question the weights of what its answers hold, on top of a ranking's `base` scores.

    One weight for each pair of a sign and a class (a word or a shape that the question lacks), by the same listwise
    softmax as the ranking's; pairs that occur in few gold sentences, or in those of one article, are left out.
    """
    held = [
        [answer_classes(sample.query, sample.pool.sentence(sample.pool.hits[place])) for place in kept]
        for sample, kept in zip(samples, lists.kept, strict=True)
    ]
    common = _common(held, samples, lists)
    signs = [question_signs(sample.query) for sample in samples]
    known = _known_pairs(samples, lists, held, signs, common)
    rows = [
        [known[sign, name] for sign in question for name in classes if (sign, name) in known]
        for question, candidates in zip(signs, held, strict=True)
        for classes in candidates
    ]
    weights = fit_listed_signs(rows, len(known), lists, base, ridge=ANSWER_RIDGE)
    found: dict[str, list[str]] = defaultdict(list)
    for (sign, name), number in known.items():
        if abs(weights[number]) >= LEAST_ANSWER_ODDS:
            found[sign].append(f"{name} {round(weights[number] * PARTS)}")
    return {sign: " ".join(sorted(entries)) for sign, entries in sorted(found.items())}


def background_lines(holding: Mapping[str, int], passages: int) -> TableLines:
    """For each common term the log of one over the share of so many passages that hold it, and one line for the rest.

    Terms that few passages hold are left out: what they are about is chance.
    """
    least = LEAST_PASSAGES_SHARE * passages
    common = {term: math.log(passages / count) for term, count in sorted(holding.items()) if count >= least}
    rarities = {REST: math.log(passages / (least / 4)), **common}
    return {term: str(round(rarity * PARTS)) for term, rarity in rarities.items()}


class _Pairs(NamedTuple):
    """Every word beside every term that it may explain, as rows."""

    words: list[str]  # by number; number 0 is the empty word
    distinct: Ints  # of each distinct pair: term x words + word
    pair: Ints  # of each row: the number of its pair
    event: Ints  # of each row: the occurrence of the term that it may explain
    is_kept: Floats  # of each distinct pair: 1 when it occurs in enough articles


def _pairs(asked: Sequence[Asked]) -> _Pairs:
    in_questions = Counter(term for each in asked for term in each.terms)
    in_answers = Counter(word for each in asked for word in each.answer)
    number: dict[str, int] = {"": 0}
    articles: dict[str, int] = {}
    terms, words, events, places = [], [], [], []
    event = 0
    for each in asked:
        new = [term for term in each.terms if in_questions[term] >= LEAST_OCCURRENCES and term not in each.answer]
        known = sorted(word for word in each.answer.difference(each.terms) if in_answers[word] >= LEAST_OCCURRENCES)
        row = np.array([0, *(number.setdefault(word, len(number)) for word in known)])
        for term in new:
            terms.append(np.full(len(row), number.setdefault(term, len(number))))
            words.append(row)
            events.append(np.full(len(row), event))
            places.append(np.full(len(row), articles.setdefault(each.article, len(articles))))
            event += 1
    if not terms:
        nothing = np.zeros(0, dtype=np.int64)
        return _Pairs([""], nothing, nothing, nothing, np.zeros(0))
    key = np.concatenate(terms).astype(np.int64) * len(number) + np.concatenate(words)
    distinct, pair = np.unique(key, return_inverse=True)
    in_articles = np.unique(pair.astype(np.int64) * len(articles) + np.concatenate(places)) // len(articles)
    spread = np.bincount(in_articles, minlength=len(distinct))
    is_kept = ((spread >= LEAST_ARTICLES) | (distinct % len(number) == 0)).astype(np.float64)
    return _Pairs(list(number), distinct, pair, np.concatenate(events), is_kept)


def _translation(pairs: _Pairs) -> Floats:
    """[distinct pairs] t(term | word) after some iterations of expectation and maximisation."""
    word = pairs.distinct % len(pairs.words)
    table = pairs.is_kept.copy()
    for _ in range(ITERATIONS):
        share = table[pairs.pair]
        share /= np.maximum(np.bincount(pairs.event, weights=share), 1e-12)[pairs.event]
        count = np.bincount(pairs.pair, weights=share, minlength=len(pairs.distinct))
        total = np.bincount(word, weights=count, minlength=len(pairs.words))
        table = pairs.is_kept * count / (total[word] + ADDED)
    return table


Held = Sequence[Sequence[frozenset[str]]]
"""For each sample and each of its kept candidates the classes that the sentence holds."""


def _common(held: Held, samples: Sequence[Sample], lists: Lists) -> set[str]:
    counted: Counter[str] = Counter()
    for classes, _ in _gold(held, samples, lists):
        counted.update(classes)
    return {name for name, _ in counted.most_common(ANSWER_CLASSES)}


def _known_pairs(
    samples: Sequence[Sample], lists: Lists, held: Held, signs: Sequence[Sequence[str]], common: set[str]
) -> dict[tuple[str, str], int]:
    """The pairs of sign and class that occur often enough, numbered."""
    counted: Counter[tuple[str, str]] = Counter()
    articles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for classes, number in _gold(held, samples, lists):
        for sign in signs[number]:
            for name in classes & common:
                counted[sign, name] += 1
                articles[sign, name].add(samples[number].article)
    often = (
        pair for pair, count in counted.items() if count >= LEAST_ANSWER_SIGNS and len(articles[pair]) >= LEAST_ARTICLES
    )
    return {pair: number for number, pair in enumerate(sorted(often))}


def _gold(held: Held, samples: Sequence[Sample], lists: Lists) -> Iterable[tuple[frozenset[str], int]]:
    """The classes of each gold candidate with its sample's number."""
    for number, (sample, kept) in enumerate(zip(samples, lists.kept, strict=True)):
        for place, classes in zip(kept, held[number], strict=True):
            if sample.gold[place]:
                yield classes, number
