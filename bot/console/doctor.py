"""The doctor: what stands well with the set-up, what does not, and what to do about it."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from bot.articles.library import Library
from bot.articles.samples import FLAG
from bot.console.screen import Line, Span, Style, shown
from bot.errors import VerbatimError
from bot.house import Searching
from bot.messages import Messages, languages
from bot.settings import SHARED_KEY_MISSING, Settings

RED, YELLOW = "red", "yellow"
"""A cluster's health when a part of an index has no node, or no copy."""
LEAST_FREE_BYTES = 100_000_000
"""Less free space than this and a few added books can fill the disk."""
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock is right that stands before the product was made."""


class State(StrEnum):
    """How a check ended: NOTE is worth knowing and stops nothing."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


class Finding(NamedTuple):
    """What was looked at, how it stands, what was found, and what to do about it ("" when nothing)."""

    subject: str
    state: State
    found: str
    advice: str = ""


_STYLES = {State.GOOD: Style.GOOD, State.NOTE: Style.NOTE, State.WRONG: Style.BAD}


def finding_lines(findings: Sequence[Finding], messages: Messages) -> Iterator[Line]:
    """The findings as lines, each with its state in words."""
    labels = {
        State.GOOD: messages.text("doctor.good"),
        State.NOTE: messages.text("doctor.note"),
        State.WRONG: messages.text("doctor.wrong"),
    }
    longest = max(map(len, labels.values())) + 2
    for finding in findings:
        label = Span(labels[finding.state].ljust(longest), _STYLES[finding.state])
        words = f"{finding.subject}: {shown(finding.found)}" + (f". {finding.advice}" if finding.advice else "")
        yield Line((Span(words),), label)


