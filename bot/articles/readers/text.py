"""Plain text: one article, character for character."""

from collections.abc import Iterator

from bot.articles.article import Article
from bot.articles.encoding import decode
from bot.articles.readers.origin import Origin


def read_text(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article whose text is the decoded document; its title is left to be found in the text."""
    yield origin.article(decode(data, origin.source))
