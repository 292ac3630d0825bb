"""The messages: everything that users read, by key, in their language.

A catalogue is a TOML file, config/messages/<code>.toml, and beside it the owner's messages/<code>.toml. Its tables
nest to dotted keys ("console.greeting"). A message is a text with {names} in it, or a list with one text per plural
form, chosen by the value `count` and by the file's own gettext rule (`plural_forms`).
"""

import difflib
import gettext
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from bot.errors import SettingsError
from bot.resources import config_folder

FOLDER = "messages"
ENGLISH = "en"
HEADERS = ("name", "plural_forms")
"""The keys of a catalogue file that are no messages: the language's own name, and gettext's Plural-Forms."""

_CODE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*(.+?)\s*;?\s*")

Forms = tuple[str, ...]
"""The texts of one message: one alone, or one per plural form."""


class Catalogue(NamedTuple):
    """The messages of one file, by key, with its language's rule for plurals."""

    messages: dict[str, Forms]
    plurals: frozenset[str]
    plural: Callable[[int], int]


class Messages:
    """The messages of one language, each falling back to English where the language lacks it."""

    def __init__(self, language: str, catalogues: tuple[Catalogue, ...]) -> None:
        self.language = language
        self._catalogues = catalogues

    @classmethod
    def load(cls, language: str, owner_folder: Path | None = None) -> "Messages":
        """The messages for a language code ("uk", "pt-BR"); English when there is no catalogue for it.

        The owner's file of the same language goes before the shipped one, message by message. Raises SettingsError
        for a file that cannot be read, holds a key or a {name} that English lacks, or a wrong number of plurals.
        """
        english = _english()
        found: list[Catalogue] = []
        code = ENGLISH
        for candidate in _fallbacks(language):
            layers = list(_layers(candidate, owner_folder, english))
            if layers and not found:
                code = candidate
            found += layers
        return cls(code, (*found, english))

    def text(self, key: str, /, **values: str | int | float) -> str:
        """The message with its values put in; of several plural forms the one for the value `count`.

        Raises KeyError for an unknown key and for a missing value: both are mistakes in the code that asks.
        """
        for catalogue in self._catalogues:
            forms = catalogue.messages.get(key)
            if forms is not None:
                form = catalogue.plural(int(values["count"])) if key in catalogue.plurals else 0
                return forms[form].format_map(values)
        raise KeyError(f"no message has the key {key!r}")

    def __contains__(self, key: object) -> bool:
        return any(key in catalogue.messages for catalogue in self._catalogues)


@cache
def _english() -> Catalogue:
    """The shipped English catalogue, read once."""
    english = read_catalogue(config_folder() / FOLDER / f"{ENGLISH}.toml")
    if english is None:
        raise SettingsError(f"{config_folder() / FOLDER}: en.toml is missing; install the product again")
    return english


def system_language(environment: Mapping[str, str]) -> str:
    """The language code that the environment's locale asks for: "uk-UA" for LANG=uk_UA.UTF-8, "en" for C or none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            code = re.split(r"[.@]", environment[name])[0].replace("_", "-")
            return code if _CODE.fullmatch(code) and code.upper() != "POSIX" else ENGLISH
    return ENGLISH


def languages(owner_folder: Path | None = None) -> tuple[str, ...]:
    """The codes of all languages that have a catalogue, shipped or the owner's, in alphabetical order."""
    folders = [config_folder() / FOLDER, *([owner_folder / FOLDER] if owner_folder else [])]
    return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.toml")}))


def read_catalogue(path: Path, *, english: Catalogue | None = None) -> Catalogue | None:
    """The catalogue in one file, or None when there is no such file; checked against `english` when that is given."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as UTF-8 text ({error}): save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from error
    count, plural = _plural_rule(table, path)
    messages, plurals = {}, set()
    for key, value in _flat(table):
        forms = tuple(value) if isinstance(value, list) else (value,)
        if not all(isinstance(form, str) for form in forms):
            raise SettingsError(f"{path}: {key}: expected a text or a list of texts, found {value!r}")
        if isinstance(value, list):
            plurals.add(key)
            if len(forms) != count:
                raise SettingsError(f"{path}: {key}: expected {count} plural forms (plural_forms), found {len(forms)}")
        messages[key] = forms
        _check(key, forms, path, english, plural=key in plurals)
    return Catalogue(messages, frozenset(plurals), plural)


def placeholders(forms: Forms) -> frozenset[str]:
    """The {names} in any of a message's forms. Raises ValueError for anything in braces that is not a plain name."""
    names = set()
    for form in forms:
        for _, name, specification, conversion in Formatter().parse(form):
            if name is None:
                continue
            if not name.isidentifier() or specification or conversion:
                raise ValueError(f"{{{name}}} is not a plain name in braces")
            names.add(name)
    return frozenset(names)


def _layers(code: str, owner_folder: Path | None, english: Catalogue) -> Iterator[Catalogue]:
    """The owner's and the shipped catalogue of one language, as far as they exist; English itself is not repeated."""
    paths = [owner_folder / FOLDER / f"{code}.toml"] if owner_folder is not None else []
    if code != ENGLISH:
        paths.append(config_folder() / FOLDER / f"{code}.toml")
    for path in paths:
        catalogue = read_catalogue(path, english=english)
        if catalogue is not None:
            yield catalogue


def _fallbacks(language: str) -> list[str]:
    """The codes to look for, the most exact first, English last: "pt-BR" gives pt-BR, pt, en."""
    parts = language.split("-") if _CODE.fullmatch(language) else []
    codes = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return list(dict.fromkeys([*codes, ENGLISH]))


def _plural_rule(table: dict[str, Any], path: Path) -> tuple[int, Callable[[int], int]]:
    """How many plural forms a file's language has, and which one a number takes."""
    written = table.get("plural_forms", "nplurals=2; plural=(n != 1);")
    match = _PLURAL_FORMS.fullmatch(written) if isinstance(written, str) else None
    try:
        if match is None:
            raise ValueError("it does not read nplurals=N; plural=EXPRESSION;")
        count, rule = int(match[1]), gettext.c2py(match[2])
        if any(not 0 <= rule(number) < count for number in range(200)):
            raise ValueError(f"it gives a form beyond the {count} that it names")
    except (ValueError, ZeroDivisionError) as error:
        raise SettingsError(f"{path}: plural_forms = {written!r}: {error}; take gettext's line for it") from error
    return count, rule


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif prefix or name not in HEADERS:
            yield prefix + name, value


def _check(key: str, forms: Forms, path: Path, english: Catalogue | None, *, plural: bool) -> None:
    """Raise SettingsError when a message could not be shown in the place of the English one."""
    try:
        names = placeholders(forms)
    except ValueError as error:
        raise SettingsError(f"{path}: {key}: {error}; write {{{{ and }}}} for braces themselves") from error
    if english is None:
        return
    if key not in english.messages:
        close = difflib.get_close_matches(key, english.messages, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise SettingsError(f"{path}: {key} is no message{hint}")
    known = placeholders(english.messages[key]) | ({"count"} if key in english.plurals else set())
    if plural and "count" not in known:
        raise SettingsError(f"{path}: {key}: expected one text, found a list; no number chooses between its forms")
    if names - known:
        allowed = ", ".join(f"{{{name}}}" for name in sorted(known)) or "none"
        raise SettingsError(f"{path}: {key}: {{{min(names - known)}}} has no value; the names there are: {allowed}")
