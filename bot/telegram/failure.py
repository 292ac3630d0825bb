"""What a log may say of an error: its kind and its place, never its values or texts."""

import traceback


class ElsewhereError(Exception):
    """An error in another process: its kind and its place there. An error that it caused is that very one, here."""

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(f"{kind} at {place}")
        self.kind = kind
        self.place = place


def kind_of(error: BaseException) -> str:
    """The name of the error's class, wherever it arose."""
    elsewhere = _elsewhere(error)
    return elsewhere.kind if elsewhere is not None else type(error).__name__


def place_of(error: BaseException) -> str:
    """The module and line where an error arose, the innermost of ours when there is one."""
    elsewhere = _elsewhere(error)
    if elsewhere is not None:
        return elsewhere.place
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/bot/" in frame.filename.replace("\\", "/")] or frames
    if not ours:
        return "?"
    return f"{ours[-1].filename.replace(chr(92), '/').rpartition('/')[2]}:{ours[-1].lineno}"


def _elsewhere(error: BaseException) -> ElsewhereError | None:
    """What an error was in the process where it arose; None for one that arose here."""
    return next((one for one in (error, error.__cause__) if isinstance(one, ElsewhereError)), None)
