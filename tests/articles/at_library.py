"""What a child process of the library's tests does; each way ends by a kill or when the library says "done"."""

import sys
import time
from collections.abc import Iterator

from bot.articles.article import Article
from bot.articles.ledger import Ledger
from bot.articles.library import Library
from tests.articles.preparing import Words
from tests.stores import open_store


def revision(number: int) -> list[Article]:
    """Eight articles whose every sentence names the revision that they are of."""
    return [
        Article(text=f"{number:05} wolf{place}.\n" * (place * 7 + 1), source=f"article {place}") for place in range(8)
    ]


def main(arguments: list[str]) -> None:
    place, what = arguments
    with Library(open_store(place), Words()) as library:
        {"read": read, "write": write, "stuck": stuck}[what](library)


def read(library: Library) -> None:
    """Look at one state after the other until the writer is done; print how many were seen."""
    seen: set[str] = set()
    while not library.flag("done"):
        articles = list(library.articles())
        for article in articles:
            text = library.text(article.number)
            if text:
                seen.add(text[:5])
                if len(set(text.splitlines())) != 1:
                    sys.exit(f"torn: {text!r}")
    print(len(seen))  # noqa: T201


def write(library: Library) -> None:
    """Put, change and remove without end."""
    print("started", flush=True)  # noqa: T201
    for number in _counting():
        for article in revision(number):
            library.put(article)
        list(library.put_many(revision(number + 50_000)))
        library.remove(article.number for article in list(library.articles())[:3])


def stuck(library: Library) -> None:
    """Stop between an article's rows and the end of its transaction."""
    with library._store.writing() as connection:
        ledger = Ledger(connection, "words-1")
        for number in range(1, 9):
            ledger.remove(number)
        connection.execute("DELETE FROM terms")
        print("in the middle", flush=True)  # noqa: T201
        time.sleep(600)


def _counting() -> Iterator[int]:
    number = 1
    while True:
        yield number
        number += 1
