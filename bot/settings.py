"""The settings: typed, from the shipped config/bot.toml, the owner's file and the environment, in this order."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

import msgspec

from bot.errors import SettingsError
from bot.resources import config_folder

PREFIX = "VERBATIM_"
SETTINGS_FILE = "bot.toml"
APART = frozenset(
    {
        "VERBATIM_CONFIG",
        "VERBATIM_TELEGRAM_TOKEN",
        "VERBATIM_TELEGRAM_DATA_KEY",
        "VERBATIM_CLUSTER_PASSWORD",
        "VERBATIM_CLUSTER_API_KEY",
        "VERBATIM_DATABASE_PASSWORD",
    }
)
"""Environment variables with our prefix that are no keys of the settings file."""

SHARED_KEY_MISSING = (
    "what Telegram's users wrote is kept in a database that many machines share: set VERBATIM_TELEGRAM_DATA_KEY to the "
    "same secret on each of them, to encrypt it with"
)
"""What an owner is told who has not given the key."""

Positive = Annotated[int, msgspec.Meta(ge=1)]
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Weight = Annotated[float, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Secret:
    """A value that never prints: its repr and str are stars."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; the one place to ask for it is where it is sent."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret('***')" if self._value else "Secret('')"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


class ArticlesSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How articles are read and cut."""

    largest_megabytes: Positive
    passage_sentences: Positive
    repeated_lines: Annotated[int, msgspec.Meta(ge=2)]
    duplicates_lead: Literal["newest", "longest"]


class SyncSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the library follows."""

    folders: tuple[str, ...]
    polling: bool
    feeds: tuple[str, ...]
    feeds_minutes: Positive
    most_pages: Positive


class FetchingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How pages, feeds and sitemaps are fetched."""

    timeout_seconds: Positive
    attempts: Positive
    delay_seconds: Weight
    robots: bool
    allowed_hosts: tuple[str, ...]
    contact: str


class SearchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first search's weights and sizes."""

    candidates: Positive
    shortlist: Positive
    sentence_k1: Weight
    sentence_b: Share
    passage_k1: Weight
    passage_b: Share
    passage_weight: Weight


class AnswerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is shown of what was found."""

    top: Positive
    threshold: Share
    longest_question: Positive


class ConversationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a question can lean on the one before it."""

    expires_minutes: Positive


class TelegramSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How Telegram is reached; the token itself is in `Settings.telegram_token`."""

    token_file: str
    data_key_file: str
    api_url: str
    processes: Annotated[int, msgspec.Meta(ge=1, le=64)]
    poll_seconds: Annotated[int, msgspec.Meta(ge=0, le=50)]
    repeat_unknown: bool
    chat_per_second: Weight
    group_per_minute: Weight
    overall_per_second: Weight
    drain_seconds: Positive
    keep_days: Positive
    keep_feedback_days: Positive
    allowed: tuple[str, ...]
    admins: tuple[str, ...]
    questions_per_minute: Annotated[int, msgspec.Meta(ge=0)]
    webhook_url: str
    webhook_host: str
    webhook_port: Port
    webhook_certificate: str
    webhook_key: str
    health_host: str
    health_port: Port
    log_format: Literal["text", "json"]


class ClusterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the cluster's nodes are, and how its index is made; what it asks for is in `Settings.cluster`."""

    urls: tuple[str, ...]
    index: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,99}$")]
    ca_file: str
    user: str
    password_file: str
    api_key_file: str
    timeout_seconds: Positive
    sniff: bool
    shards: Annotated[int, msgspec.Meta(ge=1, le=1024)]
    replicas: Annotated[int, msgspec.Meta(ge=0, le=20)]


class DatabaseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the database of a library is entered; where it is is the library's address."""

    password_file: str
    ca_file: str


class SettingsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What config/bot.toml holds: every key is there, so there are no defaults here."""

    library: str
    engine: Literal["auto", "memory", "disk", "cluster"]
    language: str
    articles: ArticlesSettings
    sync: SyncSettings
    fetching: FetchingSettings
    search: SearchSettings
    answer: AnswerSettings
    conversation: ConversationSettings
    telegram: TelegramSettings
    cluster: ClusterSettings
    database: DatabaseSettings


class ClusterSecrets(NamedTuple):
    """What the cluster knows us by: a user's password, or a key; both empty where it asks for neither."""

    password: Secret = Secret("")
    api_key: Secret = Secret("")


class Settings(NamedTuple):
    """All settings of one run, with what is not in any file: the secrets, and where the owner's lists lie.

    `telegram_data_key` is what stored user data is encrypted with; empty when a key file beside the library does it.
    """

    values: SettingsFile
    telegram_token: Secret
    owner_folder: Path | None
    telegram_data_key: Secret = Secret("")
    cluster: ClusterSecrets = ClusterSecrets()
    database_password: Secret = Secret("")


