"""Throws damaged documents of every format at the readers and counts what becomes of them.

    python -m tests.benchmarks.fuzzing [--inputs N] [--seed N] [FILE ...]

Each input is a sound document (the tests' own, and FILEs), damaged at random: bytes flipped, cut out, doubled, put in,
two documents spliced. It ends in articles or in one clear line, or it is printed as a failure with its seed.
"""

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from bot.articles.readers import FORMATS, Origin, Readers
from bot.articles.sentences import Splitter
from bot.errors import ReadingError
from bot.wordlists import WordLists
from tests.articles.documents import docx_of, epub_of, odt_of, pdf_of, zipped

SOUND = {
    ".txt": "“A line,” he said. Another line.\r\n\r\nRead more:\n\nA headline\n".encode(),
    ".md": b"---\ntitle: a\ntags: [b]\n---\n# One\n\n- *two*\n\n| a |\n| - |\n| b |\n",
    ".jsonl": b'{"text": "One.", "tags": ["a"], "published": "2023-03-08"}\n',
    ".csv": b'title,text,date\nA,"One, two.",2023-03-08\n',
    ".html": b"<html lang='en'><head><title>T</title><meta charset='utf-8'></head><body><article><h1>T</h1>"
    b"<p>One of the pages &amp; its words.</p><ul><li>x</li></ul>"
    b"<table><tr><td>1</td></tr></table></article></body></html>",
    ".pdf": pdf_of(
        [[(72, 700, 11, "Hello there."), (72, 686, 11, "Good-"), (72, 672, 11, "bye.")]], about="/Title (T)"
    ),
    ".rtf": rb"{\rtf1\ansi\ansicpg1251{\info{\title T}}\pard One \b two\b0 \'ef \u8217?.\par}",
    ".eml": b"From: a\nSubject: =?utf-8?q?b?=\nDate: Wed, 08 Mar 2023 10:00:00 +0200\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>Hi</p>\n--x--\n",
    ".rss": b"<rss version='2.0'><channel><item><title>t</title><link>https://example.org</link>"
    b"<pubDate>Wed, 08 Mar 2023 10:00:00 GMT</pubDate><description>&lt;p&gt;d&lt;/p&gt;</description></item>"
    b"</channel></rss>",
    ".docx": docx_of(("Title", "T"), ("Normal", "One."), rows=[["a", "b"]]),
    ".odt": odt_of("<text:h>T</text:h><text:p>One.</text:p>", "<dc:title>T</dc:title>"),
    ".epub": epub_of({"1.xhtml": "<h1>One</h1><p>It begins.</p>"}),
    ".zip": zipped({"a.txt": "One.", "b.md": "# Two", "c.html": "<p>Three.</p>"}),
}
SLOW_SECONDS = 5.0


def main() -> None:
    """Print what became of the inputs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    sound = [*SOUND.items(), *((file.suffix.lower(), file.read_bytes()) for file in options.files)]
    lists = WordLists()
    splitter = Splitter(lists, passage_sentences=3)
    counts: Counter[str] = Counter()
    started = time.monotonic()
    with Readers(lists, largest_bytes=20_000_000) as readers:
        for number in range(options.inputs):
            chance = random.Random(f"{options.seed}/{number}")
            suffix, data = chance.choice(sound)
            outcome, detail = _outcome(readers, splitter, _damaged(data, chance, sound), suffix)
            counts[outcome] += 1
            if outcome in ("failure", "slow"):
                print(f"{outcome}: seed {options.seed}/{number} {suffix}: {detail}")
    print(f"{options.inputs:,} inputs of {len(FORMATS)} formats in {time.monotonic() - started:.0f} s:", dict(counts))


def _outcome(readers: Readers, splitter: Splitter, data: bytes, suffix: str) -> tuple[str, str]:
    skipped: list[str] = []
    started = time.monotonic()
    try:
        articles = list(readers.read(data, Origin(source=f"a{suffix}", skip=skipped.append)))
        for article in articles:
            splitter.split(article.text, article.language, article.title)
        outcome = "read" if articles else "failure"
        detail = "no article and no error"
    except ReadingError as error:
        outcome, detail = ("refused", "") if "\n" not in str(error) else ("failure", repr(str(error)))
    except Exception as error:
        outcome, detail = "failure", repr(error)
    if time.monotonic() - started > SLOW_SECONDS:
        return "slow", f"{time.monotonic() - started:.1f} s"
    return outcome, detail


def _damaged(data: bytes, chance: random.Random, sound: list[tuple[str, bytes]]) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((0, 1, 1, 2, 4, 16))):
        place = chance.randrange(len(damaged) + 1)
        length = chance.choice((1, 1, 4, 64))
        match chance.randrange(5):
            case 0:
                damaged[place : place + length] = chance.randbytes(length)
            case 1:
                del damaged[place : place + length * 8]
            case 2:
                damaged[place:place] = damaged[place : place + length] * chance.choice((2, 100))
            case 3:
                damaged[place:place] = chance.choice((b"\0", b"<", b"&#0;", b"\xff\xfe", b"]]>", b"\r", b"{", b'"' * 9))
            case _:
                other = chance.choice(sound)[1]
                damaged[place:] = other[chance.randrange(len(other)) :]
    return bytes(damaged)


if __name__ == "__main__":
    main()
