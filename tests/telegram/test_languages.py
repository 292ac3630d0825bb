"""Every text that a user of Telegram's sees is in their language: in a made-up one that leaves no English letter in any
message, whatever English word the bot sends is either the articles' or the asker's, or was forgotten."""

import json
import re
from pathlib import Path

import pytest

from bot.articles.readers import SUFFIXES
from bot.messages import languages, read_catalogue

from .articles import ARTICLES, KEEPER
from .botapi import BotApiServer, Seen, bot_process
from .botapi.entities import from_json
from .botapi.people import Person
from .botapi.schema import JsonObject

MADE_UP = "qq"
FOLDER = Path(__file__).parents[2] / "config" / "messages"
NAMES = re.compile(r"(\{\w+\})")
QUOTED = {"blockquote", "expandable_blockquote", "code", "text_link"}
"""What stands under these is the articles' or the readers' own."""
NOT_SAID = "Who painted the ceiling of the opera in Vienna?"
OWN = (
    NOT_SAID,
    *(article["title"] or "" for article in ARTICLES),
    *("example.org/lights", "paper.txt", "winters.txt"),
    *sorted(SUFFIXES, key=len, reverse=True),
    *("flood", "keeeper", "keeper", "unwritten", "painted", "printed", "verbatim_bot", "https://t.me/"),
)
"""What is the articles', the asker's or nobody's language: titles, questions, names."""
ENGLISH_WORDS = re.compile(r"\b(the|and|you|your|are|is|this|that|with|what|from|of|it|not|answer)\b", re.IGNORECASE)


