"""A backtest gives the same report for any ranges and workers, and lists broken tickets."""

import gzip
import json
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.histories.backtests import CLICKBANK, SERVICE_DESK, START, opened
from support.histories.history_files import write_unchecked
from ticketcore import events as e
from ticketcore.backtest import backtest
from ticketcore.backtest._job import ReplayJob
from ticketcore.backtest._parts import HistoryRange
from ticketcore.backtest._report import make_report
from ticketcore.backtest._run import default_processes
from ticketcore.backtest._tally import MAX_EXAMPLES, BacktestTally, empty_tally
from ticketcore.errors import BacktestError, CodecError, HistoryError
from ticketcore.events import Event, split_history


def some_events(random: Random) -> Iterator[Event]:
    """Yield an opening, and some replies and closings in the weeks after it."""
    at = START + timedelta(hours=random.randrange(5000))
    ticket_type = random.choice(["technical", "refund", "other"])
    yield e.Opened(at=at, by="customer", type=ticket_type, zone="Europe/Rome")
    for _ in range(random.randrange(5)):
        at += timedelta(hours=random.randrange(400))
        by: e.Party = random.choice(("customer", "vendor", "support"))
        closes = random.random() < 0.2
        yield e.Closed(at=at, by=by) if closes else e.Replied(at=at, by=by)
    if random.random() < 0.5:
        yield e.Closed(at=at + timedelta(hours=144), by="system")


def write_tickets(path: Path, count: int) -> None:
    """Write a history of tickets, each made from its number."""
    write_unchecked(path, [(f"T{n}", list(some_events(Random(n)))) for n in range(count)])


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write sixty tickets, of which one has a broken event and one lacks an event."""
    random = Random(7)
    path = tmp_path_factory.mktemp("ranges") / "history.jsonl"
    write_unchecked(path, [(f"T{n}", list(some_events(random))) for n in range(60)])
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[40] = lines[40].replace('"by"', '"from"')
    lines[90] = "no event at all\n"
    path.write_text("".join(lines), "utf-8")
    return path


def report_json(path: Path, **options: Any) -> str:
    """Return the report of a backtest as JSON text."""
    report = backtest(path, CLICKBANK, compare_recorded=True, **{"workers": 1} | options)
    return json.dumps(report.to_json())


@pytest.mark.parametrize("range_size", [1, 300, 5000])
def test_the_size_of_the_ranges_does_not_matter(history: Path, range_size: int) -> None:
    """The report is the same for ranges of any size, with the lines of broken tickets."""
    assert report_json(history) == report_json(history, range_size=range_size)


def test_the_number_of_processes_follows_the_size_of_the_work() -> None:
    """A process starts for each 16 MB, because its start takes longer than a smaller range."""
    cores = os.cpu_count() or 1

    assert [1, 1, min(2, cores), cores] == [
        default_processes(size) for size in (0, (16 << 20) - 1, 16 << 20, 1 << 40)
    ]


@pytest.mark.parametrize("workers", [2, None])
def test_the_number_of_workers_does_not_matter(history: Path, workers: int | None) -> None:
    """Spawned processes give the same report as this process."""
    assert report_json(history) == report_json(history, range_size=2000, workers=workers)


def test_an_executor_can_be_passed_in(history: Path) -> None:
    """An executor that is passed in gives the same report, and is not shut down."""
    with ThreadPoolExecutor(2) as executor:
        assert report_json(history) == report_json(history, range_size=700, workers=executor)
        assert 7 == executor.submit(lambda: 7).result()


class CountingExecutor(Executor):
    """An executor that works at once, and counts the ranges that it was given."""

    def __init__(self) -> None:
        self.submitted = 0
        self.done = 0
        self.most_pending = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        self.most_pending = max(self.most_pending, self.submitted - self.done)
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_bounded_number_of_ranges_is_pending(tmp_path: Path) -> None:
    """At most 64 ranges are submitted ahead, and progress reports the bytes that are done.

    Each range is submitted twice: to find orders with several tickets, and to replay it.
    """
    path = tmp_path / "history.jsonl"
    write_tickets(path, 200)
    executor, reported = CountingExecutor(), []

    def progress(done: int, total: int) -> None:
        executor.done += 1
        reported.append(done)
        assert path.stat().st_size == total

    backtest(path, CLICKBANK, workers=executor, range_size=1, progress=progress)
    ranges = len(list(split_history(path, 1)))
    assert (2 * ranges, 64 + ranges) == (executor.submitted, executor.most_pending)
    assert (sorted(set(reported)), path.stat().st_size) == (reported, reported[-1])


def test_broken_tickets_are_counted_and_listed(history: Path) -> None:
    """Broken tickets are listed with their line in the file; the others are replayed."""
    report = backtest(history, CLICKBANK, workers=1, range_size=500)
    assert (58, 3) == (report.tickets, report.broken)
    lines = history.read_text("utf-8").splitlines()
    broken, incomplete = (json.loads(lines[line - 1])["ticket"] for line in (41, 92))
    assert [(41, broken), (91, None), (92, incomplete)] == [
        (broken.line, broken.ticket) for broken in report.broken_examples
    ]
    assert [41, 91, 92] == [
        broken.error.line
        for broken in report.broken_examples
        if isinstance(broken.error, (CodecError, HistoryError))
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_strict_raises_the_error_of_the_first_broken_ticket(history: Path, workers: int) -> None:
    """With *strict*, a backtest raises the error of the first broken ticket with its line."""
    with pytest.raises(CodecError) as caught:
        backtest(history, CLICKBANK, workers=workers, range_size=500, strict=True)
    assert (41, "data.from") == (caught.value.line, caught.value.path)
    assert [str(caught.value)] == caught.value.__notes__


def test_a_pipe_is_read_once(history: Path, tmp_path: Path) -> None:
    """A pipe gives the same report as a file, with the lines of broken tickets."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=[history.read_bytes()])
    writer.start()
    report = report_json(pipe)
    writer.join()
    assert report_json(history) == report


