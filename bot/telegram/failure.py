"""What a log may say of an error: its kind and its place, never its values or texts."""

import traceback


def place_of(error: BaseException) -> str:
    """The module and line where an error arose, the innermost of ours when there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/bot/" in frame.filename.replace("\\", "/")] or frames
    if not ours:
        return "?"
    return f"{ours[-1].filename.replace(chr(92), '/').rpartition('/')[2]}:{ours[-1].lineno}"
