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
from ticketcore.backtest._range import BacktestJob, ByteRange, run_job
from ticketcore.backtest._report import BacktestReport, make_report
from ticketcore.backtest._tally import BacktestTally
from ticketcore.errors import BacktestError
from ticketcore.events import split_history
from ticketcore.policies import Policy, PolicyVersions

Progress: TypeAlias = Callable[[int, int], None]

RANGE_SIZE = 1 << 20
_OUTSTANDING = 64


def backtest(
    history: str | os.PathLike[str],
    policy: Policy | PolicyVersions,
    *,
    workers: int | Executor | None = None,
    ticket_type: str | None = None,
    compare_recorded: bool = False,
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

    *ticket_type* takes every ticket as one of that type. *compare_recorded* compares the last
    closing of each ticket with the recorded one. *progress* is called with the bytes that are
    done and their total. With *strict* the first broken ticket of a range raises its error
    instead of being counted; a note of it names the ticket and its line.

    Raises OSError for a file that cannot be read, BacktestError, with the range, when the job
    on a part of it failed.
    """
    job = BacktestJob(os.fspath(history), policy, ticket_type, compare_recorded)
    total = 0 if is_stream(history) else Path(history).stat().st_size
    tally = job.tally()
    for (_, end), part in _parts(job, workers, total, range_size):
        tally.merge(part)
        if strict and tally.broken_examples:
            break
        if progress is not None:
            progress(total if end is None else end, total)
    report = make_report(job, tally)
    if strict and report.broken_examples:
        first = report.broken_examples[0]
        first.error.add_note(str(first))
        raise first.error
    return report


def _parts(
    job: BacktestJob, workers: int | Executor | None, total: int, range_size: int
) -> Iterator[tuple[ByteRange, BacktestTally]]:
    """The ranges of the file with their tallies, in the order of the file."""
    ranges = split_history(job.path, range_size)
    if isinstance(workers, Executor):
        yield from _spread(job, ranges, workers)
        return
    processes = workers or os.cpu_count() or 1
    if processes == 1 or total <= range_size:
        for part in ranges:
            yield part, _checked(job, part, partial(job.on, part))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        yield from _spread(job, ranges, executor)


def _spread(
    job: BacktestJob, ranges: Iterator[ByteRange], executor: Executor
) -> Iterator[tuple[ByteRange, BacktestTally]]:
    """Worked on by an executor, which has a bounded number of ranges at a time."""
    sent = pickle.dumps(job)
    window: deque[tuple[ByteRange, Future[BacktestTally]]] = deque()
    try:
        while True:
            for part in islice(ranges, _OUTSTANDING - len(window)):
                window.append((part, executor.submit(run_job, sent, part)))
            if not window:
                return
            part, future = window.popleft()
            yield part, _checked(job, part, future.result)
    finally:
        for _, future in window:
            future.cancel()


def _checked(
    job: BacktestJob, part: ByteRange, result: Callable[[], BacktestTally]
) -> BacktestTally:
    try:
        return result()
    except Exception as error:
        raise BacktestError(job.path, *part, repr(error)) from error
