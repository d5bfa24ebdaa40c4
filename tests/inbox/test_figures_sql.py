"""The service figures agree with the same definitions in SQL, on histories real and made up."""

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
from ticketcore.importers import import_servicenow
from ticketcore.inbox import Figures, Ratio, Spread, Target, measure
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
PROMISED = """
[[timer]]
name = "answer"
when = { waiting_for = "vendor" }
from = "waiting-since"
after = "8 working hours"
calendar = "office"
effect = "breach"
"""

History = tuple[str, tuple[Event, ...]]


def _made_up() -> Iterator[History]:
    """Tickets decided by chance. Every third has lost its promises, as an imported one has."""
    policy, random = parse_policy(DESK + PROMISED), Random(7)
    for number in range(150):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=11 * number)
        units = tuple(Unit(id=str(random.randint(1, 3))) for _ in range(2))
        order = Order(
            number=f"M{number % 9}", sold_at=at, amount=Money(5000, "EUR"), units=units[:1]
        )
        ticket: Ticket | None = None
        events: tuple[Event, ...] = ()
        by: Party = random.choice(("customer", "vendor"))
        asked: c.Command = c.Open(at=at, by=by, order=order)
        for waiting_for in range(random.randint(1, 12)):
            try:
                ticket, happened = decide_and_apply(ticket, asked, policy)
                events += happened
            except RefusedError:
                pass  # chance asks for what cannot be had
            at += timedelta(minutes=random.choice([5, 240, 960, 2880, 7200, 15000]))
            asked = _something(random, at, waiting_for)
        if number % 3 == 0:
            events = tuple(e for e in events if not isinstance(e, Scheduled))
        yield f"{number:011}", events


def _something(random: Random, at: datetime, waiting_for: int) -> c.Command:
    by: Any = random.choice(["customer", "vendor", "vendor", "support"])
    said: dict[str, Any] = {"at": at, "by": by, "text": str(waiting_for)}
    reply = c.Reply(**said, interim=random.random() < 0.2, solution=random.random() < 0.4)
    others: list[c.Command] = [
        c.ChangeType(**said, type=f"type {waiting_for}"),
        c.RequestInfo(**said),
        c.Escalate(**said),
        c.HandBack(**said),
        c.Refund(at=at, by=by, reference=str(waiting_for), amount=Money(100, "EUR")),
        c.FailRefund(at=at, by=by, reference=str(waiting_for - 1)),
        c.Close(**said),
        c.Reopen(**said),
        c.Reschedule(at=at, by=by),
    ]
    return random.choice([*[reply] * 8, *others])


def _of_the_log() -> Iterator[History]:
    return import_servicenow(LOG, "UTC")


EIGHT_HOURS = Target(span=Span.parse("8 working hours"), calendar="office")

# Where the histories come from, the policy, the target, and whose answers have a deadline.
Source = tuple[Callable[[], Iterable[History]], str, Target | None, tuple[str, ...]]
SOURCES: dict[str, Source] = {
    "made up, by promises": (_made_up, DESK + PROMISED, None, ("vendor",)),
    "made up, by a target": (_made_up, DESK, EIGHT_HOURS, ("vendor", "support")),
}
if LOG.exists():
    SOURCES["a service desk's log"] = (_of_the_log, DESK, EIGHT_HOURS, ("support",))


def _micro(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _row(ticket: str, seq: int, event: Event) -> tuple[Any, ...]:
    """One event as SQL sees it: its columns, and nothing worked out."""
    promised = None
    if isinstance(event, Scheduled):
        promised = next((_micro(t.due) for t in event.timers if t.name == "answer"), None)
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
        promised,
        refunded and refunded.amount.minor,
        getattr(event, "reference", None),
    )


