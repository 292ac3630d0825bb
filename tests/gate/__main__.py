"""`python -m tests.gate`: ask the seeds every question, print what failed and the shares, exit 1 under a floor."""

import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

from bot.answering.answer import Answer
from bot.app import open_app
from bot.settings import load_settings

FOLDER = Path(__file__).parent


class GateQuestion(NamedTuple):
    """A question and the strings one of which a right first quote holds; none when it cannot be answered."""

    ask: str
    answers: tuple[str, ...]

    def is_met_by(self, answer: Answer) -> bool:
        """Whether the reply is right."""
        if not self.answers:
            return not answer.answered
        return answer.answered and any(text in answer.quotes[0].text for text in self.answers)


def questions() -> list[GateQuestion]:
    """The gate's questions, in the order of their file."""
    rows = tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))["question"]
    return [GateQuestion(row["ask"], tuple(row.get("answers", ()))) for row in rows]


def main() -> int:
    """The exit status: 0 when every floor holds."""
    floors = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
    right = {"answered_right": 0, "refused": 0}
    asked = dict(right)
    with tempfile.TemporaryDirectory() as folder, open_app(load_settings(environment={}), library=folder) as app:
        for question in questions():
            answer = app.answerer.answer(question.ask)
            kind = "answered_right" if question.answers else "refused"
            asked[kind] += 1
            if question.is_met_by(answer):
                right[kind] += 1
            else:
                shown = (answer.quotes or answer.near_misses)[:1]
                print(f"{kind}: {question.ask}\n  {answer.confidence:.2f} {shown[0].text if shown else '-'}")
    failed = False
    for kind, floor in floors.items():
        share = right[kind] / asked[kind]
        failed |= share < floor
        print(f"{kind}: {right[kind]} of {asked[kind]} = {share:.3f} (floor {floor})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
