"""Question files: articles with their questions, where each answer starts, and the task's own sentence breaks."""

import gzip
from pathlib import Path
from urllib.parse import unquote

import msgspec

from bot.errors import SettingsError


class GoldAnswer(msgspec.Struct, frozen=True):
    """An answer as people marked it: `text`, from `start` (code points) in its paragraph's context."""

    start: int
    text: str


class AskedQuestion(msgspec.Struct, frozen=True):
    """A question about one paragraph, with its answers there."""

    question: str
    answers: tuple[GoldAnswer, ...] = ()


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph of a question file: its text, its sentences as offsets into it, its questions."""

    context: str
    sentences: tuple[tuple[int, int], ...] = ()
    questions: tuple[AskedQuestion, ...] = ()

    def gold_sentences(self, asked: AskedQuestion) -> frozenset[int]:
        """The places (from 0) of the sentences that hold the start of one of the answers."""
        starts = [answer.start for answer in asked.answers]
        return frozenset(
            place for place, (begin, end) in enumerate(self.sentences) if any(begin <= start < end for start in starts)
        )


class QuestionArticle(msgspec.Struct, frozen=True):
    """An article of a question file, in reading order."""

    title: str = ""
    language: str = ""
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def readable_title(self) -> str:
        """The title as people write it: Wikipedia's files keep it as it stands in the page's address."""
        return unquote(self.title).replace("_", " ")

    @property
    def text(self) -> str:
        """The whole text: the paragraphs, a blank line between them."""
        return "\n\n".join(paragraph.context for paragraph in self.paragraphs)


def load_questions(path: Path) -> list[QuestionArticle]:
    """The articles of a question file (.json or .json.gz), in order.

    Raises SettingsError that names the file and what is wrong with it.
    """
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        return msgspec.json.decode(content, type=list[QuestionArticle])
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such question file; name one that exists") from error
    except (OSError, EOFError) as error:
        raise SettingsError(f"{path}: the question file cannot be read ({error})") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: is no question file: expected a JSON list of articles with paragraphs and questions ({error})"
        ) from error
