"""ZIP containers, opened with care: what they say of their sizes is not believed, and nothing is written to disk."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from bot.errors import ReadingError

LARGEST_MEMBER_BYTES = 50_000_000
LARGEST_CONTENT_BYTES = 200_000_000
MOST_MEMBERS = 20_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


class Container:
    """An open ZIP container; reading from it raises ReadingError before it costs more than the limits allow."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._read_bytes = 0

    @property
    def names(self) -> list[str]:
        """The names of the files in it, in the order in which they were put in."""
        return [info.filename for info in self._archive.infolist() if not info.is_dir()]

    def holds(self, member: str) -> bool:
        """Whether there is a file of this name."""
        return member in self._archive.NameToInfo

    def read(self, member: str) -> bytes:
        """The content of one file. Raises ReadingError when it is missing, encrypted, damaged or too large."""
        try:
            with self._archive.open(member) as file:
                content = file.read(LARGEST_MEMBER_BYTES + 1)
        except KeyError as error:
            raise ReadingError(f"{self._name}: has no {member} in it; it is damaged, or something else") from error
        except RuntimeError as error:  # zipfile's way to say that a password is needed
            raise ReadingError(f"{self._name}: {member} is encrypted; take the password off") from error
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            OSError,
            EOFError,
            ValueError,
            zlib.error,
            lzma.LZMAError,
        ) as error:
            raise ReadingError(f"{self._name}: {member} in it is damaged; make the file anew") from error
        self._read_bytes += len(content)
        if len(content) > LARGEST_MEMBER_BYTES:
            raise ReadingError(
                f"{self._name}: {member} in it is larger than {LARGEST_MEMBER_BYTES / 1e6:,.0f} MB; split it"
            )
        if self._read_bytes > LARGEST_CONTENT_BYTES:
            raise ReadingError(
                f"{self._name}: holds more than {LARGEST_CONTENT_BYTES / 1e6:,.0f} MB unpacked; split it"
            )
        return content


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Container]:
    """The container that `data` is. Raises ReadingError when it is none or has too many files."""
    if data.startswith(_OLD_OFFICE):
        raise ReadingError(f"{name}: is an old or encrypted Office document; save it as .docx without a password")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise ReadingError(f"{name}: is damaged or cut off; copy or download it again") from error
    with archive:
        if len(archive.infolist()) > MOST_MEMBERS:
            raise ReadingError(f"{name}: holds more than {MOST_MEMBERS:,} files; split it")
        yield Container(archive, name)
