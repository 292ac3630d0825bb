"""What a Markdown document says of itself before its text: YAML's simple forms between "---", or TOML between "+++"."""

import re
import tomllib
from typing import NamedTuple

from bot.articles.dates import iso_date

_FENCED = re.compile(r"\A(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)\r?\n(?P=fence)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_YAML_LINE = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*))?\Z")
_DATE_FIELDS = ("date", "published", "pubdate", "publishdate", "created")

Fields = dict[str, object]


class FrontMatter(NamedTuple):
    """The fields that articles have; each is empty where the document does not say it."""

    title: str = ""
    published: str | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    url: str | None = None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """What the front matter says, and the text after it; all of the text when there is none."""
    match = _FENCED.match(text)
    if match is None:
        return FrontMatter(), text
    fields = _toml(match["body"]) if match["fence"] == "+++" else _yaml(match["body"])
    if not fields:
        return FrontMatter(), text
    matter = FrontMatter(
        title=_string(fields.get("title")),
        published=next((iso_date(str(fields[name])) for name in _DATE_FIELDS if fields.get(name)), None),
        language=_string(fields.get("language") or fields.get("lang")),
        tags=_tags(fields.get("tags") or fields.get("keywords")),
        url=_string(fields.get("url") or fields.get("canonical_url")) or None,
    )
    return matter, text[match.end() :]


def _toml(body: str) -> Fields:
    try:
        return {key.lower(): value for key, value in tomllib.loads(body.replace("\r\n", "\n")).items()}
    except tomllib.TOMLDecodeError:
        return {}


def _yaml(body: str) -> Fields:
    """The top-level scalars and lists; empty when a line before the first field shows that it is no front matter."""
    fields: Fields = {}
    key = ""
    for line in body.splitlines():
        item = line.strip()
        match = _YAML_LINE.match(line)
        if match:
            key = match["key"].lower()
            fields[key] = _scalar(match["value"] or "")
        elif key and item.startswith("- "):
            before = fields[key]
            fields[key] = [*(before if isinstance(before, list) else []), _unquoted(item[2:].strip())]
        elif item and not item.startswith("#") and not key:
            return {}
    return fields


def _scalar(value: str) -> object:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(part.strip()) for part in value[1:-1].split(",") if part.strip()]
    return _unquoted(value)


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace("''", "'") if value[0] == "'" else value[1:-1].replace('\\"', '"')
    return value.partition(" #")[0].rstrip()


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _tags(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(str(tag).strip() for tag in value if str(tag).strip()))
