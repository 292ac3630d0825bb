"""The catalogue: plurals, fallbacks, the owner's files, and that code and catalogues name the same messages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.messages import Catalogue, Messages, languages, placeholders, read_catalogue, system_language
from bot.resources import config_folder

BOT = Path(__file__).parent.parent / "bot"
SHIPPED = sorted((config_folder() / "messages").glob("*.toml"))


def catalogue(path: Path) -> Catalogue:
    found = read_catalogue(path)
    assert found is not None
    return found


ENGLISH = catalogue(config_folder() / "messages" / "en.toml")
SECTIONS = {key.split(".")[0] for key in ENGLISH.messages}
KEY = re.compile(r"[a-z]+(\.[a-z_]+)+")


def owner(folder: Path, code: str, text: str) -> Path:
    (folder / "messages").mkdir(exist_ok=True)
    (folder / "messages" / f"{code}.toml").write_text(text, encoding="utf-8")
    return folder


def keys_in_code() -> Iterator[tuple[str, str]]:
    """Every text in the sources that reads like a key of a section of the catalogue, with its place."""
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and KEY.fullmatch(node.value)
                and node.value.split(".")[0] in SECTIONS
                and not node.value.endswith((".toml", ".txt"))
            ):
                yield node.value, f"{path.relative_to(BOT)}:{node.lineno}"


def calls_in_code() -> Iterator[tuple[str, set[str], str]]:
    """Every call of text("a.key", name=...), with the names of its values and its place."""
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[0].value
            if called in ("text", "_text") and isinstance(key, str) and all(word.arg for word in node.keywords):
                yield key, {str(word.arg) for word in node.keywords}, f"{path.relative_to(BOT)}:{node.lineno}"


def prefixes_in_code() -> set[str]:
    """How the keys begin that are put together from a section and a name: f"console.help.{name}"."""
    return {
        node.values[0].value
        for path in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and isinstance(node.values[0].value, str)
        and re.fullmatch(r"[a-z]+\.[a-z_.]*", node.values[0].value)
    }


def test_every_key_in_code_is_in_the_english_catalogue() -> None:
    missing = [f"{place}: {key}" for key, place in keys_in_code() if key not in ENGLISH.messages]
    assert missing == []
    assert len(list(keys_in_code())) > 30


def test_every_call_gives_exactly_the_values_that_its_message_takes() -> None:
    wrong = []
    for key, given, place in calls_in_code():
        if key in ENGLISH.messages:
            wanted = placeholders(ENGLISH.messages[key]) | ({"count"} if key in ENGLISH.plurals else set())
            # A count may choose the form of one message and stand unused beside another one.
            if given - {"count"} != wanted - {"count"} or not wanted <= given:
                wrong.append(f"{place}: {key} takes {sorted(wanted)}, gets {sorted(given)}")
    assert wrong == []


def test_no_message_is_left_that_nothing_uses() -> None:
    used = {key for key, _ in keys_in_code()}
    prefixes = tuple(prefixes_in_code())
    unused = {key for key in ENGLISH.messages if key not in used and not key.startswith(prefixes)}
    assert unused == set()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_catalogue_has_known_keys_and_all_their_placeholders(path: Path) -> None:
    found = read_catalogue(path, english=ENGLISH)
    assert found is not None
    for key, forms in found.messages.items():
        expected = placeholders(ENGLISH.messages[key]) - {"count"}
        assert placeholders(forms) - {"count"} == expected, key


def test_an_unknown_language_is_answered_in_english() -> None:
    messages = Messages.load("tlh")
    assert messages.language == "en"
    assert messages.text("answer.nothing") == "The articles do not say."


@pytest.mark.parametrize("code", ["../../secret", "", "e", "en_US", "a" * 99])
def test_what_is_no_language_code_reads_no_file(code: str, tmp_path: Path) -> None:
    assert Messages.load(code, tmp_path).language == "en"


def test_a_language_falls_back_to_its_parent_and_then_to_english(tmp_path: Path) -> None:
    owner(tmp_path, "pt", 'plural_forms = "nplurals=2; plural=(n > 1);"\n[answer]\nnothing = "Nada."\n')
    owner(tmp_path, "pt-BR", '[answer]\nnear_misses = "Perto:"\n')
    messages = Messages.load("pt-BR", tmp_path)
    assert messages.language == "pt-BR"
    assert messages.text("answer.near_misses") == "Perto:"
    assert messages.text("answer.nothing") == "Nada."
    assert messages.text("answer.also_in", count=0) == "also in 0 other sources"


def test_the_owner_overrides_a_shipped_english_message(tmp_path: Path) -> None:
    owner(tmp_path, "en", '[answer]\nnothing = "Not in here."\n')
    assert Messages.load("en", tmp_path).text("answer.nothing") == "Not in here."
    assert Messages.load("xx", tmp_path).text("answer.nothing") == "Not in here."


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "1 джерело"), (2, "2 джерела"), (5, "5 джерел"), (11, "11 джерел"), (21, "21 джерело"), (112, "112 джерел")],
)
def test_a_plural_form_follows_the_languages_own_rule(count: int, expected: str, tmp_path: Path) -> None:
    rule = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    forms = '["{count} джерело", "{count} джерела", "{count} джерел"]'
    owner(tmp_path, "uk", f'plural_forms = "{rule}"\n[answer]\nalso_in = {forms}\n')
    assert Messages.load("uk", tmp_path).text("answer.also_in", count=count) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[answer\n", "is not valid TOML"),
        ('[answer]\nnothin = "x"\n', r"answer\.nothin is no message; did you mean answer\.nothing\?"),
        ('[answer]\npublished = "{day}"\n', r"\{day\} has no value; the names there are: \{date\}"),
        ('[answer]\npublished = "{date.year}"\n', "is not a plain name in braces"),
        ('[answer]\npublished = "{date"\n', "answer.published"),
        ('[answer]\nalso_in = ["one"]\n', "expected 2 plural forms"),
        ('[answer]\nnothing = ["one", "two"]\n', "expected one text, found a list"),
        ("[answer]\nnothing = 3\n", "expected a text or a list of texts, found 3"),
        ('plural_forms = "many"\n', "nplurals=N; plural=EXPRESSION"),
        ('plural_forms = "nplurals=2; plural=n+;"\n', "take gettext's line"),
        ('plural_forms = "nplurals=2; plural=n;"\n', "beyond the 2"),
    ],
)
def test_a_wrong_catalogue_names_itself_and_the_place(text: str, expected: str, tmp_path: Path) -> None:
    owner(tmp_path, "xx", text)
    with pytest.raises(SettingsError, match=expected) as caught:
        Messages.load("xx", tmp_path)
    assert "xx.toml" in str(caught.value)


def test_a_catalogue_in_another_encoding_is_refused(tmp_path: Path) -> None:
    owner(tmp_path, "xx", "").joinpath("messages/xx.toml").write_bytes('[answer]\nnothing = "ñ"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        Messages.load("xx", tmp_path)


def test_a_missing_key_or_value_is_the_codes_mistake() -> None:
    messages = Messages.load("en")
    with pytest.raises(KeyError, match="no message has the key"):
        messages.text("answer.unheard")
    with pytest.raises(KeyError, match="date"):
        messages.text("answer.published")
    assert "answer.published" in messages
    assert "answer.unheard" not in messages


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "uk_UA.UTF-8"}, "uk-UA"),
        ({"LC_ALL": "C", "LANG": "de_DE"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "es_ES@euro"}, "es-ES"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "../.."}, "en"),
        ({}, "en"),
    ],
)
def test_the_systems_language_comes_from_its_locale(environment: dict[str, str], expected: str) -> None:
    assert system_language(environment) == expected


def test_the_languages_are_the_shipped_and_the_owners(tmp_path: Path) -> None:
    owner(tmp_path, "xx", "")
    assert {"en", "xx"} <= set(languages(tmp_path))
