"""The local Bot API server against python-telegram-bot's own client: messages, buttons, files, settings."""

import asyncio

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from .botapi import BotApiServer, Membership

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")],
                                 [InlineKeyboardButton("Source", url="https://example.org/")]])  # fmt: skip


async def test_the_bot_learns_who_it_is(bot: Bot, server: BotApiServer) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.can_read_all_group_messages) == (4839574812, "verbatim_bot", False)


async def test_a_message_arrives_as_it_is_shown(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena", language_code="uk")
    sent = await bot.send_message(
        olena.user.id,
        "<blockquote>🏟 <b>Kyiv</b> &amp; Lviv</blockquote>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    seen = await olena.receives()
    assert (sent.text, seen.text, seen.id) == ("🏟 Kyiv & Lviv", "🏟 Kyiv & Lviv", sent.message_id)
    assert seen.html == "<blockquote>🏟 <b>Kyiv</b> &amp; Lviv</blockquote>"
    assert sent.text_html == "<blockquote>🏟 <b>Kyiv</b> &amp; Lviv</blockquote>"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("blockquote", 0, 14), ("bold", 3, 4)]
    assert seen.buttons == ["More", "Source"]
    assert seen.parts("bold") == ["Kyiv"]
    assert sent.link_preview_options is not None
    assert sent.link_preview_options.is_disabled


async def test_an_answer_quotes_what_it_answers(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("Who leads 🏟 Wagner?")
    await bot.send_message(olena.user.id, "x", reply_parameters=ReplyParameters(question.id, quote="Wagner"))
    seen = await olena.receives()
    assert seen.reply_to_id == question.id
    assert seen.message["quote"] == {"text": "Wagner", "position": 13, "is_manual": True}
    with pytest.raises(BadRequest, match="Quote_text_invalid"):
        await bot.send_message(olena.user.id, "x", reply_parameters=ReplyParameters(question.id, quote="Putin"))
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(olena.user.id, "x", reply_parameters=ReplyParameters(99))
    await bot.send_message(olena.user.id, "y", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True))
    assert (await olena.receives()).reply_to_id is None


async def test_an_edit_changes_text_and_buttons(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    sent = await bot.send_message(olena.user.id, "one", reply_markup=KEYBOARD)
    seen = await olena.receives()
    await bot.edit_message_text("<i>two</i>", olena.user.id, sent.message_id, parse_mode="HTML")
    edited = await olena.sees_edit(seen)
    assert (edited.html, edited.buttons) == ("<i>two</i>", [])
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("<i>two</i>", olena.user.id, sent.message_id, parse_mode="HTML")
    await bot.edit_message_reply_markup(olena.user.id, sent.message_id, reply_markup=KEYBOARD)
    assert (await olena.sees_edit(edited)).buttons == ["More", "Source"]
    await bot.delete_message(olena.user.id, sent.message_id)
    await olena.sees_deletion(seen)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("three", olena.user.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(olena.user.id, sent.message_id)


async def test_somebody_elses_message_cannot_be_edited(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("Who?")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("I", olena.user.id, question.id)


async def test_broken_requests_are_refused_and_put_down(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    for text in ("<b>x", "<p>x</p>", "x" * 4097, " "):
        with pytest.raises(BadRequest):
            await bot.send_message(olena.user.id, text, parse_mode="HTML")
    long_data = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="ж" * 33)]])
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(olena.user.id, "x", reply_markup=long_data)
    with pytest.raises(BadRequest, match="text buttons are unallowed"):
        await bot.send_message(olena.user.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x")]]))
    assert [violation.method for violation in server.violations] == ["sendMessage"] * 6
    assert str(server.violations[0]) == (
        "sendMessage: Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    )
    server.violations.clear()


@pytest.mark.parametrize(
    ("method", "body", "status", "description"),
    [
        ("sendMessage", {"chat_id": 1}, 400, "Bad Request: message text is empty"),
        ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": 5}, 400, 'Bad Request: field "text" must be of type String'),
        ("sendMassage", {}, 404, "Not Found: method not found"),
        ("sendDice", {"chat_id": 1}, 501, "Not Implemented: this server does not carry out sendDice"),
        ("sendChatAction", {"chat_id": 1, "action": "yawning"}, 400,
         "Bad Request: wrong parameter action in request"),
        ("setMyCommands", {"commands": [{"command": "Ask!", "description": "x"}]}, 400,
         "Bad Request: BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "ask"}]}, 400,
         "Bad Request: can't parse commands: Can't find field \"description\" at commands[0]"),
    ],
)  # fmt: skip
async def test_a_raw_request_gets_this_answer(
    server: BotApiServer, method: str, body: dict[str, object], status: int, description: str
) -> None:
    url = f"{server.base_url}{server.account.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        answer = await response.json()
    assert (response.status, answer) == (status, {"ok": False, "error_code": status, "description": description})
    assert len(server.violations) == 1
    server.violations.clear()


async def test_an_unknown_parameter_is_ignored_as_telegram_does_and_put_down(server: BotApiServer) -> None:
    url = f"{server.base_url}{server.account.token}/getMe"
    async with aiohttp.ClientSession() as session, session.get(url, params={"colour": "red"}) as response:
        assert response.status == 200
    assert [str(violation) for violation in server.violations] == ["getMe: the method has no parameter colour"]
    server.violations.clear()


async def test_an_unknown_token_is_refused(server: BotApiServer) -> None:
    stranger = Bot("1:wrong", base_url=server.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.address}/bot1:wrong/getMe") as response:
            assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")
        async with session.get(f"{server.address}/botwrong/getMe") as response:
            assert (response.status, (await response.json())["description"]) == (404, "Not Found")


async def test_chats_that_are_closed_to_the_bot_say_so(bot: Bot, server: BotApiServer) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "x")
    olena = server.private_chat("Olena", started=False)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(olena.user.id, "x")
    await olena.says("/start")
    await olena.blocks_bot()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(olena.user.id, "x")
    await olena.unblocks_bot()
    await bot.send_message(olena.user.id, "x")
    group = server.group()
    await group.joins(server.user("Petro")).removes_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.chat.id, "x")


async def test_a_group_that_became_a_supergroup_says_where_it_went(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Readers", supergroup=False)
    heir = group.becomes_supergroup()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.chat.id, "x")
    assert caught.value.new_chat_id == heir.chat.id
    await bot.send_message(heir.chat.id, "x")
    messages = [update.message for update in await bot.get_updates()]
    assert [m.migrate_to_chat_id or m.migrate_from_chat_id for m in messages if m] == [heir.chat.id, group.chat.id]


async def test_a_topic_keeps_its_answers(bot: Bot, server: BotApiServer) -> None:
    forum = server.group(forum=True)
    topic = forum.opens_topic("War")
    await bot.send_message(forum.chat.id, "x", message_thread_id=topic)
    seen = await forum.receives(thread=topic)
    assert (seen.thread_id, seen.message["is_topic_message"]) == (topic, True)
    await bot.send_chat_action(forum.chat.id, "typing", message_thread_id=topic)
    await forum.sees_action("typing", thread=topic)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.chat.id, "x", message_thread_id=1)
    forum.closes_topic(topic)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.chat.id, "x", message_thread_id=topic)


