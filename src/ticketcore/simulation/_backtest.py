"""Backtest: what would have happened to the tickets of a history under another policy?"""

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from ticketcore._files import is_stream
from ticketcore.errors import BacktestError
from ticketcore.events import split_history
from ticketcore.policies import Policy, PolicyVersions
from ticketcore.simulation._backtest_range import Range, Work, work_on
from ticketcore.simulation._backtest_report import BacktestReport, make_report
from ticketcore.simulation._backtest_tally import Tally

Progress: TypeAlias = Callable[[int, int], None]

RANGE_SIZE = 1 << 20
_OUTSTANDING = 64


def backtest(
    history: str | os.PathLike[str],
    policy: Policy | PolicyVersions,
    *,
    workers: int | Executor | None = None,
    ticket_type: str | None = None,
    against_observed: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
    range_size: int = RANGE_SIZE,
) -> BacktestReport:
    """Replay what people did in a history file as commands under *policy*, its timers between.

    What the system did in the record is not replayed: the policy's own timers act before each
    command, and after the last one until nothing is pending. Facts win: where a person acted on a
    ticket that the policy had closed by then, the ticket is reopened, in the replay only.

    The file is worked on in ranges of whole tickets, about *range_size* bytes each, so that memory
    stays flat. *workers* is a number of processes (all cores if None; they are spawned, so a
    script needs its ``if __name__ == "__main__"``) or an Executor whose workers can read the
    file. The report is the same whatever their number. A pipe is read by this process alone.

    *ticket_type* takes every ticket as one of that type. *against_observed* compares the last
    closing of each ticket with the recorded one. *progress* is called with the bytes that are
    done and their total. With *strict* the first broken ticket of a range raises its error
    instead of being counted; a note of it names the ticket and its line.

    Raises OSError for a file that cannot be read, BacktestError, with the range, when the work
    on a part of it failed.
    """
    work = Work(os.fspath(history), policy, ticket_type, against_observed)
    total = 0 if is_stream(history) else Path(history).stat().st_size
    tally = work.tally()
    for (_, end), part in _parts(work, workers, total, range_size):
        tally.merge(part)
        if strict and tally.named:
            break
        if progress is not None:
            progress(total if end is None else end, total)
    report = make_report(work, tally)
    if strict and report.named:
        first = report.named[0]
        first.error.add_note(str(first))
        raise first.error
    return report


def _parts(
    work: Work, workers: int | Executor | None, total: int, range_size: int
) -> Iterator[tuple[Range, Tally]]:
    """The ranges of the file with their tallies, in the order of the file."""
    ranges = split_history(work.path, range_size)
    if isinstance(workers, Executor):
        yield from _spread(work, ranges, workers)
        return
    processes = workers or os.cpu_count() or 1
    if processes == 1 or total <= range_size:
        for part in ranges:
            yield part, _checked(work, part, partial(work.on, part))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        yield from _spread(work, ranges, executor)


def _spread(
    work: Work, ranges: Iterator[Range], executor: Executor
) -> Iterator[tuple[Range, Tally]]:
    """Worked on by an executor, which has a bounded number of ranges at a time."""
    sent = pickle.dumps(work)
    window: deque[tuple[Range, Future[Tally]]] = deque()
    try:
        while True:
            for part in islice(ranges, _OUTSTANDING - len(window)):
                window.append((part, executor.submit(work_on, sent, part)))
            if not window:
                return
            part, future = window.popleft()
            yield part, _checked(work, part, future.result)
    finally:
        for _, future in window:
            future.cancel()


def _checked(work: Work, part: Range, result: Callable[[], Tally]) -> Tally:
    try:
        return result()
    except Exception as error:
        raise BacktestError(work.path, *part, repr(error)) from error
