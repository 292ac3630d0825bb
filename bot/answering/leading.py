"""Leading: which of several reports of the same, in articles that are nearly the same text, is quoted first."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from bot.answering.folding import Group
from bot.answering.query import Candidate, Pool
from bot.articles.article import StoredArticle
from bot.articles.duplicates import Lead


class Duplicated(Protocol):
    """What leading needs of a library."""

    def groups(self, articles: Sequence[int]) -> dict[int, int]:
        """For those of the articles that have duplicates the number of their group."""

    def duplicates(self, number: int, *, lead: Lead) -> list[StoredArticle]:
        """The articles that are nearly the same text as this one, it included, the leading one first."""


class Leader:
    """Lets the owner's choice of near-duplicate articles, the newest or the longest, lead a folded quote."""

    def __init__(self, library: Duplicated, lead: Lead) -> None:
        self._library = library
        self._lead = lead

    def led(self, pool: Pool, groups: Sequence[Group]) -> list[Group]:
        """The groups in their order; in each of them, of the candidates in duplicates of the lead's article, the one in
        the article that stands for them all leads, as sure as the surest of the two."""
        articles = {
            pool.article(one.hit).number for group in groups if group.twins for one in (group.lead, *group.twins)
        }
        group_of = self._library.groups(sorted(articles)) if len(articles) > 1 else {}
        return [self._with_lead(pool, group, group_of) for group in groups] if group_of else list(groups)

    def _with_lead(self, pool: Pool, group: Group, group_of: dict[int, int]) -> Group:
        def number(candidate: Candidate) -> int:
            return pool.article(candidate.hit).number

        own = group_of.get(number(group.lead))
        alike = [twin for twin in group.twins if own is not None and group_of.get(number(twin)) == own]
        if not alike:
            return group
        order = {article.number: place for place, article in enumerate(self._duplicates(number(group.lead)))}
        chosen = min((group.lead, *alike), key=lambda candidate: order.get(number(candidate), len(order)))
        if chosen is group.lead:
            return group
        confidence = max(chosen.confidence, group.lead.confidence)
        others = [group.lead, *(twin for twin in group.twins if twin is not chosen)]
        score = max(chosen.score, group.lead.score)
        return Group(msgspec.structs.replace(chosen, confidence=confidence, score=score), tuple(others))

    def _duplicates(self, article: int) -> list[StoredArticle]:
        return self._library.duplicates(article, lead=self._lead)