class Doctor:
    """The checks of one set-up; each yields its findings and raises nothing."""

    def __init__(self, settings: Settings, messages: Messages) -> None:
        self._settings = settings
        self._text = messages.text

    def settings(self, config: str | None) -> Iterator[Finding]:
        """Which settings are in force, and whether there is a catalogue for their language."""
        where = config or self._text("doctor.shipped")
        yield Finding(self._text("doctor.settings"), State.GOOD, where)
        language = self._settings.values.language
        known = languages(self._settings.owner_folder)
        if language and language.split("-")[0] not in known and language not in known:
            yield Finding(
                self._text("doctor.language"),
                State.NOTE,
                self._text("doctor.no_catalogue", language=language),
                self._text("doctor.take_language", languages=", ".join(known)),
            )

    def library(
        self, place: str, open_library: Callable[[], AbstractContextManager[Library | None]]
    ) -> Iterator[Finding]:
        """Whether the library is there, opens, is sound, and what it holds."""
        subject = self._text("doctor.library")
        try:
            with open_library() as library:
                if library is None:
                    found = self._text("doctor.no_library", folder=place)
                    yield Finding(subject, State.NOTE, found, self._text("doctor.add"))
                else:
                    yield from self._contents(subject, library)
        except VerbatimError as error:
            yield Finding(subject, State.WRONG, str(error))

    def _contents(self, subject: str, library: Library) -> Iterator[Finding]:
        damages = library.check()
        if damages:
            advice = self._text("doctor.restore")
            yield Finding(subject, State.WRONG, f"{library.place}: {'; '.join(damages[:3])}", advice)
            return
        totals = library.statistics()
        held = self._text("doctor.holds", place=library.place, articles=totals.articles, sentences=totals.sentences)
        if library.flag(FLAG) == "in":
            found = self._text("doctor.samples", place=library.place)
            yield Finding(subject, State.NOTE, found, self._text("doctor.add"))
        elif totals.articles:
            yield Finding(subject, State.GOOD, held)
        else:
            yield Finding(subject, State.NOTE, held, self._text("doctor.add"))

    def engine(self, searching: Callable[[], Searching | None]) -> Iterator[Finding]:
        """Which engine is set to search, which one that is for this library, and how its index stands."""
        subject, chosen = self._text("doctor.engine"), self._settings.values.engine
        try:
            found = searching()
        except VerbatimError as error:
            yield Finding(subject, State.WRONG, str(error))
            return
        line = chosen if found is None else engine_line(chosen, found, self._text)
        health = found.cluster.health if found and found.cluster else ""
        if health == RED:
            yield Finding(subject, State.WRONG, line, self._text("doctor.no_part"))
        elif health == YELLOW:
            yield Finding(subject, State.NOTE, line, self._text("doctor.no_copy"))
        elif found is not None and found.behind:
            yield Finding(subject, State.NOTE, line, self._text("doctor.next_question"))
        else:
            yield Finding(subject, State.GOOD, line)

    def folder(self, folder: Path) -> Iterator[Finding]:
        """Whether the library's folder, or the nearest one above it that exists, can be written, and has room."""
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        subject = self._text("doctor.folder")
        if not existing.is_dir():
            found = self._text("doctor.no_folder", folder=str(existing))
            yield Finding(subject, State.WRONG, found, self._text("doctor.other_folder"))
            return
        if not os.access(existing, os.W_OK | os.X_OK):
            found = self._text("doctor.read_only", folder=str(existing))
            yield Finding(subject, State.WRONG, found, self._text("doctor.other_folder"))
        elif existing == folder and os.name == "posix" and folder.stat().st_mode & 0o002:
            found = self._text("doctor.open_to_all", folder=str(folder))
            yield Finding(subject, State.NOTE, found, self._text("doctor.close_folder", folder=str(folder)))
        else:
            yield Finding(subject, State.GOOD, self._text("doctor.writable", folder=str(existing)))
        free = shutil.disk_usage(existing).free
        found = self._text("doctor.free", megabytes=free // 1_000_000)
        if free < LEAST_FREE_BYTES:
            yield Finding(self._text("doctor.disk"), State.WRONG, found, self._text("doctor.make_room"))
        else:
            yield Finding(self._text("doctor.disk"), State.GOOD, found)

    def history(self, path: Path) -> Iterator[Finding]:
        """Whether the console can remember questions from one session to the next."""
        existing = next(folder for folder in (path, *path.parents) if folder.exists())
        if os.access(existing, os.W_OK):
            yield Finding(self._text("doctor.history"), State.GOOD, str(path))
        else:
            found = self._text("doctor.read_only", folder=str(existing))
            yield Finding(self._text("doctor.history"), State.NOTE, found, self._text("doctor.forgets"))

    def clock(self, *, now: datetime, kept: Path | None) -> Iterator[Finding]:
        """Whether the clock can be right: not before the product, nor before what it wrote itself."""
        subject, found = self._text("doctor.clock"), f"{now:%Y-%m-%d %H:%M %Z}"
        written = datetime.fromtimestamp(kept.stat().st_mtime, UTC) if kept and kept.exists() else EARLIEST
        if now < EARLIEST or now + timedelta(hours=1) < written:
            yield Finding(subject, State.WRONG, found, self._text("doctor.set_clock"))
        else:
            yield Finding(subject, State.GOOD, found)

    def terminal(self, encoding: str) -> Iterator[Finding]:
        """Whether the terminal can show every letter."""
        subject = self._text("doctor.terminal")
        if encoding.lower().replace("-", "").replace("_", "") == "utf8":
            yield Finding(subject, State.GOOD, encoding)
        else:
            yield Finding(subject, State.NOTE, encoding, self._text("doctor.set_locale"))

    def token(self) -> Iterator[Finding]:
        """Whether there is a token, and whether Telegram takes it."""
        subject, token = self._text("doctor.token"), self._settings.telegram_token
        if not token:
            yield Finding(subject, State.NOTE, self._text("doctor.no_token"), self._text("doctor.set_token"))
            return
        from bot.console.token import Verdict, check_token  # it loads the HTTP client

        verdict, detail = check_token(token, self._settings.values.telegram.api_url)
        if verdict is Verdict.VALID:
            yield Finding(subject, State.GOOD, self._text("doctor.token_valid", bot=detail))
            yield from self._reception()
        elif verdict is Verdict.REFUSED:
            found = self._text("doctor.token_refused", detail=detail)
            yield Finding(subject, State.WRONG, found, self._text("doctor.new_token"))
        else:
            found = self._text("doctor.token_away", detail=detail)
            yield Finding(subject, State.WRONG, found, self._text("doctor.try_again"))

    def _reception(self) -> Iterator[Finding]:
        """How updates reach the bot, and what it hears in groups."""
        from bot.console.token import Account, CallError, Delivery, call  # as above

        token, telegram = self._settings.telegram_token, self._settings.values.telegram
        try:
            account = call(token, telegram.api_url, "getMe", Account)
            delivery = call(token, telegram.api_url, "getWebhookInfo", Delivery)
        except CallError as error:
            yield Finding(self._text("doctor.delivery"), State.NOTE, error.detail, self._text("doctor.try_again"))
            return
        key = "doctor.hears_all" if account.can_read_all_group_messages else "doctor.hears_addressed"
        yield Finding(self._text("doctor.groups"), State.GOOD, self._text(key))
        found = self._text("doctor.by_webhook", url=delivery.url) if delivery.url else self._text("doctor.by_polling")
        if delivery.url and delivery.url != telegram.webhook_url:
            yield Finding(self._text("doctor.delivery"), State.NOTE, found, self._text("doctor.other_webhook"))
        elif delivery.url and delivery.last_error_message:
            problem = self._text("doctor.delivery_fails", reason=delivery.last_error_message)
            yield Finding(self._text("doctor.delivery"), State.WRONG, problem, self._text("doctor.mend_delivery"))
        else:
            yield Finding(self._text("doctor.delivery"), State.GOOD, found)

    def stored_data(self, key_file: Path | None) -> Iterator[Finding]:
        """What Telegram users' stored words are encrypted with, and whether others can read that; no file holds the key
        of what many machines share."""
        subject = self._text("doctor.stored_data")
        if self._settings.telegram_data_key:
            yield Finding(subject, State.GOOD, self._text("doctor.key_given"))
        elif key_file is None:
            state = State.WRONG if self._settings.telegram_token else State.NOTE
            yield Finding(subject, state, SHARED_KEY_MISSING)
        elif not key_file.exists():
            yield Finding(subject, State.NOTE, self._text("doctor.key_to_come", file=str(key_file)))
        elif os.name == "posix" and key_file.stat().st_mode & 0o077:
            advice = self._text("doctor.close_key", file=str(key_file))
            yield Finding(subject, State.WRONG, self._text("doctor.key_open", file=str(key_file)), advice)
        else:
            yield Finding(subject, State.GOOD, self._text("doctor.key_file", file=str(key_file)))


def engine_line(chosen: str, found: Searching, text: Callable[..., str]) -> str:
    """What searches, in words; `text` gives the messages."""
    if found.engine == "memory":
        return text("doctor.in_memory", engine=chosen)
    if found.cluster is not None:
        version, nodes, health = found.cluster
        line = text("doctor.in_cluster", engine=chosen, where=found.where, version=version, count=nodes, health=health)
    else:
        megabytes = f"{found.size_bytes / 1_000_000:.1f}"
        line = text("doctor.on_disk", engine=chosen, where=found.where, megabytes=megabytes)
    return line if not found.behind else f"{line}, {text('doctor.behind', count=found.behind)}"


def now() -> datetime:
    """The time by this machine's clock, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def stream_encoding() -> str:
    """The encoding of standard output as the environment set it."""
    return getattr(sys.__stdout__, "encoding", None) or "ascii"
