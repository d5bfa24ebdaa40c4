"""The same report whatever the parts of the file, their order and who works on them."""

import json
import os
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore import events as e
from ticketcore.backtest import backtest
from ticketcore.backtest._actions import actions_of
from ticketcore.backtest._range import BacktestJob
from ticketcore.backtest._tally import MAX_EXAMPLES
from ticketcore.commands import Open
from ticketcore.errors import BacktestError, CodecError, HistoryError
from ticketcore.events import Event, from_line, split_history, write_histories
from ticketcore.policies import load_policy

CORPUS = Path(__file__).parents[1] / "events" / "corpus" / "v1.jsonl"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
CLICKBANK = load_policy("clickbank")


def ticket(random: Random) -> list[Event]:
    """An opening, and some answers and closings in the weeks after it."""
    at = START + timedelta(hours=random.randrange(5000))
    kind = random.choice(["technical", "refund", "other"])
    events: list[Event] = [e.Opened(at=at, by="customer", type=kind, zone="Europe/Rome")]
    for _ in range(random.randrange(5)):
        at += timedelta(hours=random.randrange(400))
        by: e.Party = random.choice(("customer", "vendor", "support"))
        closed = random.random() < 0.2
        events.append(e.Closed(at=at, by=by) if closed else e.Replied(at=at, by=by))
    if random.random() < 0.5:
        events.append(e.Closed(at=at + timedelta(hours=144), by="system"))
    return events


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty tickets; of one an event is broken, of one a line is no event, which leaves a gap."""
    random = Random(7)
    path = tmp_path_factory.mktemp("parts") / "history.jsonl"
    write_histories(path, [(f"T{n}", ticket(random)) for n in range(60)])
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[40] = lines[40].replace('"by"', '"from"')
    lines[90] = "no event at all\n"
    path.write_text("".join(lines), "utf-8")
    return path


def report(path: Path, **options: Any) -> str:
    """The report as JSON text."""
    found = backtest(path, CLICKBANK, compare_recorded=True, **{"workers": 1} | options)
    return json.dumps(found.to_json())


@pytest.mark.parametrize("range_size", [1, 300, 5000])
def test_the_size_of_the_parts_makes_no_difference(history: Path, range_size: int) -> None:
    """Lines of broken tickets are counted from the beginning of the file all the same."""
    assert report(history) == report(history, range_size=range_size)


@pytest.mark.parametrize("workers", [2, None])
def test_the_number_of_workers_makes_no_difference(history: Path, workers: int | None) -> None:
    """Processes are spawned, and handed the policy and ranges of bytes."""
    assert report(history) == report(history, range_size=2000, workers=workers)


def test_any_executor_will_do(history: Path) -> None:
    """It is not shut down: it is the caller's."""
    with ThreadPoolExecutor(2) as executor:
        assert report(history) == report(history, range_size=700, workers=executor)
        assert 7 == executor.submit(lambda: 7).result()


class Counting(Executor):
    """Works at once, and keeps count of the ranges that were handed out and not yet collected."""

    def __init__(self) -> None:
        self.submitted = 0
        self.most_outstanding = 0
        self.done = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        self.most_outstanding = max(self.most_outstanding, self.submitted - self.done)
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_only_so_many_parts_are_outstanding(tmp_path: Path) -> None:
    """A file of any length is handed out a window at a time; progress counts its bytes."""
    path = tmp_path / "history.jsonl"
    write_histories(path, [(f"T{n}", ticket(Random(n))) for n in range(200)])
    executor, seen = Counting(), []

    def progress(done: int, total: int) -> None:
        executor.done += 1
        seen.append(done)
        assert path.stat().st_size == total

    backtest(path, CLICKBANK, workers=executor, range_size=1, progress=progress)
    parts = len(list(split_history(path, 1)))
    assert (parts, 64) == (executor.submitted, executor.most_outstanding)
    assert (sorted(set(seen)), path.stat().st_size) == (seen, seen[-1])


