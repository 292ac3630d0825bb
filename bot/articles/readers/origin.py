"""Where a document comes from, as readers are told."""

from collections.abc import Callable, Iterable
from pathlib import PurePath

import msgspec

from bot.articles.article import Article


def _dropped(message: str) -> None:
    """Nobody asked to hear of it."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A document's identity and what is known of it besides its bytes.

    `source` becomes the article's identity. `name` is its file name ("" when `source` ends in it); its suffix tells
    the format. What is given for `published`, `language`, `tags` and `url` holds where the document itself does not
    say. `skip` hears one line about each part of the document that had to be left out.
    """

    source: str
    name: str = ""
    published: str | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    url: str | None = None
    skip: Callable[[str], None] = _dropped

    @property
    def suffix(self) -> str:
        """The suffix of the document's name in lower case, with its dot; "" when it has none."""
        return PurePath(self.name or self.source.partition("?")[0]).suffix.lower()

    def article(self, text: str, **known: object) -> Article:
        """An article with this text; `known` fields override what the origin says unless they are empty."""
        fields: dict[str, object] = {
            "source": self.source,
            "published": self.published,
            "language": self.language,
            "tags": self.tags,
            "url": self.url,
        }
        fields.update({field: value for field, value in known.items() if value})
        return msgspec.convert({"text": text, **fields}, Article)


Reader = Callable[[bytes, Origin], Iterable[Article]]
"""A format's reader. It may leave an article's title "": the caller then takes it from the text.

Raises ReadingError, at the latest while its articles are iterated, when the document cannot be read at all.
"""
