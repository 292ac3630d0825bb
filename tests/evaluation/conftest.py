"""A question file small enough to rank by hand."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.questions import AskedArticle, load_articles

RIVERS = "The Vltava flows through Prague. It is long. The Seine flows through Paris."
BRIDGES = "Prague has many bridges. It is long."


def asked(context: str, question: str, *answers: str) -> dict[str, Any]:
    return {"question": question, "answers": [{"start": context.index(text), "text": text} for text in answers]}


def breaks(context: str) -> list[list[int]]:
    found, start = [], 0
    for part in context.split(". "):
        found.append([start, min(start + len(part) + 1, len(context))])
        start += len(part) + 2
    return found


def paragraph(context: str, *questions: dict[str, Any]) -> dict[str, Any]:
    return {"context": context, "sentences": breaks(context), "questions": list(questions)}


@pytest.fixture
def question_file(tmp_path: Path) -> Path:
    """Two articles; "What is long?" occurs in both, and its gold sentence has the same text in both."""
    articles = [
        {
            "title": "Rivers_of_%28Europe%29",
            "paragraphs": [
                paragraph(
                    RIVERS,
                    asked(RIVERS, "What flows through Paris?", "Seine"),
                    asked(RIVERS, "What is long?", "It is long"),
                ),
            ],
        },
        {
            "title": "Bridges",
            "language": "en",
            "paragraphs": [
                paragraph(
                    BRIDGES,
                    asked(BRIDGES, "What does Prague have?", "many bridges", "bridges"),
                    asked(BRIDGES, "What is long?", "long"),
                )
            ],
        },
    ]
    path = tmp_path / "questions.json.gz"
    path.write_bytes(gzip.compress(json.dumps(articles).encode()))
    return path


@pytest.fixture
def articles(question_file: Path) -> tuple[AskedArticle, ...]:
    return load_articles(question_file)
