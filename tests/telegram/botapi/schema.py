"""The Bot API's facts (methods, types, lengths) and the checks of requests and objects against them."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

# A JSON object as it travels: its shape is the schema's business, not Python's.
JsonObject = dict[str, Any]

SCHEMA_FILE = Path(__file__).parent.parent / "bot-api-10.3.json"
# The fields by whose value Telegram tells the members of a union apart.
DISCRIMINATORS = ("type", "status", "source")
# The values that do not follow from the type's name.
IRREGULAR_VALUES = {"ChatMemberOwner": "creator", "ChatMemberBanned": "kicked"}


@dataclass(frozen=True)
class Problem:
    """One disagreement with the schema. `refused` says whether Telegram itself would refuse the request for it;
    what Telegram ignores in silence (an unknown field) is a problem all the same."""

    path: str
    text: str
    refused: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


@dataclass(frozen=True)
class Length:
    """The least and the greatest length of a string, in `unit` (characters or bytes)."""

    least: int
    greatest: int
    unit: str
    after_entities_parsing: bool

    def fits(self, value: str) -> bool:
        size = len(value.encode("utf-8", "surrogatepass")) if self.unit == "bytes" else len(value)
        return self.least <= size <= self.greatest


@dataclass(frozen=True)
class Field:
    """A parameter of a method or a field of a type."""

    name: str
    type: str
    required: bool
    length: Length | None = None


@dataclass(frozen=True)
class ObjectType:
    """A type of the API: its fields by name, or the names of the types that it unites."""

    name: str
    fields: Mapping[str, Field]
    one_of: tuple[str, ...]
    required: tuple[str, ...]


@lru_cache
def alternatives(expression: str) -> tuple[str, ...]:
    """The types that "A or B" names; an "Array of A, B and C" stays one."""
    if expression.startswith("Array of "):
        return (expression,)
    return tuple(re.split(r", | or ", expression))


@lru_cache
def array_items(expression: str) -> tuple[str, ...]:
    """The types of the items of "Array of A, B and C"; one of "Array of Array of A" is itself an array."""
    inner = expression.removeprefix("Array of ")
    return (inner,) if inner.startswith("Array of ") else tuple(re.split(r", | and ", inner))


def discriminator(union: Iterable[str], name: str) -> str:
    """The value by which Telegram recognises member `name` of `union`: BotCommandScopeAllGroupChats of the scopes
    is all_group_chats."""
    if name in IRREGULAR_VALUES:
        return IRREGULAR_VALUES[name]
    words = [re.findall(r"[A-Z][a-z0-9]*", member) for member in union]
    own = re.findall(r"[A-Z][a-z0-9]*", name)
    shared = 0
    while all(len(w) > shared + 1 and w[shared] == own[shared] for w in words):
        shared += 1
    rest = own[shared:]
    if len(rest) > 1 and rest[0] == "Cached":
        rest = rest[1:]
    return "_".join(rest).lower()


class Schema:
    """The facts of one version of the Bot API."""

    def __init__(self, methods: Mapping[str, Mapping[str, Field]], types: Mapping[str, ObjectType]) -> None:
        self.methods = methods
        self.types = types
        self._names = {name.lower(): name for name in methods}

    def method_name(self, name: str) -> str | None:
        """The method's proper name (Telegram reads names without regard to case), None when there is none."""
        return self._names.get(name.lower())

    def problems(self, expression: str, value: object, path: str) -> list[Problem]:
        """What is wrong with `value` as a value of the type `expression`; nothing, when it fits."""
        best: list[Problem] | None = None
        for option in alternatives(expression):
            found = self._option_problems(option, value, path)
            if not found:
                return []
            if best is None or len(found) < len(best):
                best = found
        return best or []

    def _option_problems(self, option: str, value: object, path: str) -> list[Problem]:
        if option.startswith("Array of "):
            return self._array_problems(option, value, path)
        if option in PRIMITIVES:
            return [] if PRIMITIVES[option](value) else [_wrong_type(path, option)]
        if option == "RichText" and isinstance(value, str | list):
            return []
        kind = self.types.get(option)
        if kind is None:
            raise ValueError(f"the schema names no type {option}")
        if option == "InputFile":
            return [] if isinstance(value, str) else [_wrong_type(path, "InputFile")]
        if not isinstance(value, dict):
            return [_wrong_type(path, "Object")]
        return self._union_problems(kind, value, path) if kind.one_of else self._object_problems(kind, value, path)

    def _array_problems(self, option: str, value: object, path: str) -> list[Problem]:
        if not isinstance(value, list):
            return [_wrong_type(path, "Array")]
        items = " or ".join(array_items(option))
        return [p for i, item in enumerate(value) for p in self.problems(items, item, f"{path}[{i}]")]

    def _union_problems(self, kind: ObjectType, value: JsonObject, path: str) -> list[Problem]:
        candidates = list(self._candidates(kind, value))
        if not candidates:
            return [Problem(path, f"is none of {', '.join(kind.one_of)}")]
        return min((self._option_problems(name, value, path) for name in candidates), key=len)

    def _candidates(self, kind: ObjectType, value: JsonObject) -> Iterator[str]:
        for name in kind.one_of:
            fields = self.types[name].fields
            key = next((k for k in DISCRIMINATORS if k in fields and fields[k].type == "String"), None)
            if key is None or value.get(key) == discriminator(kind.one_of, name):
                yield name

    def _object_problems(self, kind: ObjectType, value: JsonObject, path: str) -> list[Problem]:
        found = [Problem(path, f'Can\'t find field "{name}"') for name in kind.required if name not in value]
        for key, item in value.items():
            field = kind.fields.get(key)
            if field is None:
                found.append(Problem(f"{path}.{key}", f"{kind.name} has no such field", refused=False))
                continue
            fits = PRIMITIVES.get(field.type)
            if fits and not field.length and fits(item):
                # Most of every message; without the shortcut the checks take twice the time.
                continue
            found += self.problems(field.type, item, f"{path}.{key}")
            if (
                field.length
                and isinstance(item, str)
                and not _checked_later(kind, field)
                and not field.length.fits(item)
            ):
                found.append(_wrong_length(f"{path}.{key}", field.length, item))
        return found

    def read_parameter(self, field: Field, raw: object, files: Iterable[str]) -> tuple[Any, list[Problem]]:
        """The parameter's value out of a form field (a string), a JSON body (any value) or a file part, and what is
        wrong with it."""
        if field.name in files and "InputFile" in field.type:
            return f"attach://{field.name}", []
        value = raw
        if isinstance(raw, str) and field.type != "String":
            value, readable = _decode(field.type, raw)
            if not readable:
                return None, [_unreadable(field)]
        found = self.problems(field.type, value, field.name)
        length = None if field.length is None or field.length.after_entities_parsing else field.length
        if length and isinstance(value, str) and not length.fits(value):
            found.append(_wrong_length(field.name, length, value))
        return value, found


