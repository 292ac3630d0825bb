"""The table of the methods that this server carries out; each module of methods adds its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from .account import BotAccount
from .schema import JsonObject


@dataclass(frozen=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    data: bytes
    mime_type: str | None


@dataclass(frozen=True)
class Call:
    """A checked request: its parameters by name, and the files that came with it."""

    account: BotAccount
    method: str
    params: JsonObject
    files: Mapping[str, Upload]


Handler = Callable[[Call], Awaitable[object]]


@dataclass(frozen=True)
class Method:
    """How a method is carried out and the type of its result, None where the schema has no name for it."""

    handler: Handler
    returns: str | None


METHODS: dict[str, Method] = {}


def method(name: str, *, returns: str | None = "True") -> Callable[[Handler], Handler]:
    """Register a handler under its method's name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, returns)
        return handler

    return register
