"""Replay the recorded tickets of a history file under a policy.

The file is split into ranges of whole tickets. A range is replayed on its own, in this process or
in a worker process, and gives a `BacktestTally`. The tallies are merged in the order of the file,
so that the report does not depend on the number of workers. Only a bounded number of ranges is
handed out at a time, so that memory does not grow with the file.
"""

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

from ticketcore._internal.files import is_stream
from ticketcore.backtest._range import BacktestJob, ByteRange, run_job
from ticketcore.backtest._report import BacktestReport, make_report
from ticketcore.backtest._tally import BacktestTally
from ticketcore.errors import BacktestError
from ticketcore.events import split_history
from ticketcore.policies import Policy, PolicyVersions

Progress: TypeAlias = Callable[[int, int], None]
"""A function that is called with the number of bytes that are done, and their total."""

RANGE_SIZE = 1 << 20
"""Default size of a range, in bytes."""

BYTES_PER_PROCESS = 16 << 20
"""Size of the work for which one more process starts; below that its start costs more time."""

_MAX_PENDING = 64  # ranges that an executor holds at a time


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
    """Replay the actions of people in a history file as commands under *policy*.

    Recorded events of the system are not replayed. The timers of *policy* act instead: before each
    command, and after the last one until no timer is pending. If a person acted on a ticket that
    the policy had closed by then, the replay reopens the ticket and continues.

    The file is read in ranges of whole tickets, of about *range_size* bytes. *workers* is a number
    of processes (default: one per 16 MB, at most one per CPU core), or an Executor whose workers
    can read the file. The processes are spawned, so a script needs ``if __name__ == "__main__"``.
    The report is the same for any number of workers. A pipe is read by this process alone.

    *ticket_type* replaces the recorded type of every ticket. *compare_recorded* compares the
    closing of each ticket with the recorded one. *progress* is called after each range. With
    *strict*, the first broken ticket raises its error; a note of the error names the ticket and
    its line.

    Raises OSError if the file cannot be read, and BacktestError, with the range of bytes, if the
    replay of a range failed.
    """
    job = BacktestJob(os.fspath(history), policy, ticket_type, compare_recorded)
    total = 0 if is_stream(history) else Path(history).stat().st_size
    tally = job.empty_tally()
    for (_, end), part in _tallies(job, workers, total, range_size):
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


def _tallies(
    job: BacktestJob, workers: int | Executor | None, total: int, range_size: int
) -> Iterator[tuple[ByteRange, BacktestTally]]:
    """Yield each range of the file with its tally, in the order of the file."""
    ranges = split_history(job.path, range_size)
    if isinstance(workers, Executor):
        yield from _run_in(workers, job, ranges)
        return
    processes = workers or default_processes(total)
    if processes == 1 or total <= range_size:
        for part in ranges:
            yield part, _result(job, part, partial(job.run, part))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        yield from _run_in(executor, job, ranges)


def default_processes(total: int) -> int:
    """Return the number of processes for a file of *total* bytes: at most one per CPU core."""
    return min(os.cpu_count() or 1, 1 + total // BYTES_PER_PROCESS)


def _run_in(
    executor: Executor, job: BacktestJob, ranges: Iterator[ByteRange]
) -> Iterator[tuple[ByteRange, BacktestTally]]:
    """Yield the tallies of *ranges* in their order, `_MAX_PENDING` of them submitted ahead."""
    pickled = pickle.dumps(job)
    pending: deque[tuple[ByteRange, Future[BacktestTally]]] = deque()
    try:
        while True:
            for part in islice(ranges, _MAX_PENDING - len(pending)):
                pending.append((part, executor.submit(run_job, pickled, part)))
            if not pending:
                return
            part, future = pending.popleft()
            yield part, _result(job, part, future.result)
    finally:
        for _, future in pending:
            future.cancel()


def _result(
    job: BacktestJob, part: ByteRange, get_tally: Callable[[], BacktestTally]
) -> BacktestTally:
    """Return the tally of a range. Raises BacktestError, caused by the error of the replay."""
    try:
        return get_tally()
    except Exception as error:
        raise BacktestError(job.path, *part, repr(error)) from error
