"""The progress of long work: a bar on a terminal's standard error, nothing anywhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

PATIENCE_SECONDS = 0.5
"""Work that takes no longer needs no bar."""

Told = Callable[[int, int], None]
"""Told how much of how much is done."""


@contextmanager
def progress_bar(label: str, *, once: bool = False) -> Iterator[Told]:
    """What long work tells its progress to; the bar comes when there is something to wait for and leaves no trace.

    With `once` it goes as soon as all is done, and not when the block is left.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with ExitStack() as shown:
        yield _bar(label, shown, once=once)


def _bar(label: str, shown: ExitStack, *, once: bool) -> Told:
    started = time.monotonic()
    update: list[Told] = []

    def told(done: int, total: int) -> None:
        if not update:
            if time.monotonic() - started < PATIENCE_SECONDS or done >= total:
                return
            update.append(_drawn(label, shown))
        update[0](done, total)
        if once and done >= total:
            update.clear()
            shown.close()

    return told


def _drawn(label: str, shown: ExitStack) -> Told:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = shown.enter_context(Progress(*columns, console=Console(file=sys.stderr), transient=True))
    task = bar.add_task(label, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)
