"""The errors that reach a user, one class for each different reaction.

VerbatimError
    SettingsError       a setting or an environment variable is wrong: the owner edits it
    QuestionError       the question cannot be read (empty, too long): the asker rewrites it
    ReadingError        a document cannot be read: it is skipped, the rest of the batch goes in
    LibraryError        the library cannot be opened or written
        LibraryBusyError    another process holds it: trying again later helps
        LibraryDamagedError the file is not a sound library: a backup or a new one is needed
    UnavailableError    a service (a cluster, a database, Telegram) is away: trying again later helps
        LibraryAwayError    the library's database is (a LibraryError, too)
    TelegramError       Telegram refuses to work with this bot: the owner acts

Every message names the offender, says what was expected and found, and what to do next, in one line.
"""


class VerbatimError(Exception):
    """The root of all errors that are told to a user in one line."""


class SettingsError(VerbatimError):
    """A setting, an environment variable or a word list is wrong."""


class QuestionError(VerbatimError):
    """The question cannot be answered as it stands: empty, without a word, or too long.

    `key` names the message that tells its asker so in their language, `values` what stands in it.
    """

    def __init__(self, problem: str, key: str = "answer.unreadable", **values: int) -> None:
        super().__init__(problem)
        self.key = key
        self.values = values


class ReadingError(VerbatimError):
    """A document cannot be turned into an article."""


class LibraryError(VerbatimError):
    """The library cannot be opened, read or written."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library for longer than we wait."""


class LibraryDamagedError(LibraryError):
    """The library's file is damaged, or is no library."""


class UnavailableError(VerbatimError):
    """A service that the answer needs is away for now."""


class LibraryAwayError(LibraryError, UnavailableError):
    """The database that the library lives in is away for now."""


class TelegramError(VerbatimError):
    """Telegram refuses this bot: the token is missing or wrong, or another process polls with it."""
