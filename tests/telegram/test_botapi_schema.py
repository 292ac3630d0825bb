"""The checks of requests and objects against the Bot API's facts."""

import pytest

from .botapi.schema import Problem, alternatives, array_items, discriminator, load_schema

SCHEMA = load_schema()


def texts(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


def test_type_expressions_are_read() -> None:
    assert alternatives("Integer or String") == ("Integer", "String")
    assert alternatives("InlineKeyboardMarkup or ReplyKeyboardMarkup or ForceReply")[2] == "ForceReply"
    assert array_items("Array of InputMediaAudio, InputMediaPhoto and InputMediaVideo") == (
        "InputMediaAudio", "InputMediaPhoto", "InputMediaVideo",
    )  # fmt: skip
    assert array_items("Array of Array of KeyboardButton") == ("Array of KeyboardButton",)


@pytest.mark.parametrize(
    ("union", "member", "value"),
    [
        ("BotCommandScope", "BotCommandScopeAllPrivateChats", "all_private_chats"),
        ("ChatMember", "ChatMemberOwner", "creator"),
        ("ChatMember", "ChatMemberAdministrator", "administrator"),
        ("MessageOrigin", "MessageOriginHiddenUser", "hidden_user"),
        ("InlineQueryResult", "InlineQueryResultCachedDocument", "document"),
        ("InlineQueryResult", "InlineQueryResultMpeg4Gif", "mpeg4_gif"),
        ("ReactionType", "ReactionTypeCustomEmoji", "custom_emoji"),
        ("InputPollMedia", "InputMediaPhoto", "photo"),
    ],
)
def test_members_of_a_union_are_told_apart_by_this_value(union: str, member: str, value: str) -> None:
    assert discriminator(SCHEMA.types[union].one_of, member) == value


def test_every_type_that_is_named_exists() -> None:
    expressions = [field.type for method in SCHEMA.methods.values() for field in method.values()]
    expressions += [field.type for kind in SCHEMA.types.values() for field in kind.fields.values()]
    for expression in expressions:
        SCHEMA.problems(expression, [{}], "x")
        assert texts(SCHEMA.problems(expression, object(), "x")) != []


def test_an_object_is_checked_to_its_depth() -> None:
    markup = {"inline_keyboard": [[{"text": "More", "callback_data": "ж" * 33}, {"txt": "Why"}]]}
    assert texts(SCHEMA.problems("InlineKeyboardMarkup", markup, "m")) == [
        "m.inline_keyboard[0][0].callback_data: has 66 bytes, must have 1 to 64",
        'm.inline_keyboard[0][1]: Can\'t find field "text"',
        "m.inline_keyboard[0][1].txt: InlineKeyboardButton has no such field",
    ]


def test_a_union_takes_the_member_that_its_type_names() -> None:
    assert SCHEMA.problems("BotCommandScope", {"type": "chat", "chat_id": 7}, "s") == []
    assert texts(SCHEMA.problems("BotCommandScope", {"type": "chat"}, "s")) == ['s: Can\'t find field "chat_id"']
    assert "is none of" in texts(SCHEMA.problems("BotCommandScope", {"type": "galaxy"}, "s"))[0]


@pytest.mark.parametrize(
    ("expression", "value"),
    [("Integer", True), ("Integer", "7"), ("Boolean", 1), ("True", False), ("String", 7), ("Array of Integer", {}),
     ("Array of Integer", ["7"]), ("Float", "1.5"), ("User", []), ("User", {"id": 1, "is_bot": False})],
)  # fmt: skip
def test_a_value_of_another_type_is_a_problem(expression: str, value: object) -> None:
    assert len(SCHEMA.problems(expression, value, "x")) == 1


def test_form_fields_are_read_by_their_types() -> None:
    fields = SCHEMA.methods["sendMessage"]
    assert SCHEMA.read_parameter(fields["chat_id"], "-100", ()) == (-100, [])
    assert SCHEMA.read_parameter(fields["chat_id"], "@news", ()) == ("@news", [])
    assert SCHEMA.read_parameter(fields["disable_notification"], "true", ()) == (True, [])
    assert SCHEMA.read_parameter(fields["text"], "7", ()) == ("7", [])
    assert SCHEMA.read_parameter(fields["link_preview_options"], '{"is_disabled": true}', ()) == (
        {"is_disabled": True}, [],
    )  # fmt: skip
    value, problems = SCHEMA.read_parameter(fields["reply_parameters"], "{", ())
    assert (value, texts(problems)) == (None, ["reply_parameters: Can't parse reply parameters JSON object"])
    document = SCHEMA.methods["sendDocument"]["document"]
    assert SCHEMA.read_parameter(document, None, ["document"]) == ("attach://document", [])