def _checked_later(kind: ObjectType, field: Field) -> bool:
    """Whether the length counts after the markup is parsed: an inline result's text says so only in its prose."""
    return bool(field.length and field.length.after_entities_parsing) or kind.name == "InputTextMessageContent"


def _decode(expression: str, raw: str) -> tuple[Any, bool]:
    """The value that a form field's text stands for, and whether it could be read."""
    options = alternatives(expression)
    if "Integer" in options and re.fullmatch(r"-?\d{1,19}", raw):
        return int(raw), True
    if "Float" in options:
        return (float(raw), True) if re.fullmatch(r"-?\d+(\.\d+)?", raw) else (None, False)
    if set(options) & {"Boolean", "True"}:
        return raw.lower() in {"true", "1", "yes"}, raw.lower() in {"true", "1", "yes", "false", "0", "no"}
    if set(options) & {"String", "InputFile"}:
        return raw, True
    if options == ("Integer",):
        return None, False
    try:
        return json.loads(raw), True
    except ValueError:
        return None, False


def _unreadable(field: Field) -> Problem:
    if field.type in {"Integer", "Float", "Boolean"}:
        return _wrong_type(field.name, field.type)
    return Problem(field.name, f"Can't parse {field.name.replace('_', ' ')} JSON object")


def _wrong_type(path: str, name: str) -> Problem:
    return Problem(path, f'Field "{path.rpartition(".")[2]}" must be of type {name}')


def _wrong_length(path: str, length: Length, value: str) -> Problem:
    size = len(value.encode("utf-8", "surrogatepass")) if length.unit == "bytes" else len(value)
    return Problem(path, f"has {size} {length.unit}, must have {length.least} to {length.greatest}")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


PRIMITIVES: dict[str, Callable[[object], bool]] = {
    "Integer": _is_integer,
    "Float": lambda value: _is_integer(value) or isinstance(value, float),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
}


def _field(name: str, facts: JsonObject) -> Field:
    length = facts.get("length")
    bounds = length and Length(
        length["min"], length["max"], length["unit"], length.get("after_entities_parsing", False)
    )
    return Field(name, facts["type"], facts["required"], bounds or None)


def _object_type(name: str, facts: JsonObject) -> ObjectType:
    fields = {key: _field(key, field) for key, field in facts["fields"].items()}
    required = tuple(key for key, field in fields.items() if field.required)
    return ObjectType(name, fields, tuple(facts.get("one_of", ())), required)


@lru_cache
def load_schema(path: Path = SCHEMA_FILE) -> Schema:
    """The schema out of its JSON file."""
    facts = json.loads(path.read_text("utf-8"))
    methods = {
        method: {name: _field(name, f) for name, f in fields.items()} for method, fields in facts["methods"].items()
    }
    types = {name: _object_type(name, kind) for name, kind in facts["types"].items()}
    return Schema(methods, types)
