"""Fitted files: numbers that `verbatim fit` wrote as TOML, read into the structure that they have."""

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from bot.errors import SettingsError

T = TypeVar("T")


def read_fitted(path: Path, structure: type[T], *, kind: str) -> T:
    """What a file of fitted numbers holds. Raises SettingsError that names the file, of which `kind` it should be, and
    what is wrong in it."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), structure)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"{path}: is no file of {kind} ({error}); install the product again") from error
