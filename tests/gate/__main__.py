"""`python -m tests.gate`: ask every library its questions, print what failed and the shares, exit 1 under a floor.

The sample articles are asked the questions of questions.toml; they and the libraries in libraries/ (a town, a union, a
programme's manual, a newspaper, a study group, news in four languages) those of a stranger to how answers are found: in
other words than the articles', and, where nothing is said, close to what is.
"""

import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bot.answering.answer import Answer
from bot.app import App, open_app
from bot.articles.intake import Intake
from bot.settings import load_settings

FOLDER = Path(__file__).parent
LIBRARIES = FOLDER / "libraries"
STRANGERS = "strangers"


class GateQuestion(NamedTuple):
    """A question and the strings one of which a right first quote holds; none when it cannot be answered."""

    ask: str
    answers: tuple[str, ...]

    def is_met_by(self, answer: Answer) -> bool:
        """Whether the reply is right."""
        if not self.answers:
            return not answer.answered
        return answer.answered and any(text in answer.quotes[0].text for text in self.answers)


class Tally(NamedTuple):
    """How many questions of each kind were asked of some libraries, and how many replies were right."""

    asked: Counter[str]
    right: Counter[str]


def questions(file: Path = FOLDER / "questions.toml") -> list[GateQuestion]:
    """The questions of a file, in its order."""
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["question"]
    return [GateQuestion(row["ask"], tuple(row.get("answers", ()))) for row in rows]


@contextmanager
def library(articles: Path | None) -> Iterator[App]:
    """A library of a folder's articles; of the samples without one."""
    with tempfile.TemporaryDirectory() as folder, open_app(load_settings(environment={}), library=folder) as app:
        if articles is not None:
            Intake(app.library, app.readers).add([str(articles)])
            app.readers.close()
        yield app


def ask(app: App, asked: list[GateQuestion], tally: Tally, *, shown: bool) -> None:
    """Ask the questions, count, and print what failed where it is to be `shown`."""
    for question in asked:
        answer = app.answerer.answer(question.ask)
        kind = "answered_right" if question.answers else "refused"
        tally.asked[kind] += 1
        tally.right[kind] += question.is_met_by(answer)
        if shown and not question.is_met_by(answer):
            first = (answer.quotes or answer.near_misses)[:1]
            print(f"{kind}: {question.ask}\n  {answer.confidence:.2f} {first[0].text if first else '-'}")


def main() -> int:
    """The exit status: 0 when every floor holds."""
    floors = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
    own, strangers = Tally(Counter(), Counter()), Tally(Counter(), Counter())
    with library(None) as app:
        ask(app, questions(), own, shown=True)
    for folder in sorted(path for path in LIBRARIES.iterdir() if path.is_dir()):
        with library(articles if (articles := folder / "articles").is_dir() else None) as app:
            ask(app, questions(folder / "questions.toml"), strangers, shown="-v" in sys.argv)
    failed = False
    for name, tally in (("samples", own), (STRANGERS, strangers)):
        for kind, floor in floors[name].items():
            share = tally.right[kind] / tally.asked[kind]
            failed |= share < floor
            print(f"{name}, {kind}: {tally.right[kind]} of {tally.asked[kind]} = {share:.3f} (floor {floor})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
