"""The files that travel with the product: seeds, settings, word lists, messages."""

from functools import cache
from pathlib import Path


@cache
def shipped_folder(name: str) -> Path:
    """The folder `name` ("seeds" or "config") as it was shipped: inside the wheel, or beside `bot/` in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped" / name
    return inside if inside.is_dir() else package.parent / name


def seeds_folder() -> Path:
    """The folder of the starter corpus."""
    return shipped_folder("seeds")


def config_folder() -> Path:
    """The folder of shipped settings, word lists and messages."""
    return shipped_folder("config")
