"""The table of readers, and the readers of text, Markdown and JSON Lines."""

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Article
from bot.articles.readers import Origin, Readers
from bot.errors import ReadingError
from bot.resources import seeds_folder
from bot.wordlists import WordLists

READERS = Readers(WordLists(), largest_bytes=100_000)


def read(document: bytes | Path, source: str = "notes/a.txt") -> list[Article]:
    return list(READERS.read(document, Origin(source=source)))


def read_lines(data: bytes) -> tuple[list[Article], list[str]]:
    skipped: list[str] = []
    origin = Origin(source="a.jsonl", tags=("t",), skip=skipped.append)
    return list(READERS.read(data, origin)), skipped


def test_a_text_is_stored_character_for_character() -> None:
    text = "A title\r\n\r\nOne\u00a0line.\tTwo ﬁne\u00ad\u200f e\u0301.\n\n"
    (article,) = read(codecs.BOM_UTF8 + text.encode())
    assert article == Article(text=text, title="A title", source="notes/a.txt")


def test_the_seeds_are_read_as_they_are() -> None:
    for path in seeds_folder().iterdir():
        (article,) = read(path, str(path))
        assert article.text.encode() == path.read_bytes()


def test_what_the_origin_says_holds_where_the_document_is_silent() -> None:
    origin = Origin(source="s", name="a.md", published="2020-01-01", language="fr", tags=("x",), url="https://e.org")
    (article,) = READERS.read(b"---\ndate: 2023-03-08\n---\nText.", origin)
    assert (article.published, article.language, article.tags, article.url) == (
        "2023-03-08", "fr", ("x",), "https://e.org",
    )  # fmt: skip


def test_a_document_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    for document in (large, b"x" * 200_000):
        with pytest.raises(ReadingError, match=r"a\.txt: has .* MB; a document may have 0 MB .*largest_megabytes"):
            read(document)


def test_what_is_not_there_or_may_not_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"a\.txt: cannot be read \(No such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(ReadingError, match="cannot be read"):
        read(tmp_path)
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    secret.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(ReadingError, match="Permission denied"):
            read(secret)


MARKDOWN = b"""---
title: "The *siege*: a \\"view\\""
date: 2023-03-08
tags:
  - war
  - 'east'
lang: en
---
Opening
=======

It is **very** long, with a [link](https://e.org "t"), an ![image](i.png), `code` & an &amp; in
one paragraph.

- one *item*
- two

1. first
2. second

| a | b |
| - | - |
| 1 | 2 |

> A quotation.

## Section

```
code = 1
```
<div>dropped</div>
"""


def test_markdown_is_stored_as_it_reads() -> None:
    (article,) = read(MARKDOWN, "a.md")
    assert article == Article(
        title='The *siege*: a "view"',
        text=(
            "# Opening\n\nIt is very long, with a link, an image, code & an & in one paragraph.\n\n"
            "- one item\n- two\n\n1. first\n2. second\n\na | b\n1 | 2\n\nA quotation.\n\n## Section\n\ncode = 1"
        ),
        source="a.md",
        published="2023-03-08",
        tags=("war", "east"),
        language="en",
    )


def test_front_matter_in_toml_and_lists_on_one_line() -> None:
    (article,) = read(b'+++\ntitle = "T"\ndate = 2023-03-08T10:00:00Z\ntags = ["a"]\n+++\nText.', "a.md")
    assert (article.title, article.published, article.tags, article.text) == (
        "T",
        "2023-03-08T10:00:00+00:00",
        ("a",),
        "Text.",
    )
    (article,) = read(b"---\ntags: [a, 'b c']\n---\n# Head\n\nText.", "a.md")
    assert (article.title, article.tags) == ("Head", ("a", "b c"))


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    (article,) = read(b"---\nHe said so.\n---\nText.", "a.md")
    assert "He said so." in article.text


def test_markdown_without_words_is_refused() -> None:
    with pytest.raises(ReadingError, match="no words"):
        read(b"![](i.png)\n\n---\n", "a.md")


def test_an_article_a_line_with_all_its_fields() -> None:
    line = (
        b'{"text": "Hi\\r\\n.", "title": "T", "source": "urn:x", "published": "2023-03-08T10:00:00Z",'
        b' "language": "uk", "tags": ["a", "b", "a"], "url": "https://e.org", "more": 1}'
    )
    assert read_lines(codecs.BOM_UTF8 + line + b"\n\n") == (
        [
            Article(
                text="Hi\r\n.", title="T", source="urn:x", published="2023-03-08T10:00:00Z", language="uk",
                tags=("a", "b"), url="https://e.org",
            )
        ],
        [],
    )  # fmt: skip


def test_a_line_without_a_source_is_named_by_its_number() -> None:
    articles, _ = read_lines(b'\n{"text": "One."}\r\n{"text": "Two.", "title": null}')
    assert [(a.source, a.title, a.tags) for a in articles] == [
        ("a.jsonl#2", "One.", ("t",)),
        ("a.jsonl#3", "Two.", ("t",)),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"x", "is not valid JSON"),
        (b'{"text": "a"', "is not valid JSON"),
        (b'{"text": "\xff"}', "is not valid"),
        (b'{"text": "\\ud800"}', "is not valid JSON"),
        (b"[]", 'expected object, got array; expected an object with "text"'),
        (b"{}", "missing required field text"),
        (b'{"text": 1}', "expected str, got int in text"),
        (b'{"text": "a", "tags": "b"}', "expected array"),
        (b'{"text": " \\n"}', '"text" is empty'),
        (b'{"text": "a\\u0000"}', "NUL"),
        (b'{"text": "a", "published": "8 March"}', "\"published\" is '8 March'; expected an ISO 8601 date"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_in(line: bytes, expected: str) -> None:
    articles, skipped = read_lines(b'{"text": "One."}\n' + line + b'\n{"text": "Three."}')
    assert [article.text for article in articles] == ["One.", "Three."]
    assert len(skipped) == 1
    assert skipped[0].startswith("a.jsonl, line 2: ")
    assert expected in skipped[0]
    assert "\n" not in skipped[0]


def test_a_file_without_a_good_line_is_refused() -> None:
    with pytest.raises(ReadingError, match=r"a\.jsonl: holds no article \(2 bad lines\)"):
        read_lines(b"{}\n{}")


def test_json_lines_in_other_encodings(tmp_path: Path) -> None:
    file = tmp_path / "wide.jsonl"
    file.write_text('{"text": "Привет."}\n', encoding="utf-16")
    for document in (file, file.read_bytes()):
        assert [article.text for article in read(document, "wide.jsonl")] == ["Привет."]


def test_a_json_lines_file_may_be_larger_than_the_limit_but_a_line_may_not(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    good = b'{"text": "%s"}\n' % (b"a" * 60_000)
    file.write_bytes(good * 3 + b'{"text": "%s"}\n' % (b"b" * 300_000) + good)
    skipped: list[str] = []
    articles = list(READERS.read(file, Origin(source="many.jsonl", skip=skipped.append)))
    assert [article.source for article in articles] == ["many.jsonl#1", "many.jsonl#2", "many.jsonl#3", "many.jsonl#5"]
    assert len(skipped) == 1
    assert "many.jsonl, line 4: a line may have 0 MB" in skipped[0]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(str.strip))
def test_any_text_survives_json_lines(text: str) -> None:
    import msgspec

    (article,) = read(msgspec.json.encode({"text": text, "source": text}), "a.jsonl")
    assert (article.text, article.source) == (text, text)
