"""The library's tables, version by version; braces are words that differ between databases.

{key} is a number that rows are found by, {text} a text that is ordered by its code points, {bytes} a string of bytes,
{by_key} says that rows lie in the order of their key.
"""

from bot.storage.lease import LEASES
from bot.storage.store import Migration

MIGRATIONS: tuple[Migration, ...] = (
    (
        # Keys and flags of the library; its counters and totals are in `totals`, one row each.
        "CREATE TABLE meta (name {text} NOT NULL PRIMARY KEY, value TEXT NOT NULL) {by_key}",
        "CREATE TABLE totals (name {text} NOT NULL PRIMARY KEY, value BIGINT NOT NULL) {by_key}",
        """
        CREATE TABLE articles (
            number {key},
            id {text} NOT NULL UNIQUE,
            source {text} NOT NULL UNIQUE,
            title TEXT NOT NULL,
            published TEXT,
            day {text},
            language {text} NOT NULL,
            given_language TEXT NOT NULL,
            tags TEXT NOT NULL,
            url TEXT,
            checksum {bytes} NOT NULL,
            text_checksum {bytes} NOT NULL,
            origin {text},
            prepared {text} NOT NULL,
            characters BIGINT NOT NULL,
            first_passage BIGINT NOT NULL,
            passages BIGINT NOT NULL,
            sentences BIGINT NOT NULL
        )
        """,
        "CREATE INDEX articles_day ON articles (day)",
        "CREATE INDEX articles_language ON articles (language, sentences)",
        "CREATE INDEX articles_origin ON articles (origin)",
        "CREATE INDEX articles_prepared ON articles (prepared)",
        """
        CREATE TABLE article_tags (
            tag {text} NOT NULL, article BIGINT NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            PRIMARY KEY (tag, article)
        ) {by_key}
        """,
        "CREATE INDEX article_tags_article ON article_tags (article)",
        # The text in chunks of so many code points: a quote is cut without reading ten megabytes, and bytes hold
        # the NULs that a text column of PostgreSQL refuses.
        """
        CREATE TABLE texts (
            article BIGINT NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            chunk BIGINT NOT NULL, content {bytes} NOT NULL,
            PRIMARY KEY (article, chunk)
        )
        """,
        "CREATE TABLE passages (number {key}, article BIGINT NOT NULL, content {bytes} NOT NULL)",
        """
        CREATE TABLE terms (
            term {text} NOT NULL PRIMARY KEY, sentences BIGINT NOT NULL, passages BIGINT NOT NULL
        ) {by_key}
        """,
        # The files that articles came from, as they were when they were read.
        """
        CREATE TABLE files (
            path {text} NOT NULL PRIMARY KEY, size BIGINT NOT NULL, modified_ns BIGINT NOT NULL,
            readers TEXT NOT NULL, articles BIGINT NOT NULL
        ) {by_key}
        """,
        "CREATE TABLE changes (article {key}, change BIGINT NOT NULL UNIQUE, removed INTEGER NOT NULL)",
    ),
    (
        # Which articles hold a line that could be their site's, and in which text; then the lines that are.
        """
        CREATE TABLE lines (
            line BIGINT NOT NULL, text BIGINT NOT NULL, article BIGINT NOT NULL, PRIMARY KEY (line, text, article)
        ) {by_key}
        """,
        "CREATE TABLE repeated_lines (line BIGINT NOT NULL PRIMARY KEY) {by_key}",
        "UPDATE articles SET prepared = ''",
    ),
    (
        # What similar texts are found by, and the group that each article is in: its least article's number.
        "CREATE TABLE sketches (article {key}, sketch {bytes} NOT NULL, leader BIGINT)",
        "CREATE INDEX sketches_leader ON sketches (leader)",
        "CREATE TABLE bands (band BIGINT NOT NULL, article BIGINT NOT NULL, PRIMARY KEY (band, article)) {by_key}",
        "UPDATE articles SET prepared = ''",
    ),
    (
        # The addresses that articles came from, or are still to be asked for, as they were when they were read.
        """
        CREATE TABLE addresses (
            address {text} NOT NULL PRIMARY KEY, parent {text} NOT NULL, target {text} NOT NULL, listed TEXT NOT NULL,
            etag {text} NOT NULL, modified TEXT NOT NULL, read_at BIGINT NOT NULL, status BIGINT NOT NULL,
            failures BIGINT NOT NULL, readers TEXT NOT NULL
        ) {by_key}
        """,
        "CREATE INDEX addresses_parent ON addresses (parent)",
        "CREATE INDEX addresses_target ON addresses (target)",
    ),
    # What one process at a time does for all.
    (LEASES,),
    # The terms of the title, joined by blanks: analysing thirty titles took a thirtieth of an answer.
    ("ALTER TABLE articles ADD COLUMN title_terms TEXT", "UPDATE articles SET prepared = ''"),
)