def _database(histories: list[History], measured: tuple[str, ...]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.create_function(
        "month", 1, lambda at: f"{EPOCH + at * MICROSECOND:%Y-%m}", deterministic=True
    )
    db.execute(
        "create table event(ticket, seq, at, name, by, desk, opening_turn, called, interim,"
        " solution, promised, minor, reference, primary key (ticket, seq))"
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
    db.executescript((HERE / "figures.sql").read_text())
    return db


def _openings() -> Iterator[tuple[int, int]]:
    """Nine to five on every weekday of the years that the histories lie in, day by day."""
    day = datetime(2015, 12, 1, tzinfo=UTC)
    while day.year < 2028:
        if day.weekday() < 5:
            yield _micro(day + timedelta(hours=9)), _micro(day + timedelta(hours=17))
        day += timedelta(days=1)


Compared = tuple[dict[str, Figures], sqlite3.Connection]


@pytest.fixture(scope="module", params=SOURCES)
def compared(request: pytest.FixtureRequest) -> Iterator[Compared]:
    """The figures of a source by month, and a database of the same events."""
    read, text, target, measured = SOURCES[request.param]
    histories = list(read())
    found = {
        one.group: one for one in measure(histories, parse_policy(text), "month", target=target)
    }
    if target is not None:  # a policy without such a timer made no promises
        histories = [
            (ticket, tuple(e for e in events if not isinstance(e, Scheduled)))
            for ticket, events in histories
        ]
    db = _database(histories, measured)
    yield found, db
    db.close()


@pytest.mark.parametrize(("figure", "which"), [("in_time", "1"), ("first_in_time", "is_first")])
def test_answers_in_time_are_those_that_sql_counts(
    compared: Compared, figure: str, which: str
) -> None:
    """Of all answers, and of first answers (K11)."""
    found, db = compared
    expected = {
        month: Ratio(part, whole)
        for month, part, whole in db.execute(
            "select month(since), sum(in_time), count(*) from answered"
            f" where in_time is not null and {which} group by 1"
        )
    }
    actual = {month: getattr(one, figure) for month, one in found.items()}

    assert expected == {month: ratio for month, ratio in actual.items() if ratio.whole}


@pytest.mark.parametrize("figure", ["waiting", "waiting_working", "solution"])
def test_times_are_those_that_sql_ranks(compared: Compared, figure: str) -> None:
    """Medians and ninth tenths of elapsed and of working time, by the nearest rank."""
    found, db = compared
    expected = {
        month: Spread(count=count, median=median * MICROSECOND, p90=p90 * MICROSECOND)
        for month, count, median, p90 in db.execute(
            "select month, count, max(iif(place = (count + 1) / 2, time, null)),"
            " max(iif(place = (9 * count + 9) / 10, time, null)) from ranked"
            " where what = ? group by month",
            (figure,),
        )
    }
    actual = {month: getattr(one, figure) for month, one in found.items()}

    assert expected == {month: spread for month, spread in actual.items() if spread.count}


@pytest.mark.parametrize(
    ("figure", "name"),
    [("tickets", "opened"), ("reopenings", "reopened"), ("warnings", "warned")],
)
def test_events_are_counted_as_sql_counts_them(compared: Compared, figure: str, name: str) -> None:
    """In the month in which they happened."""
    found, db = compared
    query = "select month(at), count(*) from event where name = ? group by 1"
    actual = {month: getattr(one, figure) for month, one in found.items()}

    assert dict(db.execute(query, (name,))) == {m: count for m, count in actual.items() if count}


def test_refunds_are_those_that_sql_adds_up(compared: Compared) -> None:
    """Number and money, without the refunds that failed."""
    found, db = compared
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
        month: (one.refunds, one.refunded) for month, one in found.items() if one.refunds
    }


def test_tickets_per_order_unit_are_those_that_sql_divides(compared: Compared) -> None:
    """How often units are concerned, of the distinct ones of their orders (K11)."""
    found, db = compared
    query = """
        select month(at), count(*), count(distinct number || ' ' || unit)
        from unit join event on event.ticket = unit.ticket and seq = 1 group by 1
    """
    expected = {month: Ratio(part, whole) for month, part, whole in db.execute(query)}

    assert expected == {m: one.per_unit for m, one in found.items() if one.per_unit.whole}


def test_what_is_made_up_has_everything_in_it() -> None:
    """A comparison shows nothing where there is nothing to compare."""
    (whole,) = measure(_made_up(), parse_policy(DESK + PROMISED))
    late = whole.in_time.whole - whole.in_time.part

    assert all([late, whole.in_time.part, whole.reopenings, whole.warnings, whole.refunds])
    assert whole.waiting != whole.waiting_working
    assert whole.per_unit.part > whole.per_unit.whole > 0
