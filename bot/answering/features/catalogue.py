"""The features that the ranking weighs: each a number for each candidate, with the name that its weight goes by."""

from collections.abc import Callable
from typing import NamedTuple

from bot.answering.features import bm25, coverage, fit, likelihood, meaning, nearness, tables, terms, wording
from bot.answering.features.view import Floats, View


class Feature(NamedTuple):
    """A feature: its name, what makes it, the message that says it in words ("" when it says nothing by itself), and
    whether it needs the tables of a language."""

    name: str
    values: Callable[[View], Floats]
    message: str = ""
    needs_tables: bool = False


FEATURES = (
    Feature("bm25 sentence", bm25.sentence_score, "sentence"),
    Feature("bm25 passage", bm25.passage_score, "passage"),
    Feature("bm25 with stop words", bm25.plain_score, "wording"),
    Feature("bm25 odds in passage", bm25.odds_in_passage, "discrimination"),
    Feature("terms in sentence", coverage.terms_share, "sentence"),
    Feature("share in sentence", coverage.sentence_share, "sentence"),
    Feature("share in passage", coverage.passage_share, "passage"),
    Feature("share in article", coverage.article_share, "passage"),
    Feature("share in passage or title", coverage.theme_share, "title"),
    Feature("share in sentence or title", coverage.sentence_or_theme_share, "title"),
    Feature("share in sentence, title or before", coverage.sentence_theme_or_before_share, "window"),
    Feature("names", coverage.names_share, "names"),
    Feature("names in sentence", coverage.sentence_names_share, "names"),
    Feature("numbers in sentence", coverage.numbers_share, "numbers"),
    Feature("soft share", coverage.soft_share, "window"),
    Feature("soft share with pronouns", coverage.pronoun_share, "pronoun"),
    Feature("soft share of the rarest", coverage.rare_share, "window"),
    Feature("discrimination", coverage.discrimination, "discrimination"),
    Feature("likelihood", likelihood.mixture, "window"),
    Feature("pairs as asked", nearness.asked_pairs, "pairs"),
    Feature("nearness", nearness.nearness, "pairs"),
    Feature("likeness", wording.likeness_share, "likeness"),
    Feature("length", wording.length),
    Feature("new numbers", wording.new_numbers),
    Feature("sentences in passage", wording.passage_sentences),
    Feature("opening", wording.opening, "opening"),
    Feature("definition", wording.definition, "definition"),
    Feature("number fit", fit.number_fit, "expected"),
    Feature("time fit", fit.time_fit, "expected"),
    Feature("name fit", fit.name_fit, "expected"),
    Feature("other fit", fit.other_fit, "expected"),
    Feature("near fit", fit.near_fit, "expected"),
    Feature("expected share in sentence", terms.expected_share, "sentence", True),
    Feature("expected share in passage", terms.expected_passage_share, "passage", True),
    Feature("expected soft share", terms.expected_soft_share, "window", True),
    Feature("association", tables.association, "associated", True),
    Feature("association by rarity", tables.weighted_association, "associated", True),
    Feature("associated share", tables.associated_share, "associated", True),
    Feature("related terms", tables.related_terms, "meaning", True),
    Feature("related share in passage", tables.related_passage_share, "meaning", True),
    Feature("close share", meaning.close_share, "meaning", True),
    Feature("topic", meaning.topic, "meaning", True),
    Feature("kind", tables.kind, "expected", True),
    Feature("answer", tables.answer, "expected", True),
)
"""At most fifty; those with a message are what /why speaks of. What each gives: tests/benchmarks/feature_gains.md."""
