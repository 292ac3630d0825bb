"""Term features: coverage again, where a term counts by its rarity times the chance that an answer repeats it."""

import numpy as np

from bot.answering.features.coverage import softly_held
from bot.answering.features.view import Floats, Terms, View
from bot.answering.query import Query

INTERCEPT, ABSENT = "intercept", "absent"
FAR = 8  # tokens and terms are counted up to here
IDF_BINS, IDF_STEP = 15, 1.5
SHARE_BINS, SHARE_STEP = 10, 4


def expected_share(view: View) -> Floats:
    """The share held by the sentence, of what an answer would repeat."""
    return np.asarray(view.own @ expectation(view), dtype=np.float64)


def expected_window_share(view: View) -> Floats:
    """The share held by the sentence and its neighbours, of what an answer would repeat."""
    return np.asarray(view.window @ expectation(view), dtype=np.float64)


def expected_passage_share(view: View) -> Floats:
    """The share held by the passage, of what an answer would repeat."""
    return np.asarray(view.passage @ expectation(view), dtype=np.float64)


def expected_soft_share(view: View) -> Floats:
    """The share softly held (title, neighbours and passage in part), of what an answer would repeat."""
    return np.asarray(softly_held(view) @ expectation(view), dtype=np.float64)


def expectation(view: View) -> Floats:
    """[terms] rarity times the chance that the answer's sentence repeats the term, as shares that sum to 1."""
    return view.remembered("expectation", lambda: _expectation(view))


def term_signs(query: Query, terms: Terms) -> list[list[str]]:
    """For each of the question's terms what tells whether its answer repeats it: the term, its rarity and shape, the
    tokens beside it, its place from the question word on, whether it is the noun that is asked for."""
    surface = [query.text[token.start : token.end].lower() for token in query.tokens]
    word = _place_of_question_word(query, surface)
    count = len(terms.words)
    columns = zip(
        terms.words,
        terms.idf.tolist(),
        terms.weight.tolist(),
        terms.is_absent.tolist(),
        terms.place.tolist(),
        strict=True,
    )
    found = []
    for term, idf, share, is_absent, place in columns:
        signs = [
            f"term {term}",
            f"idf {min(int(idf * IDF_STEP), IDF_BINS)}",
            f"share {min(int(share * count * SHARE_STEP), SHARE_BINS)}",
            f"count {min(count, 10)}",
        ]
        if is_absent:
            signs.append(ABSENT)
        if term == query.head:
            signs += ["noun", f"noun {query.question_word}"]
        if place >= 0:
            signs += _signs_of_place(query, surface, word, place)
        found.append(signs)
    return found


def repetition(view: View) -> Floats:
    """[terms] the chance that the answer's sentence repeats each term."""
    return _chance(_repetition_logits(view))


def repetition_where_held(view: View) -> Floats:
    """[terms] the same, as if the library held them all: what it lacks no sentence of it repeats, whatever is asked."""
    absent = np.where(view.terms.is_absent, view.tables.terms.number(ABSENT), 0.0)
    return _chance(_repetition_logits(view) - absent)


def _expectation(view: View) -> Floats:
    share = view.terms.weight * repetition(view)
    return np.asarray(share / share.sum(), dtype=np.float64)


def _repetition_logits(view: View) -> Floats:
    return view.remembered("repetition logits", lambda: _sums_of_signs(view))


def _sums_of_signs(view: View) -> Floats:
    table = view.tables.terms
    intercept = table.number(INTERCEPT)
    return np.array([intercept + sum(map(table.number, signs)) for signs in term_signs(view.query, view.terms)])


def _chance(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float64)


def _signs_of_place(query: Query, surface: list[str], word: int, place: int) -> list[str]:
    tokens = query.tokens
    behind = place - word
    return [
        f"shape {tokens[place].shape.value}",
        f"ending {surface[place][-3:]}",
        f"left {tokens[place - 1].term if place else '^'}",
        f"right {tokens[place + 1].term if place + 1 < len(tokens) else '$'}",
        f"behind {min(behind, FAR) if behind > 0 else '-'}",
        f"behind {query.question_word} {behind if 0 < behind < 5 else '-'}",
        f"last {min(len(tokens) - place, FAR)}",
    ]


def _place_of_question_word(query: Query, surface: list[str]) -> int:
    """The place of the last token of the question word; 0 where there is none."""
    phrase = query.question_word.split()
    for place in range(len(surface)):
        if phrase and surface[place : place + len(phrase)] == phrase:
            return place + len(phrase) - 1
    return 0
