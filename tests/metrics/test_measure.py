"""Tests of service metrics, group by group."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from ticketcore.errors import CalendarError, HistoryError, TicketcoreError, UnknownGroupingError
from ticketcore.events import (
    Assigned,
    Closed,
    Event,
    Money,
    Opened,
    Order,
    Refunded,
    RefundFailed,
    Replied,
    TypeChanged,
    Unit,
)
from ticketcore.metrics import Grouping, Metrics, Ratio, Spread, measure, to_record
from ticketcore.policies import load_policy

KAUFLAND = load_policy("kaufland")
AT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # the first of February in Berlin
ORDER = Order(
    number="M1", sold_at=AT, amount=Money(1999, "EUR"), units=(Unit(id="u1"), Unit(id="u2"))
)
OPENED = Opened(
    at=AT,
    by="customer",
    type="request",
    zone="Europe/Berlin",
    storefront="de",
    order=ORDER,
    units=("u1",),
)


def _measured(*events: Event, by: Grouping | tuple[Grouping, ...] = ()) -> Metrics:
    """Return the metrics of one ticket with these events."""
    (metrics,) = measure([("7", (OPENED, *events))], KAUFLAND, by)
    return metrics


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("day", "2026-02-01"),
        ("week", "2026-W05"),
        ("month", "2026-02"),
        ("storefront", "de"),
        ("type", "return"),
        ("team", "warehouse"),
    ],
)
def test_a_group_is_a_local_date_or_a_fact_of_the_ticket_at_its_end(
    by: Grouping, group: str
) -> None:
    """A group is the local date of a ticket: 23:30 UTC on January 31 may be February."""
    metrics = _measured(
        TypeChanged(at=AT, by="customer", type="return"),
        Assigned(at=AT, assignee="warehouse"),
        by=by,
    )

    assert ({by: group}, 1) == (metrics.group, metrics.tickets)


@pytest.mark.parametrize("by", ["storefront", "team"])
def test_tickets_without_the_fact_form_a_group(by: Grouping) -> None:
    """The group of tickets without a storefront or team is named (none)."""
    (metrics,) = measure(
        [("7", (attrs.evolve(OPENED, storefront=None, order=None, units=()),))], KAUFLAND, by
    )

    assert {by: "(none)"} == metrics.group


def test_without_a_grouping_all_tickets_form_one_group() -> None:
    """Without a grouping, all tickets form one group without a name."""
    assert ({}, 1) == (_measured().group, _measured().tickets)


def test_groups_can_have_several_groupings() -> None:
    """K11: groups can be by period and storefront at once, sorted in this order."""
    histories = [
        ("1", (attrs.evolve(OPENED, storefront="fr"),)),
        ("2", (OPENED,)),
        ("3", (attrs.evolve(OPENED, at=AT - timedelta(days=30)),)),
        ("4", (OPENED,)),
    ]
    measured = measure(histories, KAUFLAND, ("month", "storefront"))
    expected = [
        ({"month": "2026-01", "storefront": "de"}, 1),
        ({"month": "2026-02", "storefront": "de"}, 2),
        ({"month": "2026-02", "storefront": "fr"}, 1),
    ]
    assert expected == [(one.group, one.tickets) for one in measured]
    assert ["month", "storefront", "tickets"] == list(to_record(measured[0]))[:3]


def test_a_grouping_that_is_named_twice_counts_once() -> None:
    """A grouping that is given twice has one column."""
    assert {"type": "request"} == _measured(by=("type", "type")).group


@pytest.mark.parametrize("by", ["monthh", ("month", "seller"), [None]])
def test_an_unknown_grouping_is_refused(by: Any) -> None:
    """K11: an unknown grouping is refused with the groupings that exist."""
    with pytest.raises(UnknownGroupingError, match="use day, week, month, storefront, type, team"):
        measure(iter(()), KAUFLAND, by)


def test_an_answer_belongs_to_the_period_in_which_the_wait_began() -> None:
    """An answer counts in the period in which its wait began."""
    later = AT + timedelta(days=40)
    events = (
        OPENED,
        Replied(at=AT, by="vendor"),
        Replied(at=later, by="customer"),
        Replied(at=later, by="vendor"),
    )
    measured = measure([("7", events)], KAUFLAND, "month")

    assert [
        ({"month": "2026-02"}, 1, Ratio(1, 1), Ratio(1, 1)),
        ({"month": "2026-03"}, 0, Ratio(0, 0), Ratio(1, 1)),
    ] == [(one.group, one.tickets, one.first_in_time, one.in_time) for one in measured]


@pytest.mark.parametrize(
    ("events", "hours"),
    [
        ([], []),
        ([Replied(at=AT + timedelta(hours=2), by="vendor", solution=True)], []),
        ([Closed(at=AT + timedelta(hours=9), by="vendor")], [9]),
        (
            [
                Replied(at=AT + timedelta(hours=2), by="vendor", solution=True),
                Closed(at=AT + timedelta(hours=9), by="system", timer="resolved"),
            ],
            [2],
        ),
        (
            [
                Replied(at=AT + timedelta(hours=2), by="vendor", solution=True),
                Replied(at=AT + timedelta(hours=3), by="vendor", solution=True, interim=True),
                Closed(at=AT + timedelta(hours=9), by="system", timer="resolved"),
            ],
            [2],
        ),
        (
            [
                Replied(at=AT + timedelta(hours=2), by="vendor", solution=True),
                Replied(at=AT + timedelta(hours=3), by="vendor", solution=True, automatic=True),
                Closed(at=AT + timedelta(hours=9), by="system", timer="resolved"),
            ],
            [2],
        ),
        (
            [
                Replied(at=AT + timedelta(hours=2), by="vendor", solution=True),
                Replied(at=AT + timedelta(hours=3), by="customer"),
                Closed(at=AT + timedelta(hours=9), by="customer"),
            ],
            [9],
        ),
    ],
)
def test_a_closed_ticket_was_solved_by_its_last_valid_claim(
    events: list[Event], hours: list[int]
) -> None:
    """A closed ticket was solved by its last valid solution, or else by its closing."""
    assert Spread.of([hour * 3600.0 for hour in hours]) == _measured(*events).solution


def test_refunds_that_failed_are_not_counted() -> None:
    """Refunds that failed are not counted, and others are added up per currency."""
    metrics = _measured(
        Refunded(at=AT, amount=Money(500, "EUR"), reference="a", awaits_confirmation=True),
        Refunded(at=AT, amount=Money(300, "EUR"), reference="b", awaits_confirmation=True),
        RefundFailed(at=AT, by="support", reference="a"),
        Refunded(at=AT, amount=Money(20, "CZK")),
        Refunded(at=AT, amount=Money(100, "EUR")),
    )

    assert (3, (Money(20, "CZK"), Money(400, "EUR"))) == (metrics.refunds, metrics.refunded)


def test_tickets_per_unit_count_each_unit_once() -> None:
    """K11: two tickets about two units, one of them about both, are 1.5 tickets per unit."""
    both = attrs.evolve(OPENED, units=("u1", "u2"))
    (metrics,) = measure([("7", (OPENED,)), ("8", (both,))], KAUFLAND)

    assert (Ratio(3, 2), 1.5) == (metrics.per_unit, metrics.per_unit.value)


def test_units_of_two_vendors_are_two_units() -> None:
    """K11: an order belongs to a vendor, so one order number of two vendors is two orders."""
    first, second = (attrs.evolve(OPENED, units=("u1",), vendor=vendor) for vendor in ("a", "b"))
    (metrics,) = measure([("7", (first,)), ("8", (second,))], KAUFLAND)

    assert Ratio(2, 2) == metrics.per_unit


def test_no_ticket_gives_no_group() -> None:
    """`measure` returns an empty tuple if there are no histories."""
    assert () == measure([], KAUFLAND, "month")


def test_a_broken_ticket_is_passed_to_on_broken() -> None:
    """`on_broken` gets the number and the error of a broken ticket."""
    broken: list[tuple[str, TicketcoreError]] = []
    no_opening = (Replied(at=AT, by="vendor"),)
    (metrics,) = measure(
        [("1", no_opening), ("2", (OPENED,))],
        KAUFLAND,
        on_broken=lambda ticket, error: broken.append((ticket, error)),
    )

    assert 1 == metrics.tickets
    assert [("1", HistoryError)] == [(ticket, type(error)) for ticket, error in broken]


def test_without_on_broken_a_broken_ticket_raises_its_error() -> None:
    """`measure` leaves no ticket out unless the caller handles its error."""
    opened = Opened(at=AT, by="customer", type="technical", zone="Mars/X")
    with pytest.raises(CalendarError, match='unknown zone "Mars/X"'):
        measure([("1", (opened,))], load_policy("clickbank"), "month")
