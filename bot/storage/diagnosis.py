"""What a database's error means for the owner: our own errors, in one line that names the machine and what to do."""

import psycopg

from bot.errors import LibraryAwayError, LibraryBusyError, LibraryDamagedError, LibraryError

AWAY = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "53300"})
"""SQLSTATEs of a server that goes down, comes up, has no connection left, or gave up a transaction that hung."""

_READ_ONLY = frozenset({"25006"})
_NO_RIGHTS = frozenset({"42501"})
_NOT_SEEN = frozenset({"42P01", "3F000"})
_FULL = frozenset({"53100", "53200"})
_BUSY = frozenset({"55P03", "40001", "40P01", "57014"})
_DAMAGED = frozenset({"XX001", "XX002"})
_NOT_TEXT = frozenset({"22021", "22P05"})
_WRONG_SERVER = ("hot standby", "session is read-only", "session is not read-only", "not in hot standby")

_UP_SOON = ("starting up", "shutting down", "in recovery mode", "too many clients", "remaining connection slots")


def refused(error: psycopg.Error, place: str) -> LibraryError:
    """Our error for a connection that did not come about."""
    said = _said(error)
    needs_password, used_password = _password_state(error)
    advice = "" if any(words in str(error) for words in _UP_SOON) else _advice(said)
    if advice:
        return LibraryError(f"{place}: {said}; {advice}")
    if (needs_password and not used_password) or "no password supplied" in said:
        return LibraryError(
            f"{place}: the server asks for a password; put it into VERBATIM_DATABASE_PASSWORD, or into a file that "
            "VERBATIM_DATABASE_PASSWORD_FILE names"
        )
    if used_password and "FATAL" in str(error) and not any(words in str(error) for words in _UP_SOON):
        return LibraryError(
            f"{place}: the server refuses the password of this user ({said}); correct it in VERBATIM_DATABASE_PASSWORD "
            "(or PGPASSWORD, or the file that holds it)"
        )
    return _away(place, said)


def translated(error: psycopg.Error, place: str, *, busy_seconds: float) -> LibraryError:
    """Our error for one that came while the database was used."""
    state = error.sqlstate or ""
    if state in AWAY or (not state and type(error) in (psycopg.OperationalError, psycopg.DatabaseError)):
        return _away(place, "the connection broke" if not state else "the server ends its connections")
    if state in _READ_ONLY:
        return LibraryError(f"{place}: the server may only be read (a standby?); name the one that can be written")
    if state in _NOT_SEEN:
        return LibraryError(
            f"{place}: this user does not see the library's tables ({_said(error)}); let their owner GRANT USAGE ON "
            "SCHEMA and the rights on the tables in it, or name another user"
        )
    if state in _NO_RIGHTS:
        return LibraryError(
            f"{place}: this user has not the rights that are needed ({_said(error)}); let the database's owner GRANT "
            "them, or name another user"
        )
    if state in _BUSY:
        return LibraryBusyError(
            f"{place}: another process has been writing for over {busy_seconds:g} seconds; try again when it is done"
        )
    if state in _FULL:
        return LibraryError(
            f"{place}: the server's disk or memory is full; make room and try again (what was stored is kept)"
        )
    if state in _DAMAGED:
        return LibraryDamagedError(f"{place}: the database is damaged ({state}); bring it back from a backup")
    if state in _NOT_TEXT:
        return LibraryError(
            f"{place}: the database cannot keep a text as it is ({state}); make one with ENCODING 'UTF8'"
        )
    return LibraryError(f"{place}: the database refuses what it is asked ({type(error).__name__} {state}); see its log")


def _away(place: str, said: str) -> LibraryAwayError:
    return LibraryAwayError(f"{place}: the database cannot be reached ({said}); see that it runs, and try again")


def _advice(said: str) -> str:
    """What to do about a refusal that a server spells out; "" for one that is none."""
    if "database" in said and "does not exist" in said:
        return "make it: createdb -E UTF8 NAME, or correct the address"
    if "role" in said and "does not exist" in said:
        return "make it: createuser NAME, or correct the user in the address"
    if "no pg_hba.conf entry" in said:
        return "let this machine and user in (pg_hba.conf on the server)"
    if "certificate" in said or "SSL error" in said:
        return "name the file of the authority that signed the server's certificate in [database] ca_file"
    if "SSL" in said:
        return "turn TLS on at the server, or say sslmode=disable in the address"
    if any(words in said for words in _WRONG_SERVER):
        return "correct target_session_attrs in the address"
    if "invalid" in said:
        return "correct the address"
    return ""


def _password_state(error: psycopg.Error) -> tuple[bool, bool]:
    """Whether the server asked for a password, and whether one was given."""
    raw = error.pgconn
    if raw is None:
        return False, False
    return bool(raw.needs_password), bool(raw.used_password)


def _said(error: psycopg.Error) -> str:
    """The first line of what libpq or the server says, without what it repeats of the address."""
    message = error.diag.message_primary or str(error)
    first = message.strip().splitlines()[0] if message.strip() else type(error).__name__
    reason = first.rpartition(" failed: ")[2].removeprefix("connection is bad: ")
    return reason.removeprefix("FATAL:").strip()
