"""Signs that the best candidate answers the question, or that the library holds no answer: each a number.

A library may hold the question's topic and not its answer, so most ask what the sentence and those beside it lack of
the question, and how far the best candidate stands out. A library that lacks a term says little by itself: how common
the term is elsewhere tells what it lacks.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bot.answering.features import coverage, fit, nearness, terms, wording
from bot.answering.features import tables as associations
from bot.answering.features.view import Floats, View
from bot.answering.query import Expected
from bot.answering.sought import Kind
from bot.answering.standing import Standing

MOST_LEAD = 8.0
"""Scores further apart than this say no more."""

MOST_CERTAIN = 0.98
"""That a term is repeated, at most: surprise has a bound."""


class Sign(NamedTuple):
    """A sign: its name, what reads it, whether it needs the tables of a language."""

    name: str
    value: Callable[[Standing], float]
    needs_tables: bool = False


def lead(standing: Standing) -> float:
    """How far the score is above the next one."""
    others = standing.scores.tolist()
    best = others.pop(standing.best)
    return min(best - max(others), MOST_LEAD) if others else MOST_LEAD


def lead_over_other_articles(standing: Standing) -> float:
    """How far the score is above the best one of any other article, or passage where there is one article alone.

    Sentences that say the same (the same report in another paper) do not count as others.
    """
    others = standing.scores[standing.others]
    if not len(others):
        passages = standing.view.rows.passage
        others = standing.scores[standing.differs & (passages != passages[standing.best])]
    return min(float(standing.scores[standing.best]) - max(others.tolist()), MOST_LEAD) if len(others) else 0.0


def lead_in_rare_terms(standing: Standing) -> float:
    """How much more of the question's rarest terms stands at the best candidate than in any other article."""
    shares = standing.view.of(coverage.rare_share)
    others = shares[~standing.is_article]
    return float(shares[standing.best] - others.max()) if len(others) else 0.0


def lead_over_the_sixth(standing: Standing) -> float:
    """How far the soft share falls from the best covered candidate to the sixth best."""
    soft: list[float] = sorted(standing.view.of(coverage.soft_share).tolist(), reverse=True)
    return soft[0] - soft[min(5, len(soft) - 1)]


def odds_of_sentence(standing: Standing) -> float:
    """The log of the best candidate's share (softmax of scores) among those that do not say the same."""
    return -math.log1p(standing.powers @ standing.differs)


def odds_of_article(standing: Standing) -> float:
    """The log of the share (softmax of scores) of the best candidate's article."""
    return math.log(standing.powers @ standing.is_article / standing.powers.sum())


def share_missing_near(standing: Standing) -> float:
    """The share of the question, terms all alike, that nothing near the best sentence holds."""
    return float(standing.lacks @ standing.view.terms.even)


def rarest_missing_near(standing: Standing) -> float:
    """The share of the rarest term that nothing near the best sentence holds."""
    return float((standing.lacks * standing.view.terms.weight).max())


def words_missing_near(standing: Standing) -> float:
    """The share of words (no names, no numbers) that nothing near the best sentence holds."""
    asked = standing.view.terms
    return float((standing.lacks * asked.weight) @ ~(asked.is_name | asked.is_number))


def unfit(standing: Standing) -> float:
    """1 when a kind of thing is sought that has a look and the best sentence holds nothing of it but the question's own
    words."""
    return float(_has_a_look(standing) and _grade(standing) == 0)


def doubtful(standing: Standing) -> float:
    """Where the best sentence holds what may be of the kind that is sought, how doubtful that is."""
    return 1 - _grade(standing) if _has_a_look(standing) and _grade(standing) > 0 else 0.0


def unknown_share(standing: Standing) -> float:
    """The share of the question's rarity in terms that the library lacks."""
    return float(standing.view.terms.weight @ standing.view.terms.is_absent)


def unknown_names(standing: Standing) -> float:
    """How many names of the question the library lacks."""
    return float((standing.view.terms.is_absent & standing.view.terms.is_name).sum())


def corrected_share(standing: Standing) -> float:
    """The share of the question that the best sentence holds by a correction alone."""
    corrected = standing.view.query.corrected
    if not corrected:
        return 0.0
    asked = standing.view.terms
    return float((asked.weight * standing.view.own[standing.best]) @ [word in corrected for word in asked.words])


def mean_idf(standing: Standing) -> float:
    """The mean idf of the question's terms, in units of the log of the library's size."""
    asked = standing.view.terms
    return float(asked.idf @ asked.even) / math.log(1 + standing.view.statistics.sentences)


def unknown_rarity(standing: Standing) -> float:
    """The rarity elsewhere of the terms that the library lacks: names weigh most, common verbs little."""
    return float(standing.rarity @ standing.view.terms.is_absent)


