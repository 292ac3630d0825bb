"""Table features: what the fitted tables say of the sentence's words; only for languages that have tables."""

import numpy as np
import numpy.typing as npt

from bot.answering.features_view import STOP, Floats, Ints, View
from bot.answering.query import Query
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape

LEAST, MATCHED, ASSOCIATED = 0.02, 0.7, 0.3
"""What a term of the question adds to the log below: found nowhere, found, made likely by other words."""

NEAR = 3  # tokens from one of the question's, within which most answers stand
SHAPE_CLASSES = {ord(shape.value): f"<{shape.value}>" for shape in Shape if shape is not Shape.STOP}


def association(view: View) -> Floats:
    """The mean log of how likely each of the question's terms is among the sentence's words or by them."""
    return np.asarray(_logs(view).mean(axis=1), dtype=np.float64)


def weighted_association(view: View) -> Floats:
    """The same, terms counting by their share of the question's rarity."""
    return np.asarray(_logs(view) @ view.terms.weight, dtype=np.float64)


def associated_share(view: View) -> Floats:
    """The share of the question that the sentence lacks, each term times how likely the sentence's words make it."""
    return np.asarray((associated(view) * (1 - view.own)) @ view.terms.weight, dtype=np.float64)


def answer(view: View) -> Floats:
    """How much more often than others such words stand in the answers of such questions: a sum of log odds."""
    worth: dict[str, float] = {}
    for sign in question_signs(view.query):
        for name, odds in view.tables.answers.map(sign).items():
            worth[name] = worth.get(name, 0.0) + odds
    names = list(worth)
    held = np.zeros((len(view.sentences) + 1, len(names)), dtype=bool)
    column = {name: number for number, name in enumerate(names)}
    _mark_words(view, column, held)
    _mark_shapes(view, column, held)
    return np.asarray(held[view.rows.own] @ np.array(list(worth.values())), dtype=np.float64)


def associated(view: View) -> Floats:
    """[candidates, terms] the sum of t(term | word) over the sentence's words that the question lacks, 1 at most.

    t is the translation table of IBM's model 1 (Brown et al. 1993), from sentences to questions about them.
    """
    return view.remembered("associated", lambda: _associated(view))


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


def _associated(view: View) -> Floats:
    tokens = view.tokens
    places = tokens.content[tokens.asked[tokens.content] < 0]
    rows, words = tokens.row[places], tokens.term[places]
    total = np.zeros((len(view.sentences) + 1, len(view.terms.words)))
    for column, term in enumerate(view.terms.words):
        table = view.tables.associations.map(term)
        common = table.keys() & view.vocabulary.keys()
        if common:
            likely = np.zeros(len(view.vocabulary))
            likely[[view.vocabulary[word] for word in common]] = [table[word] for word in common]
            total[:, column] = np.bincount(rows, weights=likely[words], minlength=len(total))
    return np.minimum(total[view.rows.own], 1.0)


def _mark_words(view: View, column: dict[str, int], held: npt.NDArray[np.bool_]) -> None:
    """Set where a sentence holds a word of the table, that is none of the question's."""
    known = [(view.vocabulary[name], number) for name, number in column.items() if name in view.vocabulary]
    if not known:
        return
    column_of = np.full(len(view.vocabulary), -1, dtype=np.int64)
    column_of[[word for word, _ in known]] = [number for _, number in known]
    _mark(view, np.flatnonzero(_is_new(view)), column_of[view.tokens.term], held)


def _mark_shapes(view: View, column: dict[str, int], held: npt.NDArray[np.bool_]) -> None:
    """Set where a sentence holds a word of one of the table's shapes, anywhere or near one of the question's."""
    is_new = _is_new(view)
    near = is_new & (view.distance <= NEAR)
    for places, suffix in ((np.flatnonzero(is_new), ""), (np.flatnonzero(near), "~")):
        column_of = np.full(256, -1, dtype=np.int64)
        for code, name in SHAPE_CLASSES.items():
            column_of[code] = column.get(name + suffix, -1)
        _mark(view, places, column_of[view.tokens.shape], held)


def _is_new(view: View) -> npt.NDArray[np.bool_]:
    """[tokens] whether each is a stop word or none of the question's."""
    return np.asarray((view.tokens.asked < 0) | (view.tokens.shape == STOP))


def _mark(view: View, places: Ints, columns: Ints, held: npt.NDArray[np.bool_]) -> None:
    kept = places[columns[places] >= 0]
    held[view.tokens.row[kept], columns[kept]] = True
