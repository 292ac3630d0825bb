"""Shells: pages that stand where an article stood, or should stand, and hold none: a log-in, a paywall, a farewell."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.articles.article import Article
from bot.articles.web.address import Address

LIST = "shells.txt"
"""The word list of what such pages call themselves."""

SHRUNK_SHARE = 1 / 3
"""An article of which less is left than this has not been edited but hidden."""

SHORT_CHARACTERS = 600
"""A page that asks for a password and has no more text than this is a log-in."""

_DOOR = re.compile(
    r"/(?:log-?in|sign-?in|sso|auth|oauth2?|account/login|users/sign_in|subscribe|subscription|paywall|consent|captcha)"
    r"(?:[/.?_-]|\Z)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"""<input[^>]+type\s*=\s*["']?password""", re.IGNORECASE)
_PAID = re.compile(rb"""["']isAccessibleForFree["']\s*:\s*["']?(?:false|https?://schema\.org/False)""", re.IGNORECASE)


class Shells:
    """Tells shells from articles; `phrases` are what they call themselves, alone or before the name of their site."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = "|".join(re.escape(phrase) for phrase in phrases)
        self._title = re.compile(rf"\W*(?:{listed})[\s.!?…]*(?:\Z|[|–—·•:»-]\s)", re.IGNORECASE) if listed else None

    def at_the_door(self, asked: Address, reached: Address) -> str:
        """Why what the redirects led to is no article: "" when it may be one."""
        if asked.url == reached.url:
            return ""
        if reached.is_front_page and not asked.is_front_page:
            return "leads to the front page now"
        asked_path, reached_path = _whole(asked), _whole(reached)
        if _DOOR.search(reached_path) and not _DOOR.search(asked_path):
            return "leads to a log-in or a paywall"
        return ""

    def in_place_of(self, article: Article, content: bytes, *, stored_characters: int | None) -> str:
        """Why a page's article is none, or not all of the one that was stored; "" when it can take its place."""
        if self._title is not None and self._title.match(article.title):
            return f"calls itself “{article.title[:60]}”"
        if _PASSWORD.search(content) and len(article.text) < SHORT_CHARACTERS:
            return "asks for a password"
        if stored_characters is not None and len(article.text) < SHRUNK_SHARE * stored_characters:
            why = "a paywall" if _PAID.search(content) else "a paywall, or an empty page"
            return f"holds {len(article.text):,} characters of {stored_characters:,}: {why}"
        return ""


def _whole(address: Address) -> str:
    parts = urlsplit(address.url)
    return f"{parts.hostname}{parts.path}"
