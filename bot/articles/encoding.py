"""Bytes to text: the encoding is told by its mark, by being valid, or by a detection library, in this order."""

import codecs

from bot.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = (
    "cp1252", "cp1251", "koi8_r", "koi8_u", "cp1250", "iso8859_2", "iso8859_5", "cp866", "mac_cyrillic", "mac_roman",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
_BINARY = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.doc, .xls, .ppt)"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"RIFF", "a recording or an image"),
)
_SAMPLE_BYTES = 1 << 16
_DAMAGED_SHARE = 0.2  # of the multi-byte sequences; more than that and it was never UTF-8
_WIDE_SHARE = 0.02  # of the characters are ASCII in any script's prose: blanks, digits, full stops
_COHERENCE_TIE = 0.05  # closer than that, the more common encoding (earlier in _LEGACY) is taken
_CONTROLS = bytes(frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})


def decode(data: bytes, name: str) -> str:
    """The text that `data` holds, line ends and all; a byte order mark is no part of it.

    Raises ReadingError when it is empty, binary, damaged, or in an encoding that cannot be told. `name` is what the
    error calls it.
    """
    if not data.strip():
        raise ReadingError(f"{name}: is empty; there is nothing to read in it")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, name)
    wide = _unmarked_wide(data)
    if wide:
        return _strictly(data, wide, name)
    _refuse_binary(data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise ReadingError(_damaged(name, "UTF-8", error)) from error
    return _detected(data, name)


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(_damaged(name, encoding.upper().replace("-LE", "").replace("-BE", ""), error)) from error
    if not text.strip():
        raise ReadingError(f"{name}: is empty; there is nothing to read in it")
    if "\0" in text:
        raise ReadingError(f"{name}: is not text (it holds NUL characters); give a text, or convert it to one")
    return text


def _damaged(name: str, encoding: str, error: UnicodeDecodeError) -> str:
    return f"{name}: is damaged {encoding} text (byte {error.start:,}: {error.reason}); save it again as UTF-8"


def _unmarked_wide(data: bytes) -> str:
    """UTF-16 without a mark, told by the zero bytes of its blanks and full stops, which all stand on one side; ""
    when it is not that."""
    sample = data[:_SAMPLE_BYTES]
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(even, odd) < max(1, _WIDE_SHARE * half) or min(even, odd):
        return ""
    encoding = "utf-16-le" if odd else "utf-16-be"
    text = sample[: half * 2].decode(encoding, errors="replace")
    readable = sum(character.isprintable() or character.isspace() for character in text)
    return encoding if readable > 0.98 * len(text) else ""


def _refuse_binary(data: bytes, name: str) -> None:
    for signature, what in _BINARY:
        if data.startswith(signature) and (not signature.isalnum() or _has_controls(data)):
            raise ReadingError(f"{name}: is {what}, not text; give the text itself")
    if b"\0" in data or _has_controls(data):
        raise ReadingError(f"{name}: is not text (it holds binary data); give a text, or convert it to one")


def _has_controls(data: bytes) -> bool:
    """Whether more than one byte in fifty is a control character that no text has."""
    sample = data[:_SAMPLE_BYTES]
    return (len(sample) - len(sample.translate(None, _CONTROLS))) * 50 > len(sample)


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII is valid UTF-8 all the same: then another encoding would garble it."""
    sample = data[: _SAMPLE_BYTES * 16]
    replaced = sample.decode("utf-8", errors="replace")
    wrong = replaced.count("\ufffd")
    sound = sum(character > "\x7f" for character in replaced) - wrong
    return sound > 0 and wrong <= _DAMAGED_SHARE * (sound + wrong)


def _detected(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes  # 40 ms: only for what is not UTF-8

    matches = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=list(_LEGACY))
    best = matches.best()
    if best is None:
        raise ReadingError(f"{name}: is in an encoding that cannot be told; save it as UTF-8")
    equals = {
        alias
        for match in matches
        if match.chaos <= best.chaos and match.coherence >= best.coherence - _COHERENCE_TIE
        for alias in match.could_be_from_charset
    }
    return _strictly(data, min(equals, key=_LEGACY.index, default=best.encoding), name)
