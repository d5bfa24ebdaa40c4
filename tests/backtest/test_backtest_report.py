"""The report of a backtest, and its comparison of closings."""

import json
from itertools import permutations
from pathlib import Path

from support.histories.backtests import SERVICE_DESK, START, hours, opened, replied, run_backtest
from ticketcore import events as e
from ticketcore.backtest import backtest
from ticketcore.errors import BacktestError
from ticketcore.events import write_histories

EURO = e.Money(1, "EUR")


def test_the_period_is_that_of_the_record(tmp_path: Path) -> None:
    """The period of a report is from the first to the last instant of all events."""
    report = run_backtest(tmp_path, [opened(at=hours(2))], [opened(), replied(1, "support")])
    assert (START, hours(2)) == (report.first, report.last)


def test_closings_are_compared_with_the_record(tmp_path: Path) -> None:
    """Closings are compared as simulated minus recorded; within an hour they are equal."""
    solved = [opened(), replied(0, "support", solution=True)]
    recorded = [119, 120, 121, 122, 100]
    tickets = [[*solved, e.Closed(at=hours(at), by="system")] for at in recorded]
    report = run_backtest(tmp_path, *tickets, solved, [opened()], compare_recorded=True)
    assert report.closings is not None
    assert (1, 1) == (report.closings.only_simulated, report.closings.neither)
    closings = report.closings.by_system
    assert (3, 1, 1) == (closings.within_hour, closings.earlier, closings.later)
    assert (5, 0) == (closings.closed, closings.only_recorded)
    assert [-7200, 0, 20 * 3600] == [
        difference.total_seconds()
        for share in (0.05, 0.5, 0.95)
        if (difference := closings.quantile(share)) is not None
    ]
    assert {"0.05": -7200, "0.25": -3600, "0.5": 0, "0.75": 3600, "0.95": 72000} == (
        json.loads(json.dumps(report.to_json()))["closings"]["by_system"]["quantiles"]
    )


def test_closings_by_people_are_counted_apart(tmp_path: Path) -> None:
    """Closings by people are replayed as recorded, so they agree under any policy."""
    by_person = [opened(), e.Closed(at=hours(1), by="support")]
    by_system = [opened(), e.Closed(at=hours(1), by="system")]
    report = run_backtest(tmp_path, by_person, by_system, by_person, compare_recorded=True)

    assert report.closings is not None
    system, people = report.closings.by_system, report.closings.by_people
    assert (0, 1) == (system.within_hour, system.only_recorded)
    assert (2, 0) == (people.within_hour, people.only_recorded)


def test_without_common_closings_there_are_no_quantiles(tmp_path: Path) -> None:
    """Every quantile is None unless a ticket closed in the replay and in the record."""
    report = run_backtest(tmp_path, [opened()], compare_recorded=True)
    closings = json.loads(json.dumps(report.to_json()))["closings"]
    assert [None] * 5 == list(closings["by_system"]["quantiles"].values())


def test_a_report_is_json(tmp_path: Path) -> None:
    """A report is JSON, with instants as in histories, and null for closings not compared."""
    refunded = e.Refunded(at=hours(2), by="support", amount=e.Money(1, "EUR"))
    report = run_backtest(tmp_path, [opened(type="x", at=hours(1)), refunded]).to_json()
    read = json.loads(json.dumps(report))
    assert read == report
    assert ("2026-01-05T10:00:00.000000Z", None) == (read["first"], read["closings"])
    assert ["not-permitted"] == [refusal["code"] for refusal in read["refusals"]]


def test_an_error_of_a_packed_file_names_no_end() -> None:
    """An error of a packed file names no end, because its size in bytes is unknown."""
    error = BacktestError("a.jsonl.gz", 0, None, "why")
    assert "a.jsonl.gz, bytes 0 to the end: why" == str(error)


def test_no_example_depends_on_the_order_of_the_file(tmp_path: Path) -> None:
    """The example of a refusal is its earliest case, or that of the lower ticket number."""
    tickets = {
        number: (opened(at=hours(at)), e.Refunded(at=hours(at + 1), by="support", amount=EURO))
        for number, at in {"T1": 5, "T3": 2, "T2": 2, "T4": 4}.items()
    }
    for order in permutations(tickets):
        for range_size in (1, 1 << 20):
            path = tmp_path / "history.jsonl"
            write_histories(path, [(number, tickets[number]) for number in order])
            report = backtest(path, SERVICE_DESK, workers=1, range_size=range_size)
            [refused] = report.refusals
            assert (4, "T2", hours(3)) == (refused.count, refused.ticket, refused.at)