def test_an_empty_file_is_listed_as_broken(tmp_path: Path) -> None:
    """An empty file is listed as broken at line 1."""
    path = tmp_path / "empty.jsonl"
    path.touch()
    report = backtest(path, CLICKBANK)
    assert (0, None, None) == (report.tickets, report.first, report.last)
    assert [("empty", 1)] == [
        (broken.error.problem, broken.line)
        for broken in report.broken_examples
        if isinstance(broken.error, HistoryError)
    ]


def test_a_truncated_last_line_is_listed_as_broken(tmp_path: Path) -> None:
    """A truncated last line is listed as broken, and the tickets before it are replayed."""
    path = tmp_path / "cut.jsonl"
    write_unchecked(path, [(f"T{n}", [opened(type="technical")]) for n in (1, 2)])
    path.write_bytes(path.read_bytes()[:-20])
    report = backtest(path, CLICKBANK)
    assert (1, ["truncated"]) == (
        report.tickets,
        [b.error.problem for b in report.broken_examples if isinstance(b.error, HistoryError)],
    )


@pytest.mark.parametrize("range_size", [50, 5000])
def test_the_first_hundred_broken_tickets_are_listed(tmp_path: Path, range_size: int) -> None:
    """All broken tickets are counted, and the first 100 of the file are listed."""
    path = tmp_path / "broken.jsonl"
    path.write_text("?\n" * (3 * MAX_EXAMPLES), "utf-8")
    report = backtest(path, CLICKBANK, workers=1, range_size=range_size)
    assert (3 * MAX_EXAMPLES, MAX_EXAMPLES) == (report.broken, len(report.broken_examples))
    assert list(range(1, MAX_EXAMPLES + 1)) == [broken.line for broken in report.broken_examples]


