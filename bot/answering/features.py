"""The features that the ranking weighs: each a number for each candidate, with the name that its weight goes by."""

from collections.abc import Callable
from typing import NamedTuple

from bot.answering import features_bm25 as bm25
from bot.answering import features_coverage as coverage
from bot.answering import features_feedback as feedback
from bot.answering import features_nearness as nearness
from bot.answering import features_wording as wording
from bot.answering.features_view import Floats, View


class Feature(NamedTuple):
    """A feature: its name, what makes it, and the message that says it in words ("" when it says nothing alone)."""

    name: str
    values: Callable[[View], Floats]
    message: str = ""


FEATURES = (
    Feature("bm25.sentence", bm25.sentence_score, "sentence"),
    Feature("bm25.passage", bm25.passage_score, "passage"),
    Feature("bm25.bag", bm25.bag_score, "passage"),
    Feature("bm25.window", bm25.window_score, "window"),
    Feature("bm25.window_lead", bm25.window_lead, "window"),
    Feature("bm25.passage_odds", bm25.passage_odds, "passage"),
    Feature("bm25.plain", bm25.plain_score, "wording"),
    Feature("coverage.terms", coverage.terms_share, "sentence"),
    Feature("coverage.sentence", coverage.sentence_share, "sentence"),
    Feature("coverage.window", coverage.window_share, "window"),
    Feature("coverage.passage", coverage.passage_share, "passage"),
    Feature("coverage.passage_terms", coverage.passage_terms_share, "passage"),
    Feature("coverage.title", coverage.title_share, "title"),
    Feature("coverage.theme", coverage.theme_share, "title"),
    Feature("coverage.names", coverage.names_share, "names"),
    Feature("coverage.sentence_names", coverage.sentence_names_share, "names"),
    Feature("coverage.numbers", coverage.numbers_share, "numbers"),
    Feature("coverage.soft", coverage.soft_share, "window"),
    Feature("coverage.pronoun", coverage.pronoun_share, "pronoun"),
    Feature("coverage.discrimination", coverage.discrimination, "discrimination"),
    Feature("coverage.missing", coverage.missing_rarest),
    Feature("nearness.pairs", nearness.pairs, "pairs"),
    Feature("nearness.nearness", nearness.nearness, "pairs"),
    Feature("nearness.order", nearness.order),
    Feature("nearness.asked_pairs", nearness.asked_pairs, "pairs"),
    Feature("wording.likeness", wording.likeness_share, "likeness"),
    Feature("wording.length", wording.length),
    Feature("wording.new_terms", wording.new_terms),
    Feature("wording.new_names", wording.new_names),
    Feature("wording.new_numbers", wording.new_numbers),
    Feature("wording.passage_sentences", wording.passage_sentences),
    Feature("wording.first", wording.first_in_passage),
    Feature("feedback.terms", feedback.feedback, "feedback"),
)
