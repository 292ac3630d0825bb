"""The tables of the Telegram side: updates on their way, answers that buttons return to, conversations, people.

Columns named chat, asker or person hold pseudonyms, and columns named body are encrypted (bot.telegram.vault).
"""

from bot.storage.lease import LEASES
from bot.storage.store import Migration

FILE_NAME = "telegram_data.sqlite"

_FIRST: Migration = (
    "CREATE TABLE updates (update_id {key}, chat BIGINT NOT NULL, body {bytes}, state INTEGER NOT NULL, "
    "attempts INTEGER NOT NULL, received DOUBLE PRECISION NOT NULL, digest BIGINT NOT NULL)",
    "CREATE INDEX updates_by_state ON updates (state, received)",
    "CREATE TABLE answers (id TEXT NOT NULL PRIMARY KEY, chat BIGINT NOT NULL, asker BIGINT NOT NULL, "
    "question BIGINT, message BIGINT, created DOUBLE PRECISION NOT NULL, body {bytes} NOT NULL)",
    "CREATE INDEX answers_by_question ON answers (chat, question)",
    "CREATE INDEX answers_by_message ON answers (chat, message)",
    "CREATE INDEX answers_by_age ON answers (created)",
    "CREATE INDEX answers_by_asker ON answers (asker)",
    "CREATE TABLE conversations (chat BIGINT NOT NULL, asker BIGINT NOT NULL, changed DOUBLE PRECISION NOT NULL, "
    "body {bytes} NOT NULL, PRIMARY KEY (chat, asker))",
    "CREATE TABLE people (person BIGINT NOT NULL PRIMARY KEY, language TEXT NOT NULL, blocked INTEGER NOT NULL, "
    "seen DOUBLE PRECISION NOT NULL)",
    "CREATE TABLE chats (chat BIGINT NOT NULL PRIMARY KEY, body {bytes} NOT NULL)",
    "CREATE TABLE feedback (answer TEXT NOT NULL, person BIGINT NOT NULL, vote INTEGER NOT NULL, "
    "given DOUBLE PRECISION NOT NULL, body {bytes} NOT NULL, PRIMARY KEY (answer, person))",
    "CREATE TABLE unanswered (id {key}, asked DOUBLE PRECISION NOT NULL, person BIGINT NOT NULL, "
    "body {bytes} NOT NULL)",
)

_FLEET: Migration = (
    # Which process answers an update: one of those that are alive, or NULL.
    "ALTER TABLE updates ADD COLUMN holder {text}",
    "CREATE INDEX updates_open ON updates (chat, holder) WHERE state < 2",
    "CREATE TABLE processes (process {text} NOT NULL PRIMARY KEY, expires DOUBLE PRECISION NOT NULL) {by_key}",
    # When messages were sent to a chat, or to any, lately: where one process sends, its own memory knows.
    "CREATE TABLE paces (lane BIGINT NOT NULL PRIMARY KEY, sends {bytes} NOT NULL, expires DOUBLE PRECISION NOT NULL)",
    LEASES,
)

MIGRATIONS: tuple[Migration, ...] = (_FIRST, _FLEET)