def test_a_deadline_outside_the_supported_years_breaks_only_its_ticket(tmp_path: Path) -> None:
    """A deadline after the year 2100, where calendars end, breaks only its ticket."""
    path = tmp_path / "far.jsonl"
    openings = [
        opened(at=START.replace(year=year, month=12, day=30), type="technical")
        for year in (2026, 2100)
    ]
    write_unchecked(path, [(str(opening.at.year), [opening]) for opening in openings])
    report = backtest(path, CLICKBANK)
    assert (1, [("2100", 2)]) == (
        report.tickets,
        [(broken.ticket, broken.line) for broken in report.broken_examples],
    )


def test_an_order_with_a_negative_amount_breaks_only_its_ticket(tmp_path: Path) -> None:
    """An order with a negative amount breaks only its own ticket."""
    path = tmp_path / "negative.jsonl"
    orders = [e.Order(number="M1", sold_at=START, amount=e.Money(n, "EUR")) for n in (-100, 100)]
    tickets = [[opened(type="technical", order=order)] for order in orders]
    write_unchecked(path, zip("12", tickets, strict=True))
    report = backtest(path, CLICKBANK)
    message = (
        "line 1: ticket 1: -1.00 EUR is not an amount of money: "
        "the amounts of an order cannot be negative"
    )
    assert (1, [message]) == (report.tickets, [str(broken) for broken in report.broken_examples])


def test_a_packed_history_is_one_range(history: Path, tmp_path: Path) -> None:
    """A packed file is read as a whole, whatever the size of the ranges."""
    packed = tmp_path / "history.jsonl.gz"
    packed.write_bytes(gzip.compress(history.read_bytes()))
    assert report_json(history) == report_json(packed, range_size=1)


def test_an_input_of_this_process_is_one_range(history: Path) -> None:
    """An open file descriptor is read by this process, since workers do not have it."""
    with history.open("rb") as file:
        descriptor = Path(f"/proc/self/fd/{file.fileno()}")
        assert report_json(history) == report_json(descriptor, range_size=1, workers=2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_names_its_range(tmp_path: Path, workers: int) -> None:
    """An error that is not about one ticket raises BacktestError with the range in bytes."""
    path = tmp_path / "gone.jsonl"
    write_tickets(path, 9)

    class DeletingExecutor(ThreadPoolExecutor):
        """An executor that deletes the file before it works."""

        def submit(self, *args: Any, **kwargs: Any) -> Any:
            path.unlink(missing_ok=True)
            return super().submit(*args, **kwargs)

    with DeletingExecutor(workers) as executor, pytest.raises(BacktestError) as caught:
        backtest(path, CLICKBANK, workers=executor, range_size=1000)
    assert (str(path), 0) == (caught.value.path, caught.value.start)
    assert f"{path}, bytes 0 to {caught.value.end}: No such file or directory" in str(caught.value)
    assert isinstance(caught.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize("path", ["", "a\0b", "\ud800"])
def test_a_path_that_is_none_raises_oserror(path: str) -> None:
    """An empty path, or one with a NUL or a lone surrogate, raises OSError."""
    with pytest.raises(OSError, match=r"empty path|Not a file name"):
        backtest(path, SERVICE_DESK)


def test_a_missing_file_raises_oserror(tmp_path: Path) -> None:
    """Backtesting a missing file raises FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        backtest(tmp_path / "none.jsonl", SERVICE_DESK)


@settings(max_examples=10, deadline=None)
@given(order=st.randoms(use_true_random=False))
def test_tallies_can_be_merged_in_any_order(history: Path, order: Random) -> None:
    """Merging is associative and commutative: any order of the ranges gives the same report."""
    collect = partial(empty_tally, compare_recorded=True)
    job = ReplayJob[BacktestTally](path=str(history), policies=(CLICKBANK,), collect=collect)
    tallies = [job.run(HistoryRange(span)) for span in split_history(history, 700)]
    while len(tallies) > 1:
        order.shuffle(tallies)
        other = tallies.pop()
        tallies[0].merge(other)
    assert report_json(history) == json.dumps(make_report(job, tallies[0]).to_json())