def made_up(text: str) -> str:
    """A text without one English letter, its {names} as they were."""
    return "".join(part if NAMES.fullmatch(part) else re.sub("[A-Za-z]", "λ", part) for part in NAMES.split(text))


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """A settings file beside a catalogue of the made-up language."""
    english = read_catalogue(FOLDER / "en.toml")
    assert english is not None
    lines = ['name = "Λλ"', 'plural_forms = "nplurals=2; plural=(n != 1);"']
    for key, forms in english.messages.items():
        texts = [made_up(form) for form in forms]
        value: object = texts if key in english.plurals else texts[0]
        lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    folder = tmp_path / "own"
    (folder / "messages").mkdir(parents=True)
    (folder / "messages" / f"{MADE_UP}.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "bot.toml").write_text("", encoding="utf-8")
    return folder / "bot.toml"


def leftovers(text: str, entities: list[JsonObject]) -> list[str]:
    """The English words of a text that are neither quoted nor somebody's own."""
    spans = [(one.start, one.end, one.type) for one in from_json(text, entities)]
    quoted = sorted((start, end) for start, end, kind in spans if kind in QUOTED or is_sample(text, start, kind))
    rest, position = "", 0
    for start, end in quoted:
        rest += text[position : max(start, position)] + " "
        position = max(end, position)
    rest += text[position:]
    for own in OWN:
        rest = rest.replace(own, " ")
    return re.findall(r"[A-Za-z]{2,}", rest)


def is_sample(text: str, start: int, kind: str) -> bool:
    """Whether a piece of text is a question to try, which is in the articles' language."""
    return kind == "italic" and text[:start].endswith("• ")


def labels(message: Seen) -> list[str]:
    """The labels under a message; names of languages and of collections are nobody's to translate."""
    return [
        button["text"]
        for row in message.keyboard
        for button in row
        if not re.match(r"(set:)?lang:\w|set:tag:\w", button.get("callback_data", ""))
    ]


async def test_nothing_english_is_left_in_a_private_chat(
    server: BotApiServer, library: Path, settings_file: Path
) -> None:
    seen: list[str] = []
    environment = {"VERBATIM_CONFIG": str(settings_file), "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0"}
    async with bot_process(server, library, environment=environment):
        olena = server.private_chat("Olena", language_code=MADE_UP)
        for text in (
            "/start", "/start nonsense", "/help", "/privacy", "/language", "/settings", "/sources", "/latest", "/ask",
            "/remove x", "???", "hello", "what do you know?", NOT_SAID,
        ):  # fmt: skip
            await olena.says(text)
            seen += sent(await olena.receives())
        await olena.sends_document("flood.txt", b"x")
        seen += sent(await olena.receives())
        seen += await pressed(olena, KEEPER, ("Context", "Why", "Source", "More"))
        seen += await pressed(olena, "Who was the keeeper of the lighthouse?", ("uncorrected",))
        seen += await pressed(olena, "What colour is the lighthouse of Karvala?", ("near_misses",))
        await olena.says("/start")
        press = await olena.presses_data(await olena.receives(), "p:unknown:1")
        seen.append((await press.answered()).text)
        for question in ("", NOT_SAID):
            offered = await olena.asks_inline(question)
            seen.append((offered.button or {})["text"])
        offered = await olena.asks_inline(KEEPER)
        seen += labels((await olena.chooses(offered)).seen)
        await olena.says("/forget")
        seen += sent(await olena.receives())
    assert {text: found for text in seen if (found := leftovers(text, []))} == {}


async def test_nothing_english_is_left_for_admins_and_in_groups(
    server: BotApiServer, library: Path, settings_file: Path
) -> None:
    seen: list[str] = []
    ada = server.private_chat("Ada", language_code=MADE_UP)
    environment = {
        "VERBATIM_CONFIG": str(settings_file),
        "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0",
        "VERBATIM_TELEGRAM_ADMINS": str(ada.user.id),
        "VERBATIM_TELEGRAM_QUESTIONS_PER_MINUTE": "6",
    }
    async with bot_process(server, library, environment=environment):
        group = server.group("Readers")
        olena, petro = (group.joins(server.user(name, language_code=MADE_UP)) for name in ("Olena", "Petro"))
        seen += await fed(ada)
        for text in ("/help", "/stats", "/unanswered", "/sync", "/remove", "/remove unwritten", "/remove flood"):
            await ada.says(text)
            seen += sent(await ada.receives())
        await petro.says("/settings")
        seen += sent(await group.receives())
        await olena.says(f"@verbatim_bot {KEEPER}")
        answer = await group.receives()
        press = await petro.presses_data(answer, answer.keyboard[0][0]["callback_data"])
        seen.append((await press.answered()).text)
        press = await olena.presses_data(answer, answer.keyboard[-1][0]["callback_data"])
        seen.append((await press.answered()).text)
        for _ in range(6):
            await petro.says("/ask")
            seen += sent(await group.receives())
    commands = [value for key, value in server.account.settings.items() if key[0] == "commands" and MADE_UP in key]
    assert commands
    seen += [entry["description"] for menu in commands if isinstance(menu, list) for entry in menu]
    assert {text: found for text in seen if (found := leftovers(text, []))} == {}


async def test_nothing_english_is_left_where_the_bot_is_closed(
    server: BotApiServer, library: Path, settings_file: Path
) -> None:
    olena = server.private_chat("Olena", language_code=MADE_UP)
    environment = {"VERBATIM_CONFIG": str(settings_file), "VERBATIM_TELEGRAM_ALLOWED": "1"}
    async with bot_process(server, library, environment=environment):
        await olena.says(KEEPER)
        (words,) = sent(await olena.receives())
    assert leftovers(words, []) == []


async def fed(ada: Person) -> list[str]:
    """What an admin is told of what they send."""
    seen: list[str] = []
    documents = (("flood.txt", b"The river Ossa rose."), ("flood.txt", b"The river Ossa rose."), ("bad.pdf", b"no"))
    for name, content in documents:
        await ada.sends_document(name, content)
        reading = await ada.receives()
        seen += sent(reading) + sent(await ada.sees_edit(reading))
    for name, size in (("tool.exe", 3), ("big.txt", 30_000_000)):
        await ada.sends_document(name, b"x", size=size)
        seen += sent(await ada.receives())
    await ada.says("http://127.0.0.1:1/nowhere")
    reading = await ada.receives()
    return seen + sent(await ada.sees_edit(reading))


async def pressed(person: Person, question: str, buttons: tuple[str, ...]) -> list[str]:
    """What an answer shows before and after each of its buttons, by the made-up labels of their messages."""
    english = read_catalogue(FOLDER / "en.toml")
    assert english is not None
    await person.says(question)
    answer = await person.receives()
    seen = sent(answer)
    for name in buttons:
        key = f"telegram.button.{name.lower()}"
        await person.presses(answer, made_up(english.messages[key][0]))
        answer = await person.sees_edit(answer)
        seen += sent(answer)
    return seen


def sent(message: Seen) -> list[str]:
    """What of a message is the bot's own to say: its text without what is quoted, and its labels."""
    words = leftovers(message.text, message.entities)
    return [" ".join(words), *labels(message)]


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_no_translation_keeps_english_words(code: str) -> None:
    english, own = read_catalogue(FOLDER / "en.toml"), read_catalogue(FOLDER / f"{code}.toml")
    assert english is not None
    assert own is not None
    odd = {
        key: form
        for key, forms in own.messages.items()
        for form in forms
        if found_english(code, form) or (form in english.messages[key] and re.search("[a-z]{3}", NAMES.sub("", form)))
    }
    assert odd == ({"telegram.button.source": "Source"} if code == "fr" else {})


def found_english(code: str, text: str) -> list[str]:
    """The English words of a translation; none in commands, names and what stands in braces."""
    plain = re.sub(r"/\w+|@\S+|\{\w+\}|[Vv]erbatim( add| articles)?|Ctrl-[CD]", " ", text)
    words = re.findall(r"[A-Za-z]{2,}", plain) if code in {"ru", "uk"} else ENGLISH_WORDS.findall(plain)
    return [word for word in words if word not in {"MB", "Telegram", "TITLE"}]
