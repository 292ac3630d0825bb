"""The house's arrows run down: no module imports one that stands above it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
FLOORS = {
    "errors": 0, "resources": 0, "settings": 1, "wordlists": 1, "messages": 1,
    "storage": 2, "articles": 3, "retrieval": 4, "answering": 5, "evaluation": 6,
    "house": 6, "telegram": 7, "console": 7, "app": 8, "cli": 9, "__main__": 10,
}  # fmt: skip
"""Where each room of bot/ stands; a new room gets its floor here."""


def modules() -> list[Path]:
    return sorted(BOT.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(BOT).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [node.module or ""] if node.module != "bot" else [f"bot.{name}" for name in names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "bot" and len(parts) > 1:
                yield node.lineno, parts[1]


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in modules()} - {"__init__"}
    assert rooms <= set(FLOORS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(BOT)))
def test_no_import_runs_up_the_house(path: Path) -> None:
    here = room_of(path)
    upward = [
        f"line {line}: {here} imports {there}"
        for line, there in imported_rooms(path)
        if here != "__init__" and FLOORS.get(there, 0) > FLOORS[here]
    ]
    assert upward == []


@pytest.mark.parametrize("room", ["telegram", "console"])
def test_an_interface_knows_nothing_of_ranking(room: str) -> None:
    inner = {"ranking", "features", "confidence", "signs", "standing", "folding", "correction", "marking"}
    for path in (BOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.answering."):
                assert (node.module or "").split(".")[2] not in inner, f"{path}: imports {node.module}"
