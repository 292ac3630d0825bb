"""The sample articles: what a library without an owner's articles answers from."""

from bot.articles.change import Incoming
from bot.articles.library import Library
from bot.articles.readers import Origin, Readers
from bot.resources import seeds_folder

ORIGIN = "verbatim:samples"
"""Where the samples come from, in the place of a path; an article that the owner stored has another."""

FLAG = "samples"


def put_samples(library: Library, readers: Readers) -> int:
    """How many sample articles were put in: all into a new library, none into one that the owner has used.

    Raises LibraryError when the library cannot be written.
    """
    if library.statistics().articles or library.flag(FLAG) is not None:
        return 0
    incoming = [
        Incoming(article, ORIGIN)
        for path in sorted(seeds_folder().glob("*.txt"))
        for article in readers.read(path, Origin(source=f"{seeds_folder().name}/{path.name}", name=path.name))
    ]
    library.store(incoming)
    library.set_flag(FLAG, "in")
    return len(incoming)


def take_samples_out(library: Library) -> int:
    """How many sample articles left: those that are in, the first time that the owner stored articles."""
    if library.flag(FLAG) == "out":
        return 0
    removed = library.remove([number for number, _, _ in library.origin(ORIGIN)])
    library.set_flag(FLAG, "out")
    return removed
