"""Finding the way: links to answers, commands that there are not, and what chats and people chose."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation, Turn
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import link_to, linked
from bot.telegram.html import isolated
from bot.telegram.rendering import page_of

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, Membership, bot_process
from .botapi.chats import User
from .botapi.people import Person, plain_fields
from .botapi.places import Group
from .botapi.processes import ROOT

HIDDEN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
"""As whom an anonymous admin writes, in every group."""


async def says_anonymously(group: Group, text: str) -> None:
    """An admin of a group writes in its name."""
    person = Person(group.account, group.chat, HIDDEN)
    await person.sends({"sender_chat": group.chat.to_json()} | plain_fields(text))


async def test_an_answer_is_linked_under_its_sources(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers")
    olena, petro = group.joins(server.user("Olena")), server.private_chat("Petro")
    await olena.says(f"@verbatim_bot {KEEPER}")
    answer = await group.receives()
    await olena.presses(answer, "Source")
    (link,) = [one["url"] for one in (await group.sees_edit(answer)).entities if "t.me" in one.get("url", "")]
    assert link.startswith("https://t.me/verbatim_bot?start=")
    await petro.says(f"/start {link.partition('start=')[2]}")
    assert (await petro.receives()).parts("blockquote") == [KEPT]
    await petro.says(f"/start {link.partition('start=')[2]}-1")
    further = await petro.receives()
    assert KEPT not in further.parts("blockquote")
    assert "Back" in further.buttons


@pytest.mark.parametrize("payload", ["x" * 12, "a-b_c-d_e-f_-9"])
async def test_a_link_to_an_answer_that_is_gone_says_so(server: BotApiServer, served: BotProcess, payload: str) -> None:
    olena = server.private_chat("Olena")
    await olena.says(f"/start {payload}")
    assert "do not have this answer" in (await olena.receives()).text


@pytest.mark.parametrize("payload", ["inline", "<b>", "x" * 64, "💥", "a b c", "%00"])
async def test_any_other_start_is_a_welcome(server: BotApiServer, served: BotProcess, payload: str) -> None:
    olena = server.private_chat("Olena")
    await olena.says(f"/start {payload}")
    assert "I know 3 articles" in (await olena.receives()).text


async def test_an_unknown_command_is_named(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    for command in ("/stat", "/<b>", "/" + "x" * 60):
        await olena.says(command)
        reply = await olena.receives()
        if command == "/stat":
            assert reply.text == "/stat is no command of mine; /help shows those that there are."
        assert reply.parts("bold") in ([], ["The articles do not say."])


async def test_settings_of_a_private_chat_choose_its_users_language(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena", language_code="en")
    await olena.says("/settings")
    settings = await olena.receives()
    assert "Language: English" in settings.text
    await olena.presses(settings, "Deutsch")
    assert "Deutsch" in (await olena.sees_edit(settings)).text
    await olena.says("/privacy")
    assert "Was ich aufhebe" in (await olena.receives()).text


async def test_an_anonymous_admin_is_one(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers")
    petro = group.joins(server.user("Petro"))
    await says_anonymously(group, "/settings")
    assert "Settings of this chat" in (await group.receives()).text
    await petro.says("/settings")
    assert "Only admins" in (await group.receives()).text


async def test_a_group_answers_from_the_collection_that_its_admins_chose(server: BotApiServer, tmp_path: Path) -> None:
    library = tmp_path / "library"
    fill(library, tmp_path / "articles.jsonl")
    async with bot_process(server, library):
        group = server.group("Readers")
        ada = group.joins(server.user("Ada"), Membership.ADMINISTRATOR)
        answers = {}
        for collection in ("north", "south", "All articles"):
            await ada.says("/settings")
            settings = await group.receives()
            await ada.presses(settings, collection)
            assert f"Articles: {collection}" in (await group.sees_edit(settings)).text
            await ada.says("/ask Who is the mayor of Orvola?")
            answers[collection] = (await group.receives()).parts("bold")
        other = server.private_chat("Olena")
        await other.says("Who is the mayor of Orvola?")
        assert (await other.receives()).parts("bold")
    assert answers["north"] == ["Ilmari Saari"]
    assert answers["south"] == ["Petra Holm"]
    assert answers["All articles"]


def fill(library: Path, file: Path) -> None:
    """A library of two collections that say different things."""
    articles = (("north", "Ilmari Saari"), ("south", "Petra Holm"))
    lines = [
        json.dumps({"text": f"The mayor of Orvola is {name}.", "source": f"{tag}.txt", "title": tag, "tags": [tag]})
        for tag, name in articles
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "bot", "--library", str(library), "add", str(file)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)


async def test_anonymous_admins_of_two_groups_are_two_askers(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment={"VERBATIM_TELEGRAM_QUESTIONS_PER_MINUTE": "1"}):
        groups = [server.group(name) for name in ("Readers", "Writers")]
        for group in groups:
            await says_anonymously(group, f"/ask {KEEPER}")
            assert (await group.receives()).parts("blockquote") == [KEPT]


async def test_a_supergroup_keeps_what_its_group_chose(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers", supergroup=False)
    user = server.user("Ada")
    ada = group.joins(user, Membership.ADMINISTRATOR)
    await ada.says("/settings")
    settings = await ada.receives()
    await ada.presses(settings, "Español")
    await ada.sees_edit(settings)
    heir = group.becomes_supergroup()
    await heir.joins(user).says("/ask Who painted the ceiling of the opera in Vienna?")
    assert "artículos" in (await heir.receives()).text


async def test_an_edited_question_whose_answer_was_deleted_gets_another(
    server: BotApiServer, served: BotProcess
) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("When was the lighthouse of Karvala built?")
    answer = await olena.receives()
    del olena.chat.messages[answer.id]
    await olena.edits(question, KEEPER)
    assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_a_closed_bot_says_so_inline(server: BotApiServer, library: Path) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, library, environment={"VERBATIM_TELEGRAM_ALLOWED": "1"}):
        offered = await olena.asks_inline(KEEPER)
        assert offered.results == []
        assert "not open to everybody" in (offered.button or {})["text"]


def test_a_link_holds_key_and_page_and_nothing_else_is_one() -> None:
    key = "a-b_c-d_e-f_"
    assert link_to(key, 0, bot="verbatim_bot") == f"https://t.me/verbatim_bot?start={key}"
    for page in (0, 1, 12):
        assert linked(link_to(key, page, bot="b").partition("start=")[2]) == (key, page)
    assert [linked(text) for text in ("", "inline", key + "-", key + "-1234", key + "x")] == [None] * 5


def test_each_quote_is_on_the_page_that_is_linked() -> None:
    assert [page_of(number) for number in range(8)] == [0, 1, 1, 1, 2, 2, 2, 3]


def test_a_title_from_right_to_left_keeps_its_line_in_order() -> None:
    assert isolated("Lights") == "Lights"
    assert isolated("אורות") == "\u2068אורות\u2069"


def test_what_was_said_before_stays_with_its_asker() -> None:
    answer = Answer(question="?", answered=False, confidence=0.0, quotes=())
    said = Conversation((Turn(question="a secret", quote="", at=0.0),))
    kept = KeptAnswer(id="k", chat=1, asker=1, question=1, asked="?", language="en", answer=answer, conversation=said)
    assert kept.given_to("k" * 12, chat=1, asker=2, language="en").conversation == Conversation()
