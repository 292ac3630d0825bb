"""Table features: what the fitted tables say of the sentence's words; only for languages that have tables."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.answering.features.view import STOP, Flags, Floats, Ints, View
from bot.answering.query import Query
from bot.answering.tables import Table
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape

LEAST, MATCHED, ASSOCIATED = 0.02, 0.7, 0.3
"""What a term of the question adds to the log below: found nowhere, found, made likely by other words."""

NOUNS = 20_000  # of a large vocabulary: a kind of so many would tell nothing
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


def related_terms(view: View) -> Floats:
    """How many of the question's terms the whole passage lacks though a word of the sentence is related to them."""
    return np.asarray((related(view)[view.rows.own] * (1 - view.passage)).sum(axis=1), dtype=np.float64)


def related_passage_share(view: View) -> Floats:
    """The share of the question that passage and title lack, each term times the closest related word of those of
    the passage's sentences that are candidates."""
    own = related(view)[: view.passage_ends[-1]]
    closest = np.maximum.reduceat(own, view.passage_starts, axis=0)[view.rows.passage]
    lacking = 1 - np.maximum(view.passage, view.theme)
    return np.asarray((closest * lacking) @ view.terms.weight, dtype=np.float64)


def kind(view: View) -> Floats:
    """Where the sentence holds a word, new to the question, that is of the kind asked for ("which *city*": "Lyon"): the
    log of how rare such words are."""
    of_kind = view.tables.kinds.words(view.query.head)
    numbers = [view.vocabulary[word] for word in of_kind & view.vocabulary.keys()]
    if not numbers:
        return np.zeros(view.size)
    wanted = np.zeros(len(view.vocabulary), dtype=np.bool_)
    wanted[numbers] = True
    found = view.new[wanted[view.tokens.term[view.new]]]
    held = np.minimum(view.sum_per_sentence(found, np.ones(len(found))), 1.0)
    return np.asarray(held * np.log(NOUNS / len(of_kind)), dtype=np.float64)


def answer(view: View) -> Floats:
    """How much more often than others such words stand in the answers of such questions: a sum of log odds."""
    tables = [view.tables.answers.map(sign) for sign in question_signs(view.query)]
    return _worth_of_words(view, tables) + _worth_of_shapes(view, tables)


def associated(view: View) -> Floats:
    """[candidates, terms] the sum of t(term | word) over the sentence's words that the question lacks, 1 at most.

    t is the translation table of IBM's model 1 (Brown et al. 1993), from sentences to questions about them.
    """
    return view.remembered("associated", lambda: _associated(view))


def related(view: View) -> Floats:
    """[sentences + 1, terms] how closely a word of each candidate is related to each term; the question's own words
    left out."""
    return view.remembered("related", lambda: _related(view))


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
    return np.minimum(_of_new_words(view, view.tables.associations, np.add)[view.rows.own], 1.0)


def _related(view: View) -> Floats:
    return _of_new_words(view, view.tables.related, np.maximum)


def _of_new_words(view: View, table: Table, joined: np.ufunc) -> Floats:
    """[sentences + 1, terms] what the table says of each term's line and each candidate's words that are new to the
    question, `joined` over these words."""
    known, terms = view.vocabulary, view.terms.words
    lines = [table.map(term) for term in terms]
    cells = [(known[word], column) for column, line in enumerate(lines) for word in line.keys() & known.keys()]
    found = np.zeros((len(view.sentences) + 1, len(terms)))
    if not cells:
        return found
    words, columns = np.array(cells).T
    names = list(known)
    says = np.zeros((len(known), len(terms)))
    says[words, columns] = [lines[column][names[word]] for word, column in cells]
    is_listed = np.zeros(len(known), dtype=np.bool_)
    is_listed[words] = True
    new = view.new[is_listed[view.tokens.term[view.new]]]
    joined.at(found, view.tokens.row[new], says[view.tokens.term[new]])
    return found


def _worth_of_words(view: View, tables: Sequence[Mapping[str, float]]) -> Floats:
    """[candidates] the sum over the distinct words of each sentence, the question's own left out."""
    known = view.vocabulary
    worth = np.zeros(len(known))
    for table in tables:
        common = list(table.keys() & known.keys())
        worth[[known[word] for word in common]] += [table[word] for word in common]
    places = np.flatnonzero(worth[view.tokens.term] * _is_new(view))
    cells = np.sort(view.tokens.row[places] * len(known) + view.tokens.term[places])
    rows, words = np.divmod(cells[np.diff(cells, prepend=-1) > 0], max(len(known), 1))
    total = np.bincount(rows, weights=worth[words], minlength=len(view.sentences) + 1)
    return np.asarray(total[view.rows.own], dtype=np.float64)


def _worth_of_shapes(view: View, tables: Sequence[Mapping[str, float]]) -> Floats:
    """[candidates] the same over the distinct shapes of those words, once more for shapes near the question's words."""
    column_of = np.full(256, -1, dtype=np.int64)
    column_of[list(SHAPE_CLASSES)] = np.arange(len(SHAPE_CLASSES))
    columns = np.where(_is_new(view), column_of[view.tokens.shape], -1)
    near = np.where(view.distance <= NEAR, columns, -1)
    names = SHAPE_CLASSES.values()
    anywhere = [sum(table.get(name, 0.0) for table in tables) for name in names]
    nearby = [sum(table.get(name + "~", 0.0) for table in tables) for name in names]
    return _sum_of_held(view, columns, anywhere) + _sum_of_held(view, near, nearby)


def _is_new(view: View) -> Flags:
    """[tokens] whether each is a stop word or none of the question's."""
    return np.asarray((view.tokens.asked < 0) | (view.tokens.shape == STOP))


def _sum_of_held(view: View, columns: Ints, worth: list[float]) -> Floats:
    """[candidates] the sum of `worth` over the columns that each sentence holds; `columns` has -1 for other tokens."""
    held = np.zeros((len(view.sentences) + 1, len(worth)))
    places = np.flatnonzero(columns >= 0)
    held[view.tokens.row[places], columns[places]] = 1
    return np.asarray((held @ np.array(worth))[view.rows.own], dtype=np.float64)
