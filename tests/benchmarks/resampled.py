"""Text of any size, made of a real text's words: real lengths of sentences and paragraphs, real frequencies of words.

    python -m tests.benchmarks.resampled SOURCE --sentences 1000000 --library DIR
    python -m tests.benchmarks.resampled SOURCE --sentences 1000000 --jsonl FILE

SOURCE is a question file or any text. Every word is drawn by how often it stands in the source, so that frequencies
stay Zipf's; a word that stands there once is drawn as a new one, the head of one such word on the tail of another,
every second time, so that the vocabulary grows with the text as it does in reality (Heaps). The same seed gives the
same text, and a shorter one is the start of a longer one.
"""

import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from bot.app import open_app
from bot.articles.article import Article
from bot.errors import ReadingError
from bot.evaluation.questions import load_articles
from bot.settings import load_settings

SEED = 20230308
PARAGRAPHS = 10  # of an article
NEW_SHARE = 0.5  # of the draws of words that stand in the source once
SENTENCE = re.compile(r"[^.!?]+[.!?]*")
WORD = re.compile(r"[^\W_]+")
SHORTEST_LAST = 4  # letters of a sentence's last word: shorter ones are taken for abbreviations


class Profile(NamedTuple):
    """What is drawn from: the source's words with their summed frequencies, and the shapes of its paragraphs, each the
    numbers of words of its sentences. `rare` are the words that stand there once."""

    words: Sequence[str]
    summed: Sequence[int]
    shapes: Sequence[Sequence[int]]
    rare: Sequence[str]


class Resampled(NamedTuple):
    """An article that nobody wrote: its title, and its paragraphs as lists of sentences."""

    title: str
    paragraphs: list[list[str]]

    @property
    def text(self) -> str:
        """The article's text: a blank between sentences, an empty line between paragraphs."""
        return "\n\n".join(" ".join(sentences) for sentences in self.paragraphs)


def source_paragraphs(path: Path) -> list[list[str]]:
    """The sentences of each paragraph of a question file, or of a text with empty lines between its paragraphs."""
    try:
        articles = load_articles(path)
    except ReadingError:
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
        return [SENTENCE.findall(block) for block in blocks if block.strip()]
    return [
        [one.context[start:end] for start, end in one.sentences] or SENTENCE.findall(one.context)
        for article in articles
        for one in article.paragraphs
    ]


def profile(paragraphs: Sequence[Sequence[str]]) -> Profile:
    """What resampling needs of a source."""
    counts: Counter[str] = Counter()
    shapes = []
    for sentences in paragraphs:
        found = [words for words in map(WORD.findall, sentences) if words]
        if found:
            shapes.append([len(words) for words in found])
        for words in found:
            counts.update(words)
    if not shapes:
        raise ValueError("the source holds no words")
    words = sorted(counts)
    summed = list(itertools.accumulate(counts[word] for word in words))
    return Profile(words, summed, shapes, [word for word in words if counts[word] == 1 and len(word) > SHORTEST_LAST])


def resampled(source: Profile, sentences: int, *, seed: int = SEED) -> Iterator[Resampled]:
    """Articles of so many sentences together (the last may be cut short)."""
    drawn = random.Random(seed)
    rare = frozenset(source.rare)
    left = sentences
    for number in itertools.count(1):
        paragraphs = []
        for _ in range(PARAGRAPHS):
            shape = drawn.choice(source.shapes)[:left]
            paragraphs.append([_sentence(source, rare, length, drawn) for length in shape])
            left -= len(shape)
            if not left:
                break
        title = " ".join(_words(source, rare, 2, drawn)).title()
        yield Resampled(f"{title} {number}", paragraphs)
        if not left:
            return


def articles(source: Profile, sentences: int, *, seed: int = SEED) -> Iterator[Article]:
    """The same as articles for the library."""
    for number, one in enumerate(resampled(source, sentences, seed=seed), 1):
        yield Article(text=one.text, title=one.title, source=f"resampled/{number:08}", language="en")


def _sentence(source: Profile, rare: frozenset[str], length: int, drawn: random.Random) -> str:
    words = _words(source, rare, length, drawn)
    for place in range(len(words) - 1, -1, -1):
        if len(words[place]) >= SHORTEST_LAST and words[place].isalpha():
            words.append(words.pop(place))
            break
    return f"{words[0][:1].upper()}{words[0][1:]} {' '.join(words[1:])}".rstrip() + "."


def _words(source: Profile, rare: frozenset[str], count: int, drawn: random.Random) -> list[str]:
    found = drawn.choices(source.words, cum_weights=source.summed, k=count)
    return [_new_word(word, source, drawn) if word in rare and drawn.random() < NEW_SHARE else word for word in found]


def _new_word(word: str, source: Profile, drawn: random.Random) -> str:
    other = drawn.choice(source.rare)
    return word[: (len(word) + 1) // 2] + other[len(other) // 2 :].lower()


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sentences", default=1_000_000, show_default=True)
@click.option("--seed", default=SEED, show_default=True)
@click.option("--library", type=click.Path(file_okay=False, path_type=Path), help="A folder to put a library in.")
@click.option("--jsonl", type=click.Path(dir_okay=False, path_type=Path), help="A file to write articles to.")
def main(source: Path, sentences: int, seed: int, library: Path | None, jsonl: Path | None) -> None:
    """Make so many sentences and put them where they are wanted."""
    made = articles(profile(source_paragraphs(source)), sentences, seed=seed)
    if jsonl is not None:
        with jsonl.open("w", encoding="utf-8") as file:
            for one in made:
                file.write(json.dumps({"text": one.text, "title": one.title, "source": one.source}) + "\n")
    elif library is not None:
        with open_app(load_settings(environment={}), library=str(library)) as app:
            for number, _ in enumerate(app.library.put_many(made), 1):
                if number % 1000 == 0:
                    click.echo(f"{number:,} articles", err=True)
            click.echo(f"{app.library.statistics()}")
    else:
        raise click.UsageError("say --library or --jsonl")


if __name__ == "__main__":
    main()