def rarity_missing_near(standing: Standing) -> float:
    """The share of the question's rarity elsewhere in terms that nothing near the best sentence holds."""
    return float(standing.lacks @ standing.rarity / standing.rarity.sum())


def names_missing_near(standing: Standing) -> float:
    """The rarity elsewhere of the names that nothing near the best sentence holds."""
    return float((standing.lacks * standing.view.terms.is_name) @ standing.rarity)


def excess_of_article(standing: Standing) -> float:
    """How much commoner the terms that the article holds are in the library than elsewhere: its topics' are."""
    return float(standing.topical @ standing.excess)


def excess_near(standing: Standing) -> float:
    """The same of the terms near the best sentence, the rare ones weighing most."""
    return float((standing.near * standing.rarity) @ standing.excess)


def most_excess(standing: Standing) -> float:
    """How much commoner than elsewhere the library's most typical term of the question is."""
    return float(standing.excess.max())


def surprise(standing: Standing) -> float:
    """The log of how unlikely it is that an answer repeats none of the terms that are missing near."""
    likely = np.minimum(terms.repetition(standing.view), MOST_CERTAIN)
    return float(-standing.lacks @ np.log(1 - likely))


def is_open(standing: Standing) -> float:
    """1 when the question leaves the kind of its answer open ("What did he deny?")."""
    return float(standing.view.query.expected is Expected.ANYTHING)


def surprise_in_sentence(standing: Standing) -> float:
    """The log of how unlikely an answer is to lack that term of the question, of those that the best sentence lacks,
    which answers repeat most; the library may lack it too."""
    likely = np.minimum(terms.repetition_where_held(standing.view), MOST_CERTAIN)
    return float((-(1 - standing.view.own[standing.best]) * np.log(1 - likely)).max())


def no_word_near(standing: Standing) -> float:
    """1 when the question has words that are no names and no numbers, and none of them stands near the best sentence
    ("Where did Shoigu study?")."""
    asked = standing.view.terms
    words = ~(asked.is_name | asked.is_number)
    return float(words.any() and standing.lacks[words].all())


def _has_a_look(standing: Standing) -> bool:
    return standing.view.query.sought.kind is not Kind.ANYTHING


def _grade(standing: Standing) -> float:
    return float(standing.view.of(fit.fit)[standing.best])


def _of(values: Callable[[View], Floats]) -> Callable[[Standing], float]:
    """A feature of the best candidate."""
    return lambda standing: float(standing.view.of(values)[standing.best])


SIGNS = (
    Sign("score", lambda standing: float(standing.scores[standing.best])),
    Sign("lead", lead),
    Sign("lead over other articles", lead_over_other_articles),
    Sign("lead in rare terms", lead_in_rare_terms),
    Sign("lead over the sixth", lead_over_the_sixth),
    Sign("odds of sentence", odds_of_sentence),
    Sign("odds of article", odds_of_article),
    Sign("share in title", _of(coverage.title_share)),
    Sign("pairs as asked", _of(nearness.asked_pairs)),
    Sign("new numbers", _of(wording.new_numbers)),
    Sign("terms", lambda standing: float(len(standing.view.terms.words))),
    Sign("names", lambda standing: float(standing.view.terms.is_name.sum())),
    Sign("mean idf", mean_idf),
    Sign("share missing near", share_missing_near),
    Sign("rarest missing near", rarest_missing_near),
    Sign("words missing near", words_missing_near),
    Sign("unfit", unfit),
    Sign("doubtful", doubtful),
    Sign("unknown share", unknown_share),
    Sign("unknown names", unknown_names),
    Sign("corrected share", corrected_share),
    Sign("unknown rarity", unknown_rarity, True),
    Sign("rarity missing near", rarity_missing_near, True),
    Sign("names missing near", names_missing_near, True),
    Sign("excess of article", excess_of_article, True),
    Sign("excess near", excess_near, True),
    Sign("most excess", most_excess, True),
    Sign("surprise", surprise, True),
    Sign("expected share in window", _of(terms.expected_window_share), True),
    Sign("associated share", _of(associations.associated_share), True),
)
"""Each with a weight of its own in the confidence."""

LATE_SIGNS = (
    Sign("open", is_open),
    Sign("nearness", _of(nearness.nearness)),
    Sign("surprise", surprise_in_sentence, True),
    Sign("wordless", no_word_near),
)
"""Those that the second look weighs beside the first confidence (bot.answering.second_look). On training articles they
tell absent answers in small libraries with gaps with .006 more of AUROC, of questions by people who had not seen the
articles with .04 more; among the signs above, whose weights they share there, with less than nothing of the latter.
How much of the question stands near in related words (WordNet's) told the most, but promised too much where it is much.
"""
