"""Which articles a question may be answered from."""

from datetime import date
from fnmatch import fnmatchcase

import msgspec

from bot.articles.article import StoredArticle


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one question; an empty one allows every article.

    `since` and `until` are inclusive dates and exclude articles without a date; `source` is a shell pattern (glob)
    over the article's source; `language` is a code; `tags` allows articles that carry at least one of them.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is limited at all."""
        return any((self.since, self.until, self.source, self.language, self.tags))

    def allow(self, article: StoredArticle) -> bool:
        """Whether a question may be answered from this article."""
        if self.language and article.language != self.language:
            return False
        if self.tags and not set(self.tags) & set(article.tags):
            return False
        if self.source and not fnmatchcase(article.source, self.source):
            return False
        return self._in_window(article.published)

    def _in_window(self, published: str | None) -> bool:
        if self.since is None and self.until is None:
            return True
        if published is None:
            return False
        day = date.fromisoformat(published[:10])
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)
