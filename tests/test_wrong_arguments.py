"""Public functions name the argument of a wrong type, and what it should be."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from support.policies.small_policies import opened, policy_of, timer_text
from ticketcore.backtest import backtest
from ticketcore.calendar import (
    BusinessCalendar,
    Closure,
    Span,
    duration_text,
    from_local,
    read_ics,
)
from ticketcore.commands import Reply, dump_command
from ticketcore.coverage import parts_of
from ticketcore.decider import (
    advance,
    advance_ticket,
    available_commands,
    decide,
    decide_and_apply,
    sample_commands,
)
from ticketcore.diagrams import build_diagram
from ticketcore.errors import CalendarRangeError, FieldError, TicketcoreError
from ticketcore.explain import explain_opening, explain_ticket
from ticketcore.forecast import forecast
from ticketcore.inbox import Query
from ticketcore.ledger import by_order
from ticketcore.metrics import measure
from ticketcore.policies import load_policy, parse_policy
from ticketcore.scenarios import run_scenario
from ticketcore.terms import policy_terms
from ticketcore.ticket import evolve, fold
from ticketcore.timeline import aligned_timelines

POLICY = policy_of(timer_text("soon", "warn"))
TICKET = opened(POLICY)
NOW = datetime(2026, 2, 2, 12, tzinfo=UTC)
REPLY = Reply(at=NOW, by="customer", text="x")
OFFICE = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00")
WRONG: Any = "office"
HISTORY = Path(__file__).parents[1] / "examples/histories/service-desk.jsonl"

CALLS: dict[str, Callable[[], object]] = {
    "decide.policy: expected Policy, found 'office'": lambda: decide(TICKET, REPLY, WRONG),
    "decide.ticket: expected Ticket or None, found 'office'": lambda: decide(WRONG, REPLY, POLICY),
    "decide.command: expected Command, found": lambda: decide(TICKET, WRONG, POLICY),
    "decide.ledger: expected Ledger or None,": lambda: decide(TICKET, REPLY, POLICY, WRONG),
    "decide_and_apply.policy: expected Policy": lambda: decide_and_apply(TICKET, REPLY, WRONG),
    "advance_ticket.policy: expected Policy": lambda: advance(TICKET, WRONG, NOW),
    "advance_ticket.ticket: expected Ticket,": lambda: advance_ticket(WRONG, POLICY, NOW),
    "advance_ticket.policy: expected Policy,": lambda: available_commands(
        TICKET, "customer", WRONG, NOW
    ),
    "advance_ticket.policy: expected Policy, found 'office'": lambda: forecast(TICKET, WRONG),
    "forecast.limit: expected a whole number": lambda: forecast(TICKET, POLICY, limit=-1),
    "forecast.limit: expected a whole number from 0": lambda: forecast(
        TICKET, POLICY, limit=10**400
    ),
    "explain_opening.policy: expected Policy": lambda: explain_opening(TICKET, WRONG),
    "fold.events: expected Iterable[Event], found ['o'": lambda: explain_ticket(WRONG, POLICY),
    "fold.events: expected Iterable[Event]": lambda: fold(TICKET.opened),  # type: ignore[arg-type]
    "fold.events: expected Iterable[Event], found [": lambda: fold(["x"], TICKET),  # type: ignore[list-item]
    "fold.ticket: expected Ticket or None": lambda: evolve(WRONG, TICKET.opened),
    "dump_command.command: expected Command": lambda: dump_command(WRONG),
    "by_order.tickets: expected Mapping[str, Ticket]": lambda: by_order(WRONG),
    "measure.policy: expected Policy": lambda: measure([], WRONG, by=["day"]),
    "parts_of.policy: expected Policy": lambda: parts_of(WRONG),
    "build_diagram.policy: expected Policy": lambda: build_diagram(WRONG),
    "policy_terms.policy: expected Policy": lambda: policy_terms(WRONG),
    "run_scenario.scenario: expected Scenario": lambda: run_scenario(WRONG),
    "load_policy.folder: expected str, Path or None": lambda: load_policy("x", folder=3),  # type: ignore[arg-type]
    "policy.toml:1:1: expected text or bytes, found 3": lambda: parse_policy(3),  # type: ignore[arg-type]
    "backtest.range_size: expected int": lambda: backtest(HISTORY, POLICY, range_size=WRONG),
    'unknown zone "office"': lambda: aligned_timelines(WRONG, ((), None)),
    "add.span: expected timedelta, found 'office'": lambda: OFFICE.add(NOW, WRONG),
    "subtract.span: expected timedelta, found 'office'": lambda: OFFICE.subtract(NOW, WRONG),
    "add_days.count: expected int, found nan": lambda: OFFICE.add_days(NOW, float("nan")),  # type: ignore[arg-type]
    "add_days.count: expected int, found Decimal": lambda: OFFICE.add_days(NOW, Decimal("nan")),  # type: ignore[arg-type]
    "subtract_days.count: expected int": lambda: OFFICE.subtract_days(NOW, WRONG),
    "is_working_date.day: expected date": lambda: OFFICE.is_working_date(WRONG),
    "add_working_dates.day: expected date": lambda: OFFICE.add_working_dates(WRONG, 1),
    "working_dates.end: expected date": lambda: OFFICE.working_dates(date.min, WRONG),
    "count_working_dates.start: expected date, found datetime": lambda: OFFICE.count_working_dates(
        NOW, date.max
    ),
    "make_up_days.start: expected date": lambda: OFFICE.make_up_days(WRONG, date.max),
    "from_local.zone: expected ZoneInfo": lambda: from_local(NOW.replace(tzinfo=None), WRONG),
    "duration_text.time: expected timedelta": lambda: duration_text(WRONG),
    "read_ics.text: expected str or bytes": lambda: read_ics(3),  # type: ignore[arg-type]
    '"nan hours" is not a span': lambda: Span(float("nan"), "hour"),  # type: ignore[arg-type]
    '"1 []" is not a span': lambda: Span(1, []),  # type: ignore[arg-type]
    "last date of a closure: ": lambda: Closure.of_range(date(2026, 1, 1), WRONG),
    "closure: None is not a list": lambda: Closure("FREQ=DAILY", without=None),  # type: ignore[arg-type]
    "Query.reason: expected a text, a list of texts": lambda: Query(reason=3),  # type: ignore[arg-type]
    "Query.status: expected one of": lambda: Query(status=[3, None]),  # type: ignore[list-item]
    "Query.order: expected a text, a list of texts": lambda: Query(order=4711),  # type: ignore[arg-type]
    "Query.number: expected a text, a list of texts": lambda: Query(number=[4711]),  # type: ignore[list-item]
    "Query.tags: expected a text, a list of texts": lambda: Query(tags=[["vip"]]),  # type: ignore[list-item]
    "Query.waiting_for: expected a text, a list": lambda: Query(waiting_for=1),  # type: ignore[arg-type]
    "Query.member_of: expected a text, or a list": lambda: Query(member_of=3),  # type: ignore[arg-type]
    "Query.subject: expected a text, or None": lambda: Query(subject=3),  # type: ignore[arg-type]
    "Query.after: expected a text that Query.position": lambda: Query(after=3),  # type: ignore[arg-type]
    "Query.fields: expected a mapping": lambda: Query(fields=WRONG),
}


@pytest.mark.parametrize("message", CALLS)
def test_a_wrong_argument_is_named(message: str) -> None:
    """A wrong argument is named with its function, its value and what would be right."""
    with pytest.raises(TicketcoreError) as raised:
        CALLS[message]()

    assert message in str(raised.value)


def test_an_error_of_python_stays_if_the_arguments_are_right() -> None:
    """If the arguments are right, an error of Python is raised unchanged."""

    class Broken(type(TICKET)):  # type: ignore[misc]
        unread = property(lambda _: getattr(None, "missing"))  # noqa: B009

    broken = object.__new__(Broken)
    for call in (
        lambda: decide(broken, REPLY, POLICY),
        lambda: decide_and_apply(broken, REPLY, POLICY),
        lambda: advance_ticket(broken, POLICY, NOW),
        lambda: fold([TICKET.opened], broken),
    ):
        with pytest.raises(AttributeError):
            call()


@pytest.mark.parametrize("count", [10**7, -(10**7)])
def test_a_range_error_stays_if_the_arguments_are_right(count: int) -> None:
    """A CalendarRangeError is raised unchanged if the arguments are right."""
    for move in (OFFICE.add_days, OFFICE.subtract_days):
        with pytest.raises(CalendarRangeError):
            move(NOW, count)


def test_commands_of_the_last_day_are_listed_without_a_deadline_on_the_next() -> None:
    """Commands on the last day of the year 9999 are listed without a deadline on the next day."""
    last = datetime.max.replace(tzinfo=UTC)
    names = {command.NAME for command in sample_commands(TICKET, "support", POLICY, last)}

    assert "reply" in names
    assert not {"set-deadline", "snooze"} & names


def test_the_error_is_that_of_a_wrong_field() -> None:
    """The error of a wrong argument names the function, the argument, the value and the type."""
    with pytest.raises(FieldError) as raised:
        decide(TICKET, REPLY, WRONG)

    error = raised.value
    assert ("decide", "policy", "office", "Policy") == (
        error.owner,
        error.field,
        error.value,
        error.expected,
    )
