"""Standing: the best candidate of a question among the others, as the signs of an answer see it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.answering.features.view import Flags, Floats, View

SAME = 0.5
"""The share of a sentence's terms from which on it says the same as another."""

REST = "<rest>"
"""The line of the background with the rarity of all terms that have none of their own."""

LEAST_EXCESS, MOST_EXCESS = -3.0, 5.0
"""Of the logs of how much commoner a term is than elsewhere, the bounds."""


@dataclass(frozen=True)
class Standing:
    """The best candidate among the others: what the signs are read from."""

    view: View
    scores: Floats  # the ranking's, one for each candidate
    best: int  # the best candidate's place

    @cached_property
    def near(self) -> Floats:
        """[terms] 1 for those that the best sentence, its neighbours, its title or headings hold."""
        return np.asarray(np.maximum(self.view.window[self.best], self.view.theme[self.best]), dtype=np.float64)

    @cached_property
    def lacks(self) -> Floats:
        """[terms] 1 for those that nothing near the best sentence holds."""
        return 1 - self.near

    @cached_property
    def topical(self) -> Floats:
        """[terms] 1 for those that the best sentence's article holds, as far as its passages are at hand."""
        held = self.view.passage[self.is_article].max(axis=0)
        return np.asarray(np.maximum(self.near, held), dtype=np.float64)

    @cached_property
    def is_article(self) -> Flags:
        """[candidates] whether each is of the best one's article."""
        articles = self.view.rows.article
        return np.asarray(articles == articles[self.best])

    @cached_property
    def differs(self) -> Flags:
        """[candidates] those that do not say the same as the best one."""
        return self.sameness < SAME

    @cached_property
    def sameness(self) -> Floats:
        """[candidates] the share of each sentence's terms that the best one holds too."""
        view = self.view
        tokens = view.tokens
        held = np.zeros(len(view.tokens.vocabulary.keys), dtype=np.bool_)
        held[tokens.term[tokens.candidate == self.best]] = True
        shared = tokens.content[held[tokens.term[tokens.content]]]
        return view.tokens.count(shared) / np.maximum(view.sentence_length[view.rows.own], 1.0)

    @cached_property
    def others(self) -> Flags:
        """[candidates] those in other articles that do not say the same (as the same report in another paper does)."""
        return self.differs & ~self.is_article

    @cached_property
    def powers(self) -> Floats:
        """[candidates] e to how far each score stands above the best one's."""
        return np.asarray(np.exp(self.scores - self.scores[self.best]))

    @cached_property
    def background(self) -> Floats:
        """[terms] the log of one over the share of passages that hold each, in the language at large."""
        table = self.view.tables.background
        return np.array([(table.row(word) or table.row(REST))[0] for word in self.view.terms.words])

    @cached_property
    def rarity(self) -> Floats:
        """[terms] how rare each is in the language at large, from 0 to 1 for those that are hardly met."""
        return self.background / self.view.tables.background.row(REST)[0]

    @cached_property
    def excess(self) -> Floats:
        """[terms] the log of how much commoner each is in the library than elsewhere; 0 for those that it lacks."""
        asked = self.view.terms
        excess = np.minimum(np.maximum(self.background - asked.passage_idf, LEAST_EXCESS), MOST_EXCESS)
        return excess * ~asked.is_absent
