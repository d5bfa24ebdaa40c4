"""The service metrics agree with the same definitions written in SQL.

The histories are random ones, and the log of a real service desk where it is available.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ticketcore import commands as c
from ticketcore.calendar import Span
from ticketcore.decider import decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import (
    Escalated,
    Event,
    Money,
    Opened,
    Order,
    Party,
    Refunded,
    Replied,
    Scheduled,
    Unit,
    Unknown,
)
from ticketcore.importers import import_log, load_mapping
from ticketcore.metrics import AnswerTarget, Metrics, Ratio, Spread, measure
from ticketcore.policies import parse_policy
from ticketcore.ticket import Ticket

HERE = Path(__file__).parent
LOG = HERE.parents[2] / "shared/data/servicenow/incident_event_log.zip"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

DESK = """
name = "desk"
effective = 2016-01-01
zone = "UTC"
any_type = true
default_type = "question"
[calendars.office]
zone = "UTC"
hours = "mon-fri 09:00-17:00"
[refunds]
partial = true
requires_confirmation = true
[closing]
per_party = true
reply_reopens = ["customer"]
[[permission]]
commands = ["open", "reply", "change-type", "escalate", "hand-back", "request-info", "close"]
by = ["customer", "vendor", "support"]
[[permission]]
commands = ["reopen", "refund", "confirm-refund", "fail-refund", "reschedule"]
by = ["customer", "vendor", "support"]
[[timer]]
name = "nudge"
when = { waiting_for = "customer" }
from = "last-activity"
after = "24 hours"
effect = "warn"
[[timer]]
name = "give-up"
when = { waiting_for = "customer" }
from = "last-activity"
after = "10 days"
effect = "close"
"""
BREACH_TIMER = """
[[timer]]
name = "answer"
when = { waiting_for = "vendor" }
from = "waiting-since"
after = "8 working hours"
calendar = "office"
effect = "breach"
"""

History = tuple[str, tuple[Event, ...]]


def _random_tickets() -> Iterator[History]:
    """Yield random tickets. Every third history records no deadlines, like an imported ticket."""
    policy, random = parse_policy(DESK + BREACH_TIMER), Random(7)
    for number in range(150):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=11 * number)
        units = tuple(Unit(id=str(random.randint(1, 3))) for _ in range(2))
        order = Order(
            number=f"M{number % 9}", sold_at=at, amount=Money(5000, "EUR"), units=units[:1]
        )
        ticket: Ticket | None = None
        events: tuple[Event, ...] = ()
        by: Party = random.choice(("customer", "vendor"))
        command: c.Command = c.Open(at=at, by=by, order=order)
        for step in range(random.randint(1, 12)):
            try:
                ticket, happened = decide_and_apply(ticket, command, policy)
                events += happened
            except RefusedError:
                pass  # a random command may be refused
            at += timedelta(minutes=random.choice([5, 240, 960, 2880, 7200, 15000]))
            command = _random_command(random, at, step)
        if number % 3 == 0:
            events = tuple(e for e in events if not isinstance(e, Scheduled))
        yield f"{number:011}", events


def _random_command(random: Random, at: datetime, step: int) -> c.Command:
    by: Any = random.choice(["customer", "vendor", "vendor", "support"])
    message: dict[str, Any] = {"at": at, "by": by, "text": str(step)}
    reply = c.Reply(**message, interim=random.random() < 0.2, solution=random.random() < 0.4)
    others: list[c.Command] = [
        c.ChangeType(**message, type=f"type {step}"),
        c.RequestInfo(**message),
        c.Escalate(**message),
        c.HandBack(**message),
        c.Refund(at=at, by=by, reference=str(step), amount=Money(100, "EUR")),
        c.FailRefund(at=at, by=by, reference=str(step - 1)),
        c.Close(**message),
        c.Reopen(**message),
        c.Reschedule(at=at, by=by),
    ]
    return random.choice([*[reply] * 8, *others])


def _service_desk_log() -> Iterator[History]:
    return import_log(LOG, load_mapping("servicenow-log"), "UTC")


EIGHT_HOURS = AnswerTarget(span=Span.parse("8 working hours"), calendar="office")

# The histories, the policy, the target, and the parties whose answers have a deadline.
HistorySource = tuple[Callable[[], Iterable[History]], str, AnswerTarget | None, tuple[str, ...]]
SOURCES: dict[str, HistorySource] = {
    "random tickets, breach timer": (_random_tickets, DESK + BREACH_TIMER, None, ("vendor",)),
    "random tickets, target": (_random_tickets, DESK, EIGHT_HOURS, ("vendor", "support")),
}
if LOG.exists():
    SOURCES["service desk log, target"] = (_service_desk_log, DESK, EIGHT_HOURS, ("support",))


def _micro(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _row(ticket: str, seq: int, event: Event) -> tuple[Any, ...]:
    """Return an event as a row of the database, without computed columns."""
    recorded_due = None
    if isinstance(event, Scheduled):
        recorded_due = next((_micro(t.due) for t in event.timers if t.name == "answer"), None)
    opened = event if isinstance(event, Opened) else None
    refunded = event if isinstance(event, Refunded) else None
    assert not isinstance(event, Unknown)
    return (
        ticket,
        seq,
        _micro(event.at),
        event.NAME,
        getattr(event, "by", None),
        opened and opened.default_handler,
        opened and opened.waiting_for,
        event.to if isinstance(event, Escalated) else None,
        isinstance(event, Replied) and event.interim,
        isinstance(event, Replied) and event.solution,
        recorded_due,
        refunded and refunded.amount.minor,
        getattr(event, "reference", None),
    )


def _database(histories: list[History], measured: tuple[str, ...]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.create_function(
        "month", 1, lambda at: f"{EPOCH + at * MICROSECOND:%Y-%m}", deterministic=True
    )
    db.execute(
        "create table event(ticket, seq, at, name, by, default_handler, opening_waiting_for,"
        " called, interim,"
        " solution, recorded_due, minor, reference, primary key (ticket, seq))"
    )
    db.executemany(
        f"insert into event values ({', '.join('?' * 13)})",
        (_row(t, seq, e) for t, events in histories for seq, e in enumerate(events, 1)),
    )
    db.execute("create table unit(ticket, number, unit)")
    for ticket, events in histories:
        opened = events[0]
        assert isinstance(opened, Opened)
        if opened.order is not None:
            number = opened.order.number
            db.executemany(
                "insert into unit values (?, ?, ?)", ((ticket, number, u) for u in opened.units)
            )
    db.execute("create table opening(start integer primary key, 'end', before)")
    before = 0
    for start, end in _openings():
        db.execute("insert into opening values (?, ?, ?)", (start, end, before))
        before += end - start
    db.execute('create index opening_before on opening(before + "end" - start)')
    db.execute("create table parameter(span, measured)")
    span = timedelta(hours=8) // MICROSECOND
    db.executemany("insert into parameter values (?, ?)", ((span, party) for party in measured))
    db.executescript((HERE / "metrics.sql").read_text())
    return db


def _openings() -> Iterator[tuple[int, int]]:
    """Yield the opening hours of each weekday, nine to five, in the years of the histories."""
    day = datetime(2015, 12, 1, tzinfo=UTC)
    while day.year < 2028:
        if day.weekday() < 5:
            yield _micro(day + timedelta(hours=9)), _micro(day + timedelta(hours=17))
        day += timedelta(days=1)


Compared = tuple[dict[str, Metrics], sqlite3.Connection]


@pytest.fixture(scope="module", params=SOURCES)
def compared(request: pytest.FixtureRequest) -> Iterator[Compared]:
    """Return the metrics of a source by month, and a database of the same events."""
    read, text, target, measured = SOURCES[request.param]
    histories = list(read())
    by_month = {
        one.group["month"]: one
        for one in measure(histories, parse_policy(text), "month", target=target)
    }
    if target is not None:  # with a target, no deadline was recorded
        histories = [
            (ticket, tuple(e for e in events if not isinstance(e, Scheduled)))
            for ticket, events in histories
        ]
    db = _database(histories, measured)
    yield by_month, db
    db.close()


@pytest.mark.parametrize(("metric", "which"), [("in_time", "1"), ("first_in_time", "is_first")])
def test_sql_counts_the_same_answers_in_time(compared: Compared, metric: str, which: str) -> None:
    """K11: the shares of all answers and of first answers agree."""
    by_month, db = compared
    expected = {
        month: Ratio(part, whole)
        for month, part, whole in db.execute(
            "select month(since), sum(in_time), count(*) from answered"
            f" where in_time is not null and {which} group by 1"
        )
    }
    actual = {month: getattr(one, metric) for month, one in by_month.items()}

    assert expected == {month: ratio for month, ratio in actual.items() if ratio.whole}


@pytest.mark.parametrize("metric", ["waiting", "waiting_working", "solution"])
def test_sql_ranks_the_same_durations(compared: Compared, metric: str) -> None:
    """Median and p90 agree, of elapsed time and of working time."""
    by_month, db = compared
    expected = {
        month: Spread(count=count, median=median * MICROSECOND, p90=p90 * MICROSECOND)
        for month, count, median, p90 in db.execute(
            "select month, count, max(iif(place = (count + 1) / 2, time, null)),"
            " max(iif(place = (9 * count + 9) / 10, time, null)) from ranked"
            " where what = ? group by month",
            (metric,),
        )
    }
    actual = {month: getattr(one, metric) for month, one in by_month.items()}

    assert expected == {month: spread for month, spread in actual.items() if spread.count}


@pytest.mark.parametrize(
    ("metric", "name"),
    [("tickets", "opened"), ("reopenings", "reopened"), ("warnings", "warned")],
)
def test_sql_counts_the_same_events(compared: Compared, metric: str, name: str) -> None:
    """SQL counts the same events of each month."""
    by_month, db = compared
    query = "select month(at), count(*) from event where name = ? group by 1"
    actual = {month: getattr(one, metric) for month, one in by_month.items()}

    assert dict(db.execute(query, (name,))) == {m: count for m, count in actual.items() if count}


def test_sql_adds_up_the_same_refunds(compared: Compared) -> None:
    """Number and money of refunds agree, without the refunds that failed."""
    by_month, db = compared
    query = """
        select month(at), count(*), sum(minor) from event as refund
        where name = 'refunded' and not exists (
            select 1 from event
            where ticket = refund.ticket and name = 'refund-failed'
              and reference = refund.reference
        ) group by 1
    """
    expected = {m: (count, (Money(minor, "EUR"),)) for m, count, minor in db.execute(query)}

    assert expected == {
        month: (one.refunds, one.refunded) for month, one in by_month.items() if one.refunds
    }


def test_sql_finds_the_same_tickets_per_unit(compared: Compared) -> None:
    """K11: SQL finds the same number of tickets per unit of an order."""
    by_month, db = compared
    query = """
        select month(at), count(*), count(distinct number || ' ' || unit)
        from unit join event on event.ticket = unit.ticket and seq = 1 group by 1
    """
    expected = {month: Ratio(part, whole) for month, part, whole in db.execute(query)}

    assert expected == {m: one.per_unit for m, one in by_month.items() if one.per_unit.whole}


def test_the_random_tickets_contain_everything_that_is_compared() -> None:
    """The comparison with SQL proves nothing about a metric that is always zero."""
    (whole,) = measure(_random_tickets(), parse_policy(DESK + BREACH_TIMER))
    late = whole.in_time.whole - whole.in_time.part

    assert all([late, whole.in_time.part, whole.reopenings, whole.warnings, whole.refunds])
    assert whole.waiting != whole.waiting_working
    assert whole.per_unit.part > whole.per_unit.whole > 0
