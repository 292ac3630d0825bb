"""Keys: a number for each word of a text, so that words are compared many thousands at a time."""

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

BLANK = ord(" ")
BYTES = 8  # of a word that its key holds as they are; of longer words the key is a hash
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(BYTES + 1)], dtype=np.uint64)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, The Art of Computer Programming, 6.4)


def keys_of(text: str, chosen: npt.NDArray[np.bool_] | None = None) -> Keys:
    """[words] the keys of the words of a text that single blanks part; equal words have equal keys, and others, but
    for one pair in 10^19, different ones. Empty for "". `chosen` says of every word whether its key is wanted.
    """
    if not text:
        return np.zeros(0, dtype=np.uint64)
    held = text.encode() + b" " + bytes(BYTES)
    ends = np.flatnonzero(np.frombuffer(held, dtype=np.uint8) == BLANK)
    starts = np.concatenate([[0], ends[:-1] + 1])
    if chosen is not None:
        starts, ends = starts[chosen], ends[chosen]
    lengths = ends - starts
    windows: Keys = np.ndarray(len(held) - BYTES + 1, dtype="<u8", buffer=held, strides=(1,))
    keys: Keys = windows[starts] & _MASKS[np.minimum(lengths, BYTES)]
    offset = BYTES
    longer = np.flatnonzero(lengths > offset)
    while len(longer):
        rest = windows[starts[longer] + offset] & _MASKS[np.minimum(lengths[longer] - offset, BYTES)]
        keys[longer] = keys[longer] * _MULTIPLIER + rest
        offset += BYTES
        longer = longer[lengths[longer] > offset]
    return keys
