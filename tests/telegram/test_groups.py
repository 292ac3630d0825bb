"""Groups, topics, channels and inline mode, with the running bot."""

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, Membership


async def test_in_a_group_the_bot_keeps_out_of_what_is_not_said_to_it(server: BotApiServer, served: BotProcess) -> None:
    server.account.privacy_mode = False
    group = server.group("Readers")
    olena = group.joins(server.user("Olena"))
    for text in (KEEPER, "/help@another_bot", "/unknown", "hello all", "@verbatim_botanist who?"):
        await olena.says(text)
    asked = await olena.says(f"@verbatim_bot {KEEPER}")
    answer = await group.receives()
    assert answer.parts("blockquote") == [KEPT]
    assert answer.reply_to_id == asked.id


async def test_a_group_asks_by_command_by_mention_and_by_reply(server: BotApiServer, served: BotProcess) -> None:
    olena = server.group("Readers").joins(server.user("Olena"))
    for text in (f"/ask {KEEPER}", f"/ask@verbatim_bot {KEEPER}", f"{KEEPER} @Verbatim_Bot"):
        await olena.says(text)
        answer = await olena.receives()
        assert answer.parts("blockquote") == [KEPT]
    await olena.says("When was the lighthouse of Karvala built?", reply_to=answer)
    assert "1871" in (await olena.receives()).text


async def test_only_the_asker_and_admins_turn_the_pages_in_a_group(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers")
    olena, petro = group.joins(server.user("Olena")), group.joins(server.user("Petro"))
    admin = group.joins(server.user("Ada"), Membership.ADMINISTRATOR)
    await olena.says(f"@verbatim_bot {KEEPER}")
    answer = await group.receives()
    press = await petro.presses(answer, "Context")
    refused = await press.answered()
    assert refused.show_alert
    assert "Only who asked" in refused.text
    await olena.presses(answer, "Context")
    context = await group.sees_edit(answer)
    await admin.presses(context, "Close")
    assert (await group.sees_edit(context)).html == answer.html


async def test_everybody_may_vote(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers")
    olena, petro = group.joins(server.user("Olena")), group.joins(server.user("Petro"))
    await olena.says(f"@verbatim_bot {KEEPER}")
    answer = await group.receives()
    for person, sign in ((olena, "👍"), (petro, "👎"), (petro, "👍")):
        press = await person.presses(answer, sign)
        assert (await press.answered()).text == "Thank you."


async def test_an_answer_stands_in_its_topic(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers", forum=True)
    topic = group.opens_topic("Lighthouses")
    olena = group.joins(server.user("Olena"))
    await olena.says(f"@verbatim_bot {KEEPER}", thread=topic)
    await group.sees_action("typing", thread=topic)
    assert (await group.receives(thread=topic)).parts("blockquote") == [KEPT]


async def test_a_comment_under_a_channels_post_is_answered(server: BotApiServer, served: BotProcess) -> None:
    discussion = server.group("Comments")
    channel = server.channel("News", discussion=discussion)
    olena = discussion.joins(server.user("Olena"))
    post = await channel.posts(f"Today's riddle: @verbatim_bot {KEEPER}")
    await olena.says(f"@verbatim_bot {KEEPER}", reply_to=post)
    answer = await discussion.receives()
    assert answer.parts("blockquote") == [KEPT]
    assert answer.reply_to_id != post.id


async def test_an_edited_question_edits_its_answer(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("When was the lighthouse of Karvala built?")
    answer = await olena.receives()
    await olena.edits(question, KEEPER)
    edited = await olena.sees_edit(answer)
    assert edited.parts("blockquote") == [KEPT]
    await olena.presses(edited, "Context")
    assert "412 ships" in (await olena.sees_edit(edited)).text


async def test_a_quoted_fragment_is_the_subject(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    await olena.says("When was the lighthouse of Karvala built?")
    built = await olena.receives()
    await olena.says("/forget")
    await olena.receives()
    await olena.says("Who was the keeper?", reply_to=built, quote="lighthouse")
    assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_inline_quotes_are_sendable_with_their_source(server: BotApiServer, served: BotProcess) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    offered = await olena.asks_inline(KEEPER)
    assert offered.titles[0] == KEPT
    sent = (await petro.chooses(offered)).seen
    assert sent.parts("blockquote") == [KEPT]
    assert sent.parts("text_link") == ["Lights <of> the coast & the islands"]
    start = sent.button("More quotes")["url"].partition("?start=")[2]
    await petro.says(f"/start {start}")
    answer = await petro.receives()
    assert answer.parts("blockquote") == [KEPT]
    await petro.presses(answer, "Context")
    assert "412 ships" in (await petro.sees_edit(answer)).text


async def test_inline_says_when_there_is_nothing_to_offer(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    for text in ("", "Who painted the ceiling of the opera in Vienna?"):
        offered = await olena.asks_inline(text)
        assert offered.results == []
        assert offered.button is not None


async def test_a_group_that_becomes_a_supergroup_goes_on(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers", supergroup=False)
    user = server.user("Olena")
    olena = group.joins(user)
    await olena.says(f"@verbatim_bot {KEEPER}")
    assert (await group.receives()).parts("blockquote") == [KEPT]
    heir = group.becomes_supergroup()
    await heir.joins(user).says(f"@verbatim_bot {KEEPER}")
    assert (await heir.receives()).parts("blockquote") == [KEPT]


async def test_of_what_is_typed_inline_the_last_is_answered(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    user = olena.user.to_json()
    for end in range(5, len(KEEPER)):
        query = {"id": str(end), "from": user, "query": KEEPER[:end], "offset": "", "chat_type": "sender"}
        server.account.update("inline_query", query)
    assert (await olena.asks_inline(KEEPER)).titles[0] == KEPT
    server.violations.clear()
