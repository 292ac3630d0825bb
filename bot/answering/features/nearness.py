"""Nearness features: do the question's terms stand together in the sentence as they do in the question?"""

from itertools import pairwise

import numpy as np

from bot.answering.features.view import STOP, Floats, Ints, View

REACH = 4.0  # tokens over which nearness falls to 1/e


def pairs(view: View) -> Floats:
    """The rarity of the question's adjacent pairs of terms that stand side by side in the sentence."""
    tokens = view.tokens
    asked = tokens.asked[tokens.content]
    rows = tokens.candidate[tokens.content]
    together = np.flatnonzero((asked[:-1] >= 0) & (asked[1:] >= 0) & (rows[:-1] == rows[1:]))
    worth = _pair_worth(view)[asked[together], asked[together + 1]]
    return view.tokens.sums(tokens.content[together], worth)


def nearness(view: View) -> Floats:
    """The sum over neighbouring matched terms of the rarer one's share, less the further they stand apart."""
    first, second = _neighbours(view)
    weight = view.terms.weight
    asked = view.tokens.asked
    worth = np.minimum(weight[asked[first]], weight[asked[second]]) * np.exp(-(second - first - 1) / REACH)
    return view.tokens.sums(first, worth)


def asked_pairs(view: View) -> Floats:
    """How many pairs of tokens of the question (stop words included) stand side by side in the sentence."""
    number = {word: place for place, word in enumerate(view.words)}
    asked = [number[token.term] for token in view.query.tokens]
    wanted = np.zeros((len(number) + 1,) * 2, dtype=np.bool_)  # the last row and column are of all other words
    wanted[asked[:-1], asked[1:]] = True
    word, candidate = view.tokens.word, view.tokens.candidate
    found = np.flatnonzero(wanted[word[:-1], word[1:]])
    found = found[candidate[found] == candidate[found + 1]]
    return view.tokens.count(found) / max(len(asked) - 1, 1)


def _neighbours(view: View) -> tuple[Ints, Ints]:
    """The places of matched tokens and of the next matched ones in the same sentence, for different terms."""
    matched = np.flatnonzero(view.tokens.asked >= 0)
    first, second = matched[:-1], matched[1:]
    asked, candidate = view.tokens.asked, view.tokens.candidate
    kept = (candidate[first] == candidate[second]) & (asked[first] != asked[second])
    return first[kept], second[kept]


def _pair_worth(view: View) -> Floats:
    """[terms, terms] the mean share of two terms that stand side by side in the question, 0 for others."""
    worth = np.zeros((len(view.terms.words),) * 2)
    column = {word: number for number, word in enumerate(view.terms.words)}
    row = [column[token.term] for token in view.query.tokens if token.term in column and ord(token.shape.value) != STOP]
    for a, b in pairwise(row):
        if a != b:
            worth[a, b] = (view.terms.weight[a] + view.terms.weight[b]) / 2
    return worth
