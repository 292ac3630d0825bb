"""Table features: what the fitted tables say of the sentence's words; only for languages that have tables."""

import numpy as np

from bot.answering.features.tokens import starts_of
from bot.answering.features.view import STOP, Floats, View
from bot.answering.query import Query
from bot.answering.vocabulary import places_in
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape
from bot.retrieval.keys import keys_of

LEAST, MATCHED, ASSOCIATED = 0.02, 0.7, 0.3
"""What a term of the question adds to the log below: found nowhere, found, made likely by other words."""

NOUNS = 20_000  # of a large vocabulary: a kind of so many would tell nothing
NEAR = 3  # tokens from one of the question's, within which most answers stand
SHAPE_CLASSES = {ord(shape.value): f"<{shape.value}>" for shape in Shape if shape is not Shape.STOP}
_SHAPE_KEYS = keys_of(" ".join([*SHAPE_CLASSES.values(), *[name + "~" for name in SHAPE_CLASSES.values()]]))
_COLUMN_OF = np.full(256, -1, dtype=np.int64)
_COLUMN_OF[list(SHAPE_CLASSES)] = np.arange(len(SHAPE_CLASSES))


def association(view: View) -> Floats:
    """The mean log of how likely each of the question's terms is among the sentence's words or by them."""
    return np.asarray(_logs(view) @ view.terms.even, dtype=np.float64)


def weighted_association(view: View) -> Floats:
    """The same, terms counting by their share of the question's rarity."""
    return np.asarray(_logs(view) @ view.terms.weight, dtype=np.float64)


def associated_share(view: View) -> Floats:
    """The share of the question that the sentence lacks, each term times how likely the sentence's words make it."""
    return np.asarray((associated(view) * (1 - view.own)) @ view.terms.weight, dtype=np.float64)


def related_terms(view: View) -> Floats:
    """How many of the question's terms the whole passage lacks though a word of the sentence is related to them."""
    return np.asarray((related(view) * (1 - view.passage)) @ np.ones(len(view.terms.words)), dtype=np.float64)


def related_passage_share(view: View) -> Floats:
    """The share of the question that passage and title lack, each term times the closest related word of those of
    the passage's sentences that are candidates."""
    order = np.argsort(view.rows.passage, kind="stable")
    passage = view.rows.passage[order]
    starts = starts_of(passage)
    closest = np.zeros((len(view.passage_starts), len(view.terms.words)))
    closest[passage[starts]] = np.maximum.reduceat(related(view)[order], starts, axis=0)
    closest = closest[view.rows.passage]
    lacking = 1 - np.maximum(view.passage, view.theme)
    return np.asarray((closest * lacking) @ view.terms.weight, dtype=np.float64)


def kind(view: View) -> Floats:
    """Where the sentence holds a word, new to the question, that is of the kind asked for ("which *city*": "Lyon"): the
    log of how rare such words are."""
    of_kind = view.tables.kinds.words(view.query.head)
    if not len(of_kind):
        return np.zeros(view.size)
    is_of_kind = places_in(of_kind, view.tokens.vocabulary.keys) >= 0
    new = view.tokens.new
    held = np.minimum(view.tokens.count(new[is_of_kind[view.tokens.term[new]]]), 1.0)
    return np.asarray(held * np.log(NOUNS / len(of_kind)), dtype=np.float64)


def answer(view: View) -> Floats:
    """How much more often than others such words stand in the answers of such questions: a sum of log odds."""
    lines = [line for sign in question_signs(view.query) if len((line := view.tables.answers.column(sign)).keys)]
    keys = np.concatenate((view.tokens.vocabulary.keys, _SHAPE_KEYS))
    worth = np.zeros(len(keys))
    for line in lines:
        worth += line.values[places_in(line.keys, keys)]
    words = len(view.tokens.vocabulary.keys)
    return _worth_of_words(view, worth[:words]) + _worth_of_shapes(view, worth[words:])


def associated(view: View) -> Floats:
    """[candidates, terms] the sum of t(term | word) over the sentence's words that the question lacks, 1 at most.

    t is the translation table of IBM's model 1 (Brown et al. 1993), from sentences to questions about them.
    """
    return np.asarray(_said(view)[0])


def related(view: View) -> Floats:
    """[candidates, terms] how closely a word of the sentence is related to each term; the question's own words left
    out."""
    return np.asarray(_said(view)[1])


