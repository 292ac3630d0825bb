"""Question files: articles with questions and the places of their answers."""

import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from bot.errors import ReadingError

GZIP_MAGIC = b"\x1f\x8b"


class GoldAnswer(msgspec.Struct, frozen=True):
    """An answer that a person marked: `text` stands at `start` (a code point offset) in its paragraph."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset just after the answer."""
        return self.start + len(self.text)


class AskedQuestion(msgspec.Struct, frozen=True):
    """A question with the answers that its paragraph holds."""

    question: str
    answers: tuple[GoldAnswer, ...]


class AskedParagraph(msgspec.Struct, frozen=True):
    """A paragraph with its questions; `sentences` are published breaks, empty where a file has none."""

    context: str
    questions: tuple[AskedQuestion, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()

    def gold_sentences(self, asked: AskedQuestion) -> frozenset[int]:
        """The numbers (from 0) of the sentences that hold an answer's start."""
        return frozenset(
            number
            for number, (start, end) in enumerate(self.sentences)
            if any(start <= answer.start < end for answer in asked.answers)
        )


class AskedArticle(msgspec.Struct, frozen=True):
    """An article of a question file; `language` is "" where the file does not say."""

    title: str = ""
    paragraphs: tuple[AskedParagraph, ...] = ()
    language: str = ""

    @property
    def plain_title(self) -> str:
        """The title as a reader would see it: SQuAD's stand as in Wikipedia's addresses ("Ed%C3%A9_Laws")."""
        return unquote(self.title).replace("_", " ").strip()

    def questions(self) -> Iterator[AskedQuestion]:
        """All its questions in order."""
        for paragraph in self.paragraphs:
            yield from paragraph.questions


def in_pieces(articles: Iterable[AskedArticle], *, paragraphs: int = 3, titled: bool = False) -> list[AskedArticle]:
    """The articles cut into articles of so many paragraphs (the last of each may have fewer), in order."""
    return [
        AskedArticle(article.title if titled else "", article.paragraphs[start : start + paragraphs], article.language)
        for article in articles
        for start in range(0, len(article.paragraphs), paragraphs)
    ]


class Topic(NamedTuple):
    """A TREC topic: a question with its id."""

    id: str
    question: str


class Judgement(NamedTuple):
    """A line of TREC qrels: how relevant (above 0: relevant) a document is to a topic."""

    topic: str
    document: str
    relevance: int


def load_articles(path: Path) -> tuple[AskedArticle, ...]:
    """The articles of a question file (.json, or the same gzipped), in the file's order.

    Raises ReadingError that names the file, the place in it, and what was expected there.
    """
    try:
        articles = msgspec.json.decode(bytes_of(path), type=tuple[AskedArticle, ...])
    except msgspec.DecodeError as error:  # ValidationError is one
        raise ReadingError(
            f"{path}: is no question file: {_lower(str(error))}; expected a JSON list of "
            '{"title", "paragraphs": [{"context", "sentences", "questions": [{"question", "answers"}]}]}'
        ) from error
    for number, article in enumerate(articles):
        _check_article(article, f"{path}: article {number + 1} ({article.title[:60]!r})")
    if not any(True for article in articles for _ in article.questions()):
        raise ReadingError(f"{path}: holds no question; expected at least one article with questions")
    return articles


def load_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of a file with an id, a tab and a question on each line; blank lines are skipped.

    Raises ReadingError for a line of another shape and for an id that occurs twice.
    """
    topics: dict[str, Topic] = {}
    for number, line in lines_of(path):
        name, tab, question = line.partition("\t")
        if not tab or not name.strip() or not question.strip():
            raise ReadingError(f"{path}, line {number}: expected an id, a tab and a question; found {line[:60]!r}")
        if name.strip() in topics:
            raise ReadingError(f"{path}, line {number}: the id {name.strip()!r} occurs twice; give each topic its own")
        topics[name.strip()] = Topic(name.strip(), question.strip())
    if not topics:
        raise ReadingError(f"{path}: holds no topic; expected an id, a tab and a question on each line")
    return tuple(topics.values())


def load_qrels(path: Path) -> tuple[Judgement, ...]:
    """The judgements of a TREC qrels file: topic, iteration (ignored), document, relevance on each line.

    Raises ReadingError for a line of another shape and for a pair that is judged twice.
    """
    judged: dict[tuple[str, str], Judgement] = {}
    for number, line in lines_of(path):
        fields = line.split()
        if len(fields) != 4 or not fields[3].removeprefix("-").isdecimal():
            raise ReadingError(
                f"{path}, line {number}: expected a topic, an iteration, a document and a whole number; "
                f"found {line[:60]!r}"
            )
        pair = (fields[0], fields[2])
        if pair in judged:
            raise ReadingError(f"{path}, line {number}: {pair[1]!r} is judged twice for topic {pair[0]!r}")
        judged[pair] = Judgement(*pair, int(fields[3]))
    if not judged:
        raise ReadingError(f"{path}: holds no judgement; expected lines such as 'q1 0 document 1'")
    return tuple(judged.values())


def lines_of(path: Path) -> list[tuple[int, str]]:
    """The lines of a text file that are not blank, with their numbers from 1.

    Raises ReadingError when it cannot be read or is not UTF-8.
    """
    try:
        text = bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadingError(
            f"{path}: is not UTF-8 text ({error.reason} at byte {error.start}); save it as UTF-8"
        ) from error
    return [(number, line.strip("\r")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def bytes_of(path: Path) -> bytes:
    """A file's bytes, unpacked where it is gzipped, without a byte order mark. Raises ReadingError."""
    try:
        content = path.read_bytes()
        unpacked = gzip.decompress(content) if content.startswith(GZIP_MAGIC) else content
        return unpacked.removeprefix(codecs.BOM_UTF8)
    except FileNotFoundError as error:
        raise ReadingError(f"{path}: there is no such file; name one that exists") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadingError(f"{path}: is a damaged gzip file ({error}); fetch it again") from error
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror})") from error


def _check_article(article: AskedArticle, where: str) -> None:
    for number, paragraph in enumerate(article.paragraphs):
        place = f"{where}, paragraph {number + 1}"
        _check_breaks(paragraph, place)
        for asked in paragraph.questions:
            _check_answers(paragraph.context, asked, place)


def _check_breaks(paragraph: AskedParagraph, place: str) -> None:
    last = 0
    for start, end in paragraph.sentences:
        if not last <= start < end <= len(paragraph.context):
            raise ReadingError(
                f"{place}: sentence [{start}, {end}] does not fit; expected rising offsets of code points "
                f"up to {len(paragraph.context)}"
            )
        last = end


def _check_answers(context: str, asked: AskedQuestion, place: str) -> None:
    if not asked.question.strip():
        raise ReadingError(f"{place}: a question is empty; write it or take it out")
    for answer in asked.answers:
        if answer.start < 0 or context[answer.start : answer.end] != answer.text or not answer.text:
            found = context[answer.start : answer.start + 40] if answer.start >= 0 else ""
            raise ReadingError(
                f"{place}: the answer {answer.text[:40]!r} does not stand at {answer.start}, where {found!r} stands; "
                "offsets count code points in the context"
            )


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
