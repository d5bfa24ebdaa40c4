"""Run a replay over a whole file: in this process, in worker processes, or on other machines.

Parts are handed out in the order of the file, and their results come back in this order, so that
nothing depends on the number of workers. Only a bounded number of parts is handed out at a time,
so that memory does not grow with the file.
"""

import os
import pickle
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from ticketcore._internal.files import check_path, is_stream
from ticketcore.backtest._filter import TicketFilter, check_recorded
from ticketcore.backtest._job import ReplayJob, run_job
from ticketcore.backtest._parts import ByteRange, HistoryRange, Part, find_rows, plan_batches
from ticketcore.errors import BacktestError
from ticketcore.events import split_history

Progress: TypeAlias = Callable[[int, int], None]
"""A function that is called with the number of bytes that are done, and their total."""

RANGE_SIZE = 1 << 20
"""Default size of a range, in bytes."""

BYTES_PER_PROCESS = 16 << 20
"""Size of the work for which one more process starts; below that its start costs more time."""

_MAX_PENDING = 64  # parts that a pool holds at a time

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class SubmittedTask(Protocol[Result_co]):
    """The task that a `WorkerPool` returns, such as a `concurrent.futures.Future`."""

    def result(self) -> Result_co:
        """Wait for the result, and return it."""

    def cancel(self) -> object:
        """Do not start the task, if it has not started."""


class WorkerPool(Protocol):
    """Workers that can read the file: a `concurrent.futures.Executor`, or a client of Dask."""

    def submit(self, function: Callable[[Part], Result], part: Part, /) -> SubmittedTask[Result]:
        """Run *function* on *part* in a worker."""


def run_replay(
    job: ReplayJob[Result],
    workers: int | WorkerPool | None = None,
    *,
    progress: Progress | None = None,
    range_size: int = RANGE_SIZE,
) -> Iterator[Result]:
    """Yield the results of all parts of the job's file, always in the same order.

    *workers* is a number of processes (default: one per 16 MB, at most one per CPU core), or
    a pool whose workers can read the file. *progress* is called after each range of about
    *range_size* bytes. Raises OSError if the file cannot be read, QueryError if the job's filter
    names a field that neither its policies nor the tickets have, and BacktestError if the replay
    of a part failed.
    """
    check_path(job.path)
    if isinstance(job.admits, TicketFilter):
        check_recorded(job.path, job.policies, fields=job.admits.only)
    total = 0 if is_stream(job.path) else Path(job.path).stat().st_size
    spans = tuple(split_history(job.path, range_size))
    with _pool(workers, total, range_size) as pool:
        work = partial(run_job, pickle.dumps(job))
        parts = _parts(job.path, spans, pool)
        for part, result in _in_order(job.path, pool, work, parts):
            if progress is not None and isinstance(part, HistoryRange):
                end = part.span[1]
                progress(total if end is None else end, total)
            yield result


@contextmanager
def _pool(
    workers: int | WorkerPool | None, total: int, range_size: int
) -> Iterator[WorkerPool | None]:
    """Provide the pool to work in; None stands for this process."""
    if not (workers is None or isinstance(workers, int)):
        yield workers
        return
    processes = workers or default_processes(total)
    if processes == 1 or total <= range_size:
        yield None
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield pool


def default_processes(total: int) -> int:
    """Return the number of processes for a file of *total* bytes: at most one per CPU core."""
    return min(os.cpu_count() or 1, 1 + total // BYTES_PER_PROCESS)


def _parts(path: str, spans: tuple[ByteRange, ...], pool: WorkerPool | None) -> Iterator[Part]:
    """Yield the ranges, then the orders that several tickets concern."""
    if spans[0][1] is None:  # a stream cannot be read twice
        yield HistoryRange(spans[0])
        return
    rows = array("Q")
    for _, found in _in_order(path, pool, partial(find_rows, path), map(HistoryRange, spans)):
        rows += found
    left_out, batches = plan_batches(rows)
    for span in spans:
        yield HistoryRange(span, frozenset(left_out.get(span[0], ())))
    yield from batches


def _in_order(
    path: str,
    pool: WorkerPool | None,
    work: Callable[[Part], Result],
    parts: Iterable[Part],
) -> Iterator[tuple[Part, Result]]:
    """Yield the results of *work* on each part, `_MAX_PENDING` of them submitted ahead."""
    if pool is None:
        for part in parts:
            yield part, _result(path, part, partial(work, part))
        return
    waiting = iter(parts)
    pending: deque[tuple[Part, SubmittedTask[Result]]] = deque()
    try:
        while True:
            for part in islice(waiting, _MAX_PENDING - len(pending)):
                pending.append((part, pool.submit(work, part)))
            if not pending:
                return
            part, task = pending.popleft()
            yield part, _result(path, part, task.result)
    finally:
        for _, task in pending:
            task.cancel()


def _result(path: str, part: Part, get_result: Callable[[], Result]) -> Result:
    """Return the result of a part. Raises BacktestError, caused by the error of the replay."""
    try:
        return get_result()
    except Exception as error:
        strerror = error.strerror if isinstance(error, OSError) else None
        raise BacktestError(path, *part.span, strerror or repr(error)) from error