async def test_a_pressed_button_is_answered_once_and_in_time(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    await bot.send_message(olena.user.id, "x", reply_markup=KEYBOARD)
    answer = await olena.receives()
    press = await olena.presses(answer, "More")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert (update.callback_query.data, update.callback_query.from_user.id) == ("more:1", olena.user.id)
    await bot.answer_callback_query(update.callback_query.id, text="Here", show_alert=True)
    assert (await press.answered()).text == "Here"
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(update.callback_query.id)
    late = await olena.presses(answer, "More")
    late.query.expires = 0.0
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(late.query.id)
    with pytest.raises(LookupError, match="opens something"):
        await olena.presses(answer, "Source")
    with pytest.raises(LookupError, match=r"there are \['More', 'Source'\]"):
        await olena.presses(answer, "Less")


async def test_commands_are_kept_per_scope_and_language(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    await bot.set_my_commands([BotCommand("ask", "Ask")])
    await bot.set_my_commands([BotCommand("ask", "Запитати")], language_code="uk")
    await bot.set_my_commands([BotCommand("settings", "Settings")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([BotCommand("sync", "Sync")], scope=BotCommandScopeChat(olena.user.id))
    assert [c.description for c in await bot.get_my_commands()] == ["Ask"]
    assert [c.description for c in await bot.get_my_commands(language_code="uk")] == ["Запитати"]
    assert [c.command for c in await bot.get_my_commands(scope=BotCommandScopeAllGroupChats())] == ["settings"]
    await bot.delete_my_commands(language_code="uk")
    assert await bot.get_my_commands(language_code="uk") == ()
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([], scope=BotCommandScopeChat(1))


async def test_texts_and_menu_of_the_bot_are_kept(bot: Bot, server: BotApiServer) -> None:
    await bot.set_my_description("Answers", language_code="en")
    await bot.set_my_short_description("Quotes")
    await bot.set_my_name("Verbatim 2")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_my_description(language_code="en")).description == "Answers"
    assert (await bot.get_my_short_description(language_code="uk")).short_description == "Quotes"
    assert (await bot.get_my_name()).name == "Verbatim 2"
    assert (await bot.get_chat_menu_button()).type == "commands"


async def test_files_go_both_ways(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    await olena.sends_document("news.txt", "Новини".encode(), mime_type="text/plain", caption="for you")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    assert (update.message.caption, update.message.document.file_name) == ("for you", "news.txt")
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == "Новини".encode()
    await bot.send_document(olena.user.id, InputFile(b"a;b", "stats.csv"), caption="<b>Stats</b>", parse_mode="HTML")
    seen = await olena.receives()
    assert (seen.message["document"]["file_name"], seen.html) == ("stats.csv", "<b>Stats</b>")
    await bot.send_document(olena.user.id, seen.message["document"]["file_id"])
    await olena.receives()
    big = await olena.sends_document("big.txt", b"x", size=20 * 1024 * 1024 + 1)
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(big.message["document"]["file_id"])
    with pytest.raises(BadRequest, match="Wrong file_id or the file is temporarily unavailable"):
        await bot.get_file("nothing")


async def test_a_file_may_be_larger_than_telegram_says(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    sent = await olena.sends_document("news.txt", b"x" * 200_000, size=10)
    file = await bot.get_file(sent.message["document"]["file_id"])
    assert (file.file_size, len(await file.download_as_bytearray())) == (10, 200_000)


async def test_a_body_that_is_no_json_is_refused(server: BotApiServer) -> None:
    url = f"{server.base_url}{server.account.token}/getMe"
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(url, data=b"{", headers=headers) as response:
        assert response.status == 400
    assert len(server.violations) == 1
    server.violations.clear()


async def test_each_member_of_a_group_finds_the_answer_to_his_own_question(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Readers")
    olena, petro = group.joins(server.user("Olena")), group.joins(server.user("Petro"))
    first = await olena.says("/ask who")
    second = await petro.says("/ask where")
    for question, text in ((second, "there"), (first, "he")):
        await bot.send_message(group.chat.id, text, reply_parameters=ReplyParameters(question.id))
    assert (await olena.receives(reply_to=first)).text == "he"
    assert (await petro.receives(reply_to=second)).text == "there"
    assert [(await group.receives()).text, (await group.receives()).text] == ["there", "he"]
    await olena.receives_nothing(within_seconds=0.01)
    await bot.send_message(group.chat.id, "too much")
    with pytest.raises(AssertionError, match="the bot was to keep silent, and sent 'too much'"):
        await olena.receives_nothing()
    with pytest.raises(TimeoutError, match=r"no sign of a message in 0\.01 s; since then: \[\]"):
        await olena.receives(timeout_seconds=0.01)


async def test_members_and_administrators_are_known(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Readers")
    owner = group.joins(server.user("Olena"), Membership.CREATOR)
    petro = group.joins(server.user("Petro"))
    stranger = server.user("Ivan")
    assert [m.user.id for m in await bot.get_chat_administrators(group.chat.id)] == [owner.user.id]
    assert (await bot.get_chat_member(group.chat.id, petro.user.id)).status == "member"
    assert (await bot.get_chat_member(group.chat.id, stranger.id)).status == "left"
    assert (await bot.get_chat(group.chat.id)).title == "Readers"
    assert await bot.get_chat_member_count(group.chat.id) == 3
    await owner.adds_bot(Membership.ADMINISTRATOR)
    assert (await bot.get_chat_member(group.chat.id, bot.id)).status == "administrator"
    await bot.leave_chat(group.chat.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.get_chat(group.chat.id)


async def test_a_reaction_is_seen_and_a_wrong_one_refused(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("Who?")
    await bot.set_message_reaction(olena.user.id, question.id, [ReactionTypeEmoji("👍")])
    assert await olena.sees_reaction(question) == ["👍"]
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(olena.user.id, question.id, [ReactionTypeEmoji("x")])
    server.violations.clear()


async def test_a_hundred_bots_calls_at_once_are_all_answered(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    sent = await asyncio.gather(*(bot.send_message(olena.user.id, str(n)) for n in range(100)))
    assert len({message.message_id for message in sent}) == 100
    seen = [await olena.receives() for _ in range(100)]
    assert sorted(int(message.text) for message in seen) == list(range(100))