def load_settings(*, environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """The settings of one run: the shipped file, under the owner's, under the environment's variables.

    `file` is the owner's file; without it VERBATIM_CONFIG names one. Raises SettingsError that names the key or the
    value, where it stands, and the choices.
    """
    named = file or (Path(environment["VERBATIM_CONFIG"]) if environment.get("VERBATIM_CONFIG") else None)
    shipped = _read_toml(config_folder() / SETTINGS_FILE)
    if named is not None:
        _lay_over(shipped, _read_toml(named), str(named))
    _lay_over_environment(shipped, environment)
    return Settings(
        values=msgspec.convert(shipped, SettingsFile),
        telegram_token=_secret(
            environment, "VERBATIM_TELEGRAM_TOKEN", shipped["telegram"]["token_file"], "bot's token"
        ),
        owner_folder=named.resolve().parent if named is not None else None,
        telegram_data_key=_secret(
            environment,
            "VERBATIM_TELEGRAM_DATA_KEY",
            shipped["telegram"]["data_key_file"],
            "key for stored user data",
        ),
        cluster=_cluster_secrets(environment, shipped["cluster"]),
        database_password=_secret(
            environment, "VERBATIM_DATABASE_PASSWORD", shipped["database"]["password_file"], "database's password"
        ),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such settings file; name one that exists") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from error


def _lay_over(base: dict[str, Any], owner: dict[str, Any], where: str) -> None:
    """Put each of the owner's values in its place in `base`, or raise for the first that has none or does not fit."""
    types = dict(_keys())
    for key, value in _flat(owner):
        if key not in types:
            raise SettingsError(f"{where}: {_shown(key)} is no setting{_nearest(key, list(types))}")
        _put(base, key, _converted(value, types[key], f"{where}: {_shown(key)}", strict=True))


def _lay_over_environment(base: dict[str, Any], environment: Mapping[str, str]) -> None:
    variables = {PREFIX + "_".join(part for part in key if part).upper(): (key, kind) for key, kind in _keys()}
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name in APART:
            continue
        if name not in variables:
            close = difflib.get_close_matches(name, [*variables, *APART], n=1)
            raise SettingsError(f"{name}: no setting has this name" + (f"; did you mean {close[0]}?" if close else ""))
        key, kind = variables[name]
        value: Any = environment[name]
        if kind == tuple[str, ...]:
            value = [part.strip() for part in value.split(",") if part.strip()]
        _put(base, key, _converted(value, kind, name, strict=False))


Key = tuple[str, str]
"""A section ("" for the top of the file) and a key."""


def _keys() -> Iterator[tuple[Key, Any]]:
    """Every key of the settings with its type."""
    for name, kind in get_type_hints(SettingsFile, include_extras=True).items():
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            for inner, inner_kind in get_type_hints(kind, include_extras=True).items():
                yield (name, inner), inner_kind
        else:
            yield ("", name), kind


def _flat(table: dict[str, Any]) -> Iterator[tuple[Key, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            for inner, inner_value in value.items():
                yield (name, inner), inner_value
        else:
            yield ("", name), value


def _converted(value: Any, kind: Any, where: str, *, strict: bool) -> Any:
    """The value as its setting's type takes it."""
    try:
        return msgspec.to_builtins(msgspec.convert(value, kind, strict=strict))
    except msgspec.ValidationError as error:
        raise SettingsError(f"{where} = {value!r}: {_expectation(kind, error)}") from error


def _expectation(kind: Any, error: msgspec.ValidationError) -> str:
    described = msgspec.json.schema(kind)
    if "enum" in described:
        return "expected one of " + ", ".join(f'"{choice}"' for choice in described["enum"])
    return str(error)[:1].lower() + str(error)[1:].split(" - at")[0]


def _put(base: dict[str, Any], key: Key, value: Any) -> None:
    section, name = key
    (base[section] if section else base)[name] = value


def _shown(key: Key) -> str:
    section, name = key
    return f"[{section}] {name}" if section else name


def _nearest(key: Key, known: list[Key]) -> str:
    section, name = key
    if section and section not in {k[0] for k in known}:
        sections = sorted({k[0] for k in known if k[0]})
        return f": there is no section [{section}]; the sections are {', '.join(sections)}"
    names = [k[1] for k in known if k[0] == section]
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; the keys there are {', '.join(sorted(names))}"


def _cluster_secrets(environment: Mapping[str, str], section: dict[str, Any]) -> ClusterSecrets:
    return ClusterSecrets(
        _secret(environment, "VERBATIM_CLUSTER_PASSWORD", section["password_file"], "cluster's password"),
        _secret(environment, "VERBATIM_CLUSTER_API_KEY", section["api_key_file"], "cluster's API key"),
    )


def _secret(environment: Mapping[str, str], variable: str, named: str, what: str) -> Secret:
    """A secret from the environment or the file that the settings name; an empty one when there is none."""
    if environment.get(variable):
        return Secret(environment[variable].strip())
    if not named:
        return Secret("")
    try:
        return Secret(Path(named).expanduser().read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        file = "token file" if variable == "VERBATIM_TELEGRAM_TOKEN" else "file"
        raise SettingsError(f"{named}: the {file} cannot be read ({reason}); put the {what} alone into it") from None