def question_signs(query: Query) -> list[str]:
    """What tells the kind of answer: the question word, the one or two tokens behind it, the noun that it asks for."""
    surface = [query.text[token.start : token.end].lower() for token in query.tokens]
    phrase = query.question_word.split()
    word = query.question_word or (surface[0] if surface else "")
    starts = (place for place in range(len(surface)) if phrase and surface[place : place + len(phrase)] == phrase)
    behind = next(starts, -len(phrase)) + len(phrase)
    following = [token.term for token in query.tokens[behind : behind + 2]]
    first, second, *_ = (*following, "$", "$")
    signs = [f"word {word}", f"next {word} {first}", f"two {word} {first} {second}"]
    return signs + ([f"noun {query.head}", f"asks {word} {query.head}"] if query.head else [])


def _logs(view: View) -> Floats:
    """[candidates, terms] the log of how likely each term is by the sentence."""
    return np.asarray(np.log(LEAST + MATCHED * view.own + ASSOCIATED * associated(view)), dtype=np.float64)


def answer_classes(query: Query, sentence: Sentence) -> frozenset[str]:
    """What the table of answers may know of a sentence: its words and their shapes, the question's own left out; a
    shape within NEAR tokens of one of the question's as well with a "~"."""
    asked = set(query.terms)
    tokens = list(zip(sentence.terms.split(" "), sentence.shapes, strict=False))
    matched = [place for place, (term, shape) in enumerate(tokens) if term in asked and ord(shape) != STOP]
    found: set[str] = set()
    for place, (term, shape) in enumerate(tokens):
        if ord(shape) == STOP:
            found.add(term)
        elif term not in asked:
            name = SHAPE_CLASSES[ord(shape)]
            found.update((term, name))
            if any(abs(place - other) <= NEAR for other in matched):
                found.add(name + "~")
    return frozenset(found)


def _said(view: View) -> Floats:
    """[2, candidates, terms] what two tables say of each term and the sentence's words that are new to the question:
    associations, summed up to 1, and the closest relation."""
    return view.remembered("said", lambda: _associated_and_related(view))


def _associated_and_related(view: View) -> Floats:
    terms = view.terms.words
    lines = [*map(view.tables.associations.column, terms), *map(view.tables.related.column, terms)]
    words = view.tokens.vocabulary.numbers(np.concatenate([line.keys for line in lines]))
    known = np.flatnonzero(words >= 0)
    columns = np.repeat(np.arange(len(lines)), [len(line.keys) for line in lines])
    values = np.concatenate([line.values[:-1] for line in lines])
    places, says = view.tokens.said(words[known], columns[known], values[known], count=len(lines))
    is_new = (view.tokens.asked[places] < 0) & (view.tokens.shape[places] != STOP)
    places, says = places[is_new], says[is_new]
    sums = view.tokens.joined(places, says[:, : len(terms)], np.add)
    return np.stack((np.minimum(sums, 1.0), view.tokens.joined(places, says[:, len(terms) :], np.maximum)))


def _worth_of_words(view: View, worth: Floats) -> Floats:
    """[candidates] the sum over the distinct words of each sentence, the question's own left out, of what each of the
    vocabulary is `worth`."""
    words, tokens = len(view.tokens.vocabulary.keys), view.tokens
    worths = worth[tokens.term]
    places = np.flatnonzero((worths != 0) & ((tokens.asked < 0) | (tokens.shape == STOP)))
    cells = tokens.candidate[places] * words + tokens.term[places]
    last = np.empty(view.size * words, dtype=np.int64)  # of each word in each sentence, where it stands
    last[cells] = places
    places = places[last[cells] == places]
    return view.tokens.sums(places, worths[places])


def _worth_of_shapes(view: View, worth: Floats) -> Floats:
    """[candidates] the same over the distinct shapes of those words, once more for shapes near the question's words;
    `worth` is of each of _SHAPE_KEYS."""
    candidate, column = view.tokens.candidate[view.tokens.new], _COLUMN_OF[view.tokens.shape[view.tokens.new]]
    near = np.flatnonzero(view.tokens.distance[view.tokens.new] <= NEAR)
    held = np.zeros((view.size, len(worth)))
    held[candidate, column] = 1
    held[candidate[near], column[near] + len(SHAPE_CLASSES)] = 1
    return held @ worth
