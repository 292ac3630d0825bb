"""A request checked against the schema, carried out, and its result checked in turn."""

from collections.abc import Mapping

from . import documents, identity, members, messages, polling, queries
from .account import BotAccount
from .errors import BotApiError, defective
from .registry import METHODS, Call, Upload
from .schema import Field, JsonObject, Problem

# Importing the modules of methods fills the registry; this names them, so that no linter takes the import for idle.
METHOD_MODULES = (documents, identity, members, messages, polling, queries)
# What Telegram says when a required parameter is missing, where it has words of its own for that.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "action": "wrong parameter action in request",
    "user_id": "invalid user_id specified",
    "document": "there is no document in the request",
    "file_id": "file_id is not specified",
}
# The words with which Telegram's refusal of a broken JSON parameter begins.
UNPARSED = {
    "reply_markup": "can't parse inline keyboard button: ",
    "results": "can't parse inline query result: ",
    "commands": "can't parse commands: ",
    "scope": "can't parse BotCommandScope: ",
    "reply_parameters": "can't parse reply parameters: ",
    "entities": "can't parse MessageEntity: ",
    "link_preview_options": "can't parse link preview options: ",
}


async def execute(account: BotAccount, name: str, raw: Mapping[str, object], files: Mapping[str, Upload]) -> object:
    """The result of a method for the parameters of a request, as they came (strings of a form, values of a JSON body).

    Raises:
        BotApiError: Telegram's refusal; what a defect of the bot caused is put down as a violation first.
    """
    proper = account.schema.method_name(name)
    if proper is None:
        account.violate(name, "the Bot API has no such method")
        raise BotApiError(404, "Not Found: method not found")
    try:
        params = _checked(account, proper, raw, files)
        if proper not in METHODS:
            account.violate(proper, "this server does not carry out the method")
            raise BotApiError(501, f"Not Implemented: this server does not carry out {proper}")
        result = await METHODS[proper].handler(Call(account, proper, params, files))
    except BotApiError as error:
        if error.defect:
            account.violate(proper, error.description)
        raise
    if returns := METHODS[proper].returns:
        for problem in account.schema.problems(returns, result, f"{proper}()"):
            account.violate(f"result of {proper}", str(problem))
    return result


def _checked(account: BotAccount, name: str, raw: Mapping[str, object], files: Mapping[str, Upload]) -> JsonObject:
    """The parameters with their proper types.

    Raises:
        BotApiError: 400 for the first thing that Telegram would refuse.
    """
    fields = account.schema.methods[name]
    params: JsonObject = {}
    for key, value in {**raw, **{key: None for key in files if key in fields}}.items():
        if key not in fields:
            account.violate(name, f"the method has no parameter {key}")
            continue
        params[key], problems = account.schema.read_parameter(fields[key], value, files)
        for problem in problems:
            if problem.refused:
                raise _refusal(fields[key], problem)
            account.violate(name, str(problem))
    for field in fields.values():
        if field.required and field.name not in params:
            raise defective(MISSING.get(field.name, f'parameter "{field.name}" is required'))
    return params


def _refusal(field: Field, problem: Problem) -> BotApiError:
    """Telegram's words for a parameter that does not fit; the test reads the rest in the violation."""
    if problem.path.endswith(".callback_data"):
        return defective("BUTTON_DATA_INVALID")
    if field.name == "results" and problem.path.endswith(".id"):
        return defective("RESULT_ID_INVALID")
    if field.name == "results" and problem.path.endswith(".message_text"):
        return defective("message is too long" if "characters" in problem.text else "message text is empty")
    text = problem.text[0].lower() + problem.text[1:]
    if problem.path != field.name:
        opening = UNPARSED.get(field.name, f"can't parse {field.name}: ")
        return defective(f"{opening}{problem.text} at {problem.path}")
    return defective(f"{field.name} {text}" if text.startswith("has ") else text)
