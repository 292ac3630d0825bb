"""ZIP containers: documents that are made of files, and archives of documents of any format."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from bot.articles.article import Article
from bot.articles.readers.container import Container, opened
from bot.articles.readers.docx import read_docx
from bot.articles.readers.epub import read_epub
from bot.articles.readers.formats import HEAD_BYTES, ZIP, format_of
from bot.articles.readers.odt import read_odt
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

_DOCUMENTS = frozenset({".docx", ".odt", ".epub"})


def read_container(data: bytes, origin: Origin) -> Iterable[Article]:
    """The articles of an EPUB, a Word or an OpenDocument text, told by what lies in it, or else of an archive."""
    with opened(data, origin.source) as container:
        kind = container.read("mimetype").strip() if container.holds("mimetype") else b""
        names = set(container.names)
    if "META-INF/container.xml" in names or kind == b"application/epub+zip":
        return read_epub(data, origin)
    if "word/document.xml" in names:
        return read_docx(data, origin)
    if "content.xml" in names and kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return read_odt(data, origin)
    if "[Content_Types].xml" in names or kind.startswith(b"application/vnd.oasis.opendocument"):
        raise ReadingError(f"{origin.source}: is a table or slides, not a text; save it as CSV or PDF")
    return read_archive(data, origin)


def read_archive(data: bytes, origin: Origin) -> Iterator[Article]:
    """The articles of the archive's files; `origin.skip` hears of those that cannot be read.

    A file's source is the archive's, "/", and its name in it. Raises ReadingError when nothing in it can be read.
    """
    with opened(data, origin.source) as container:
        found = False
        names = [name for name in container.names if not _is_clutter(name)]
        if not names:
            raise ReadingError(f"{origin.source}: is an empty archive; there is nothing to read in it")
        for name in names:
            try:
                for article in _read_member(container, name, origin):
                    found = True
                    yield article
            except ReadingError as error:
                origin.skip(str(error))
        if not found:
            raise ReadingError(f"{origin.source}: no file in this archive can be read; give texts or documents")


def _read_member(container: Container, name: str, origin: Origin) -> Iterable[Article]:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or not name.isprintable():
        raise ReadingError(f"{origin.source}: {name!r} in it points outside of the archive; take it out")
    member = msgspec.structs.replace(origin, source=f"{origin.source}/{name}", name=path.name)
    content = container.read(name)
    format_ = format_of(content[:HEAD_BYTES], member)
    if format_ is ZIP and member.suffix not in _DOCUMENTS:
        raise ReadingError(f"{member.source}: is an archive in an archive; unpack it and add it by itself")
    return format_.read(content, member)


def _is_clutter(name: str) -> bool:
    """Whether a file is one that systems put in by themselves, or a hidden one."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return name.startswith("__MACOSX/") or last.startswith(".") or last == "Thumbs.db"