def test_broken_tickets_are_counted_and_named(history: Path) -> None:
    """With the line, counted from the beginning of the file; the others are replayed."""
    found = backtest(history, CLICKBANK, workers=1, range_size=500)
    assert (58, 3) == (found.tickets, found.broken)
    named = [(broken.line, broken.ticket) for broken in found.broken_examples]
    lines = history.read_text("utf-8").splitlines()
    broken, cut = (json.loads(lines[line - 1])["ticket"] for line in (41, 92))
    assert [(41, broken), (91, None), (92, cut)] == named
    assert [41, 91, 92] == [
        broken.error.line
        for broken in found.broken_examples
        if isinstance(broken.error, (CodecError, HistoryError))
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_strict_stops_at_the_first_broken_ticket(history: Path, workers: int) -> None:
    """Its error is raised, with its line in the file."""
    with pytest.raises(CodecError) as caught:
        backtest(history, CLICKBANK, workers=workers, range_size=500, strict=True)
    assert (41, "data.from") == (caught.value.line, caught.value.path)
    assert [str(caught.value)] == caught.value.__notes__


def test_what_is_broken_in_a_pipe_is_named(history: Path, tmp_path: Path) -> None:
    """Though it is not read a second time to count lines."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=[history.read_bytes()])
    writer.start()
    found = report(pipe)
    writer.join()
    assert report(history) == found


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    """There is not one event in it."""
    path = tmp_path / "empty.jsonl"
    path.touch()
    found = backtest(path, CLICKBANK)
    assert (0, None, None) == (found.tickets, found.first, found.last)
    assert ["line 1: the file has no events"] == [
        str(broken.error) for broken in found.broken_examples
    ]


def test_a_truncated_last_line_is_named(tmp_path: Path) -> None:
    """The tickets before it are replayed."""
    path = tmp_path / "cut.jsonl"
    write_histories(
        path,
        [
            (f"T{n}", [e.Opened(at=START, by="customer", type="technical", zone="UTC")])
            for n in (1, 2)
        ],
    )
    path.write_bytes(path.read_bytes()[:-20])
    found = backtest(path, CLICKBANK)
    assert (1, ["truncated"]) == (
        found.tickets,
        [b.error.problem for b in found.broken_examples if isinstance(b.error, HistoryError)],
    )


@pytest.mark.parametrize("range_size", [50, 5000])
def test_the_first_of_many_broken_tickets_are_named(tmp_path: Path, range_size: int) -> None:
    """All are counted. Memory stays flat, whatever is in the file."""
    path = tmp_path / "broken.jsonl"
    path.write_text("?\n" * (3 * MAX_EXAMPLES), "utf-8")
    found = backtest(path, CLICKBANK, workers=1, range_size=range_size)
    assert (3 * MAX_EXAMPLES, MAX_EXAMPLES) == (found.broken, len(found.broken_examples))
    assert list(range(1, MAX_EXAMPLES + 1)) == [broken.line for broken in found.broken_examples]


def test_a_deadline_beyond_the_calendar_breaks_its_ticket_only(tmp_path: Path) -> None:
    """Calendars end in 2100: such a ticket is named with the line where it begins."""
    path = tmp_path / "far.jsonl"
    years = (2026, 2100)
    write_histories(
        path,
        [
            (
                str(y),
                [
                    e.Opened(
                        at=START.replace(year=y, month=12, day=30),
                        by="customer",
                        type="technical",
                        zone="UTC",
                    )
                ],
            )
            for y in years
        ],
    )
    found = backtest(path, CLICKBANK)
    assert (1, [("2100", 2)]) == (
        found.tickets,
        [(b.ticket, b.line) for b in found.broken_examples],
    )


def test_a_packed_history_is_one_part(history: Path, tmp_path: Path) -> None:
    """It cannot be cut, and is read as a whole."""
    import gzip

    packed = tmp_path / "history.jsonl.gz"
    packed.write_bytes(gzip.compress(history.read_bytes()))
    assert report(history) == report(packed, range_size=1)


def test_what_only_this_process_can_read_is_one_part_too(history: Path) -> None:
    """Workers have another input, or none."""
    with history.open("rb") as file:
        own = Path(f"/proc/self/fd/{file.fileno()}")
        assert report(history) == report(own, range_size=1, workers=2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_names_its_part(tmp_path: Path, workers: int) -> None:
    """What no ticket is to blame for is raised, with the range in bytes."""
    path = tmp_path / "gone.jsonl"
    write_histories(path, [(f"T{n}", ticket(Random(n))) for n in range(9)])

    class Vanishing(ThreadPoolExecutor):
        """The file is gone when the work begins."""

        def submit(self, *args: Any, **kwargs: Any) -> Any:
            path.unlink(missing_ok=True)
            return super().submit(*args, **kwargs)

    with Vanishing(workers) as executor, pytest.raises(BacktestError) as caught:
        backtest(path, CLICKBANK, workers=executor, range_size=1000)
    assert (str(path), 0) == (caught.value.path, caught.value.start)
    assert f"{path}, bytes 0 to {caught.value.end}: FileNotFoundError" in str(caught.value)
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_a_failure_in_a_packed_file_has_no_end() -> None:
    """All of the file is meant."""
    error = BacktestError("a.jsonl.gz", 0, None, "why")
    assert "a.jsonl.gz, bytes 0 to the end: why" == str(error)


@settings(max_examples=10, deadline=None)
@given(order=st.randoms(use_true_random=False))
def test_tallies_merge_in_any_order(history: Path, order: Random) -> None:
    """Merging is associative and commutative: any tree over any order gives the same report."""
    from ticketcore.backtest._report import make_report

    job = BacktestJob(str(history), CLICKBANK, None, compare_recorded=True)
    tallies = [job.run(part) for part in split_history(history, 700)]
    while len(tallies) > 1:
        order.shuffle(tallies)
        other = tallies.pop()
        tallies[0].merge(other)
    assert report(history) == json.dumps(make_report(job, tallies[0]).to_json())


def test_an_opening_is_replayed_with_all_its_facts() -> None:
    """Every fact that an opening records, and a command can say, is asked for again."""
    opened = next(
        found.event
        for found in map(from_line, CORPUS.read_text("utf-8").splitlines())
        if isinstance(found.event, e.Opened) and found.event.customer
    )
    assert opened.order is not None
    order = attrs.evolve(opened.order, units=(e.Unit(id="u-1"),))  # one there is negative
    opened = attrs.evolve(opened, by="customer", order=order, possible_duplicates=("41",))
    (command,) = actions_of([opened], lambda kind: kind)

    said = attrs.fields_dict(e.Opened).keys() & attrs.fields_dict(Open).keys()
    assert {name: getattr(opened, name) for name in said} == {
        name: getattr(command, name) for name in said
    }


def test_an_order_that_nobody_may_ask_for_breaks_its_ticket_only(tmp_path: Path) -> None:
    """What was stored before amounts were looked at is read; it cannot be asked for again."""
    path = tmp_path / "owed.jsonl"
    orders = [e.Order(number="M1", sold_at=START, amount=e.Money(n, "EUR")) for n in (-100, 100)]
    opened: Any = {"at": START, "by": "customer", "type": "technical", "zone": "UTC"}
    tickets = [[e.Opened(**opened, order=order)] for order in orders]
    write_histories(path, zip("12", tickets, strict=True))
    found = backtest(path, CLICKBANK)
    told = (
        "line 1: ticket 1: -1.00 EUR is no amount of money: the amounts of an order cannot be negative"
    )
    assert (1, [told]) == (found.tickets, [str(broken) for broken in found.broken_examples])
