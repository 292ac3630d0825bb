"""Characters that a library would drop or change, carried through it in disguise."""

import unicodedata

_STAND_INS = range(0x14400, 0x14647)  # Anatolian hieroglyphs: letters that no text of this century is written in
_JAMO = range(0x1100, 0x1200)


class Disguise:
    """Puts stand-in letters in place of invisible, combining and compatibility characters, and takes them back."""

    def __init__(self) -> None:
        self._stand_ins: dict[int, int] = {}

    def put_on(self, text: str) -> str:
        """The text with a letter, the same each time, for each character that might not survive."""
        if text.isascii():
            return text
        for character in set(text):
            if _is_fragile(character) and ord(character) not in self._stand_ins:
                if len(self._stand_ins) == len(_STAND_INS):
                    break
                self._stand_ins[ord(character)] = _STAND_INS[len(self._stand_ins)]
        return text.translate(self._stand_ins)

    def take_off(self, text: str) -> str:
        """The text with the characters that the letters stood for."""
        return text.translate({letter: character for character, letter in self._stand_ins.items()})


def _is_fragile(character: str) -> bool:
    """Whether libraries that normalise to NFC, or keep only what prints, would change the character."""
    if character < "\x80":
        return False
    code = ord(character)
    return (
        not (character.isprintable() or character in "\x85\u2028\u2029")
        or code in _STAND_INS
        or code in _JAMO
        or unicodedata.combining(character) != 0
        or not unicodedata.is_normalized("NFC", character)
    )
