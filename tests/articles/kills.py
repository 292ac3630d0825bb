"""Kills at random moments: a folder changes, a process that follows it is killed, and the library must be whole."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from bot.articles.article import Kind
from bot.articles.library import Library
from bot.articles.statistics import Statistics
from tests.articles.at_folder import opened, synced

ROOT = Path(__file__).parents[2]
START = "import sys; from tests.articles import at_folder; at_folder.main(sys.argv[1:])"
FILES = 40
LONGEST_LIFE_SECONDS = 0.25


def kill_at_random(base: Path, *, kills: int, seed: int) -> None:
    """Change a folder and kill the process that follows it, so many times; raise AssertionError where it shows."""
    chance = random.Random(seed)
    folder, path = base / "folder", base / "library.sqlite"
    folder.mkdir()
    for _ in range(kills):
        change(folder, chance)
        kill_soon(path, folder, chance)
        with opened(path) as library:
            look_over(library)
            if chance.random() < 0.2:
                synced(library, folder)
                check_same(library, folder)


def change(folder: Path, chance: random.Random) -> None:
    """Add, change, rename and remove a few files; some are JSON Lines with several articles."""
    for _ in range(chance.randint(1, 8)):
        path = folder / f"{chance.randrange(FILES)}.{chance.choice(['txt', 'txt', 'jsonl'])}"
        if path.exists() and chance.random() < 0.5:
            if chance.random() < 0.5:
                path.unlink()
            else:
                path.rename(folder / f"{chance.randrange(FILES, 2 * FILES)}{path.suffix}")
            continue
        body = "".join(f"Wolf {chance.randrange(50)} howls. It is {n}.\n" for n in range(chance.randint(1, 60)))
        text = f"{body}Support our newsroom\n"
        if path.suffix == ".jsonl":
            name = chance.getrandbits(40)  # one article in two files would be whichever was read last
            lines = (f'{{"text": "{line}", "source": "{name}-{n}"}}' for n, line in enumerate(text.splitlines()))
            text = "\n".join(lines)
        path.write_text(text)
    (folder / "always.txt").write_text("The wolf is always here.")


def kill_soon(path: Path, folder: Path, chance: random.Random) -> None:
    command = [sys.executable, "-c", START, str(path), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
        os.kill(process.pid, signal.SIGKILL)


def look_over(library: Library) -> None:
    """Raise AssertionError unless each article is there whole, and counted as it is."""
    check(library.check() == [], "the file is damaged")
    articles = list(library.articles())
    passages = list(library.passages_of(article.number for article in articles))
    prose = [[one for one in passage.sentences if one.kind is Kind.PROSE] for passage in passages]
    terms = sum(len(sentence.content_terms()) for sentences in prose for sentence in sentences)
    counted = Statistics(len(articles), sum(map(bool, prose)), sum(map(len, prose)), terms)
    check(library.statistics() == counted, f"{library.statistics()} is told, {counted} is there")
    for article in articles:
        own = [passage for passage in passages if passage.article == article.number]
        lines = [line for line in library.text(article.number).split("\n") if line]
        check(len(own) == len(lines), f"{article.source} has {len(own)} passages for {len(lines)} lines")


def check_same(library: Library, folder: Path) -> None:
    """Raise AssertionError unless the library is what one made afresh from the folder is."""
    for left in folder.parent.glob("fresh.sqlite*"):
        left.unlink()
    with opened(folder.parent / "fresh.sqlite") as fresh:
        synced(fresh, folder)
        for found, expected in zip(state(library), state(fresh), strict=True):
            apart = [one for one in found if one not in expected] + [one for one in expected if one not in found]
            check(found == expected, f"a sync and a library made afresh differ in {apart[:4]!r}")


def state(library: Library) -> tuple[list[object], ...]:
    """What two libraries of the same articles share: texts, kinds of sentences, totals, languages."""
    articles = list(library.articles())
    kinds = [
        (article.source, [one.kind for passage in library.passages_of([article.number]) for one in passage.sentences])
        for article in articles
    ]
    return (
        [(article.source, library.text(article.number)) for article in articles],
        [*kinds],
        [library.statistics()],
        [library.languages()],
    )


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
