"""Workload: deadlines due per hour and weekday, counted by hand."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import pytest

from support.histories.comparisons import SLOW, record, stories
from ticketcore import events as e
from ticketcore.comparison import Outcomes, outcomes, workload
from ticketcore.errors import CalendarError, QueryError
from ticketcore.events import write_histories
from ticketcore.policies import parse_policy

ZONE = "America/New_York"
DAILY = """
name = "daily"
effective = 2020-01-01
zone = "UTC"
[types.request]
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "answer"
from = "opened"
after = "1 hour"
effect = "warn"
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """Return the outcomes of eighty tickets."""
    history = tmp_path_factory.mktemp("workload") / "history.jsonl"
    record(history, list(stories(80, seed=4)))
    with outcomes(history, [SLOW], workers=1) as made:
        yield made


def test_hours_are_local_and_weeks_without_work_count(table: Outcomes) -> None:
    """The workload has the sum, the median and the maximum of each hour of the week."""
    dues = [
        deadline["due"].astimezone(ZoneInfo(ZONE)).replace(minute=0, second=0, microsecond=0)
        for row in table.rows()
        for deadline in row["base"]["deadlines"]
        if deadline["timer"] == "answer"
    ]
    counted = Counter(dues)
    first, last = min(dues).date(), max(dues).date()
    days = (last - first).days + 1
    hours = workload(table, ZONE, timer="answer")
    assert 168 == len(hours)
    for hour in hours:
        each = [
            counted_at(counted, first.toordinal() + day, hour.hour)
            for day in range(days)
            if (first.toordinal() + day - 1) % 7 == hour.weekday
        ]
        p90 = quantiles(each, n=10, method="inclusive")[8]
        assert (sum(each), median(each), max(each)) == (hour.due, hour.median, hour.most)
        assert p90 == pytest.approx(hour.p90)


def counted_at(counted: Counter[datetime], day: int, hour: int) -> int:
    """Return the deadlines in one hour."""
    return sum(n for at, n in counted.items() if (at.toordinal(), at.hour) == (day, hour))


def test_thousands_of_years_between_two_deadlines_cost_nothing(tmp_path: Path) -> None:
    """A gap of thousands of years costs nothing: weeks without deadlines are not listed."""
    history = tmp_path / "history.jsonl"
    opened = [
        e.Opened(
            at=datetime(year, 1, 5, 10, tzinfo=UTC), by="customer", type="request", zone="UTC"
        )
        for year in (2026, 9990)
    ]
    write_histories(history, [(str(number), [event]) for number, event in enumerate(opened)])
    with outcomes(history, [parse_policy(DAILY)], workers=1) as table:
        hours = workload(table, "UTC")

    [first, second] = [hour for hour in hours if hour.due]
    assert ((0, 11), (4, 11)) == ((first.weekday, first.hour), (second.weekday, second.hour))
    assert {(1, 0.0, 0.0, 1)} == {(h.due, h.median, h.p90, h.most) for h in (first, second)}


def test_tickets_and_timers_are_selected(table: Outcomes) -> None:
    """Tickets and timers can be selected, and the sums are those of their deadlines."""
    everything = sum(hour.due for hour in workload(table, "UTC"))
    assert everything == sum(len(row["base"]["deadlines"]) for row in table.rows())
    requests = sum(hour.due for hour in workload(table, "UTC", where="type = 'request'"))
    questions = sum(hour.due for hour in workload(table, "UTC", where="type = 'question'"))
    assert everything == requests + questions
    assert 0 == sum(hour.due for hour in workload(table, "UTC", timer="it's none"))


def test_wrong_names_are_errors(table: Outcomes) -> None:
    """An unknown zone or column raises an error."""
    with pytest.raises(CalendarError):
        workload(table, "Mars/Base")
    with pytest.raises(QueryError, match='no policy "other": there are base'):
        workload(table, "UTC", policy="other")
