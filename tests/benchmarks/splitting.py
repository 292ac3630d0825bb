"""How well and how fast texts are cut into sentences, on a question file with published breaks (the shape of SQuAD's).

    python -m tests.benchmarks.splitting FILE [--differences N] [--language CODE] [--long-lines]

Breaks are compared by place: the white space between two sentences. An answer is whole when one of our sentences
holds all of it. `--differences` prints paragraphs' breaks that only one side has.
"""

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bot.articles.article import Sentence
from bot.articles.sentences import Splitter
from bot.wordlists import WordLists


class Counts(NamedTuple):
    """Breaks on both sides, on ours alone, on the published side alone; answers, and those that are whole."""

    both: int = 0
    ours: int = 0
    theirs: int = 0
    answers: int = 0
    whole: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sums."""
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--differences", type=int, default=0)
    parser.add_argument("--language", default="en")
    parser.add_argument("--long-lines", action="store_true")
    options = parser.parse_args()
    paragraphs = list(_paragraphs(options.file))
    splitter = Splitter(WordLists(), passage_sentences=1)
    splitter.split("Warm up. Load the lists.", options.language)
    total, shown, sentences, started = Counts(), 0, 0, time.process_time()
    for paragraph in paragraphs:
        found = [s for p in splitter.split(paragraph["context"], options.language) for s in p.sentences]
        sentences += len(found)
        counts, differences = _compared(paragraph, found)
        total = total.plus(counts)
        for difference in differences[: max(0, options.differences - shown)]:
            print(difference)
            shown += 1
    _report(total, sentences, time.process_time() - started)
    if options.long_lines:
        _report_long_lines(splitter, options.language)


def _paragraphs(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
        for article in json.load(stream):
            yield from article["paragraphs"]


def _compared(paragraph: dict[str, Any], found: list[Sentence]) -> tuple[Counts, list[str]]:
    text = paragraph["context"]
    ours = {_place(text, sentence.start) for sentence in found[1:]}
    theirs = {_place(text, start) for start, _ in paragraph["sentences"][1:]}
    answers = {(a["start"], a["start"] + len(a["text"])) for q in paragraph["questions"] for a in q["answers"]}
    whole = sum(any(s.start <= start and end <= s.end for s in found) for start, end in answers)
    differences = [
        f"{'we cut' if place in ours else 'we keep'}: {text[max(0, place - 60) : place]} | {text[place : place + 60]}"
        for place in sorted(ours ^ theirs)
    ]
    return Counts(len(ours & theirs), len(ours - theirs), len(theirs - ours), len(answers), whole), differences


def _place(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _report(total: Counts, sentences: int, seconds: float) -> None:
    precision = total.both / max(1, total.both + total.ours)
    recall = total.both / max(1, total.both + total.theirs)
    print(
        f"breaks: precision {precision:.4f}, recall {recall:.4f} ({total.ours} ours alone, {total.theirs} theirs alone)"
    )
    print(f"answers whole: {total.whole / max(1, total.answers):.4f} of {total.answers:,}")
    print(f"speed: {sentences / seconds:,.0f} sentences a CPU second ({sentences:,} in {seconds:.1f} s)")


def _report_long_lines(splitter: Splitter, language: str) -> None:
    """CPU seconds per million characters of one line without end: the same for each length when the work is linear."""
    for name, piece in (("sentences", "It is so. "), ("words", "word "), ("one word", "word"), ("marks", "..?!”) ")):
        seconds = []
        for size in (1_000_000, 10_000_000):
            text = piece * (size // len(piece))
            started = time.process_time()
            splitter.split(text, language)
            seconds.append((time.process_time() - started) / size * 1e6)
        print(
            f"a line of {name}: {seconds[0]:.2f} s per million characters at 1 million, {seconds[1]:.2f} at 10 million"
        )


if __name__ == "__main__":
    main()
