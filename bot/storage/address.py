"""The address of a database: a postgresql:// URL without a password, which comes from elsewhere."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from bot.errors import SettingsError
from bot.settings import Secret, Settings

SCHEMES = ("postgresql", "postgres")
SCHEMA = "verbatim"
"""The schema of the database that the library's tables lie in, where the address names no other."""

_SCHEMA_OPTION = "schema"
_SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,39}")
EXPECTED = "expected postgresql://USER@HOST/DATABASE"


class Entry(NamedTuple):
    """How a database lets us in and is known: the password ("" when libpq's own ways give one), and the file of the
    authorities that its certificate is checked with ("" for libpq's own rules)."""

    password: Secret = Secret("")
    ca_file: str = ""


OPEN = Entry()


class DatabaseAddress(NamedTuple):
    """Where a database is, as libpq takes it, the schema of the tables in it, and how it is entered."""

    url: str
    schema: str = SCHEMA
    entry: Entry = OPEN

    @property
    def place(self) -> str:
        """The address as messages name it: without options, but with a schema that is not the usual one."""
        shown = _joined(urlsplit(self.url)._replace(query="", fragment=""))
        folder = dict(parse_qsl(urlsplit(self.url).query)).get("host", "")
        options = {"host": folder} if folder else {}
        if self.schema != SCHEMA:
            options[_SCHEMA_OPTION] = self.schema
        return shown + (f"?{urlencode(options, safe='/')}" if options else "")

    def beside(self, suffix: str) -> "DatabaseAddress":
        """The same database's schema for other tables."""
        return self._replace(schema=f"{self.schema}_{suffix}")


def is_database(place: object) -> bool:
    """Whether a library's place is the address of a database, and no folder."""
    return str(place).partition(":")[0] in SCHEMES and ":" in str(place)


def entry_of(settings: Settings) -> Entry:
    """How the settings say that the library's database is entered."""
    return Entry(settings.database_password, settings.values.database.ca_file)


def database_address(place: str, entry: Entry = OPEN) -> DatabaseAddress:
    """The address in a URL. Raises SettingsError for one that cannot be read, or that holds a password."""
    try:
        parts = urlsplit(place)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        holds_password = parts.password is not None or "password" in options
    except ValueError:
        raise SettingsError(f"the library's address cannot be read; {EXPECTED}") from None
    if holds_password:
        raise SettingsError(
            "the library's address holds a password, which would be shown wherever the address is; take it out and "
            "put it into VERBATIM_DATABASE_PASSWORD, or into a file that VERBATIM_DATABASE_PASSWORD_FILE names"
        )
    if not place.startswith(f"{parts.scheme}://"):
        raise SettingsError(f"{place}: is no address of a database; {EXPECTED}")
    schema = options.pop(_SCHEMA_OPTION, SCHEMA)
    if not _SCHEMA_NAME.fullmatch(schema):
        raise SettingsError(f"{place}: its schema is {schema!r}; expected lower-case letters, digits and _, 40 at most")
    return DatabaseAddress(_joined(parts._replace(query=urlencode(options, safe="/"))), schema, entry)


def _joined(parts: SplitResult) -> str:
    """The URL of its parts; urlunsplit leaves the slashes out where there is no host."""
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def parameters_of(address: DatabaseAddress) -> Mapping[str, str | int]:
    """What libpq is told besides the URL; what the URL says itself goes first."""
    own: dict[str, str | int] = {
        "application_name": "verbatim",
        "connect_timeout": 5,
        # A machine that is gone without a word is noticed within a minute.
        "keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000,
    }  # fmt: skip
    if address.entry.ca_file:
        own |= {"sslmode": "verify-full", "sslrootcert": address.entry.ca_file}
    given = dict(parse_qsl(urlsplit(address.url).query, keep_blank_values=True))
    parameters = {name: value for name, value in own.items() if name not in given}
    if address.entry.password:
        parameters["password"] = address.entry.password.reveal()
    return parameters
