"""Service figures, group by group."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.errors import CalendarError
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
from ticketcore.inbox import DEFINITIONS, Figures, Grouping, Ratio, Spread, measure, record
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


def _one(*events: Event, by: Grouping | None = None) -> Figures:
    (figures,) = measure([("7", (OPENED, *events))], KAUFLAND, by)
    return figures


@pytest.mark.parametrize(
    ("by", "group"),
    [
        (None, "all"),
        ("day", "2026-02-01"),
        ("week", "2026-W05"),
        ("month", "2026-02"),
        ("storefront", "de"),
        ("type", "return"),
        ("team", "warehouse"),
    ],
)
def test_a_ticket_is_counted_by_its_local_date_or_by_what_it_is_at_its_end(
    by: Grouping | None, group: str
) -> None:
    """Half past eleven in UTC is the next day, and the next month, in the ticket's zone."""
    figures = _one(
        TypeChanged(at=AT, by="customer", type="return"),
        Assigned(at=AT, assignee="warehouse"),
        by=by,
    )

    assert (group, 1) == (figures.group, figures.tickets)


@pytest.mark.parametrize("by", ["storefront", "team"])
def test_a_ticket_without_one_is_counted_too(by: Grouping) -> None:
    """Under a name that says so."""
    (figures,) = measure(
        [("7", (attrs.evolve(OPENED, storefront=None, order=None, units=()),))], KAUFLAND, by
    )

    assert "(none)" == figures.group


def test_groups_come_in_order_and_hold_what_happened_in_them() -> None:
    """An answer belongs to the month in which it became owed, not to that of the opening."""
    later = AT + timedelta(days=40)
    events = (
        OPENED,
        Replied(at=AT, by="vendor"),
        Replied(at=later, by="customer"),
        Replied(at=later, by="vendor"),
    )
    found = measure([("7", events)], KAUFLAND, "month")

    assert [
        ("2026-02", 1, Ratio(1, 1), Ratio(1, 1)),
        ("2026-03", 0, Ratio(0, 0), Ratio(1, 1)),
    ] == [(one.group, one.tickets, one.first_in_time, one.in_time) for one in found]


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
                Replied(at=AT + timedelta(hours=3), by="customer"),
                Closed(at=AT + timedelta(hours=9), by="customer"),
            ],
            [9],
        ),
    ],
)
def test_a_closed_ticket_was_solved_by_the_answer_that_stood(
    events: list[Event], hours: list[int]
) -> None:
    """Or by its closing, where no answer claimed to solve it or the customer came back."""
    assert Spread.of([hour * 3600.0 for hour in hours]) == _one(*events).solution


def test_refunds_that_failed_are_not_counted() -> None:
    """Money that did not move was not refunded; the rest is added up by currency."""
    figures = _one(
        Refunded(at=AT, amount=Money(500, "EUR"), reference="a", awaits_confirmation=True),
        Refunded(at=AT, amount=Money(300, "EUR"), reference="b", awaits_confirmation=True),
        RefundFailed(at=AT, by="support", reference="a"),
        Refunded(at=AT, amount=Money(20, "CZK")),
        Refunded(at=AT, amount=Money(100, "EUR")),
    )

    assert (3, (Money(20, "CZK"), Money(400, "EUR"))) == (figures.refunds, figures.refunded)


def test_order_units_are_counted_once_and_their_tickets_each_time() -> None:
    """Two tickets about one unit, one of them about another unit too (K11)."""
    both = attrs.evolve(OPENED, units=("u1", "u2"))
    (figures,) = measure([("7", (OPENED,)), ("8", (both,))], KAUFLAND)

    assert (Ratio(3, 2), 1.5) == (figures.per_unit, figures.per_unit.value)


@given(st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=40))
def test_half_and_nine_tenths_took_no_longer(seconds: list[float]) -> None:
    """A median or p90 is the shortest of the times of which that holds."""
    spread = Spread.of(list(seconds))

    for time, tenths in ((spread.median, 5), (spread.p90, 9)):
        assert time is not None
        fitting = [one for one in seconds if one <= time.total_seconds()]
        shorter = [one for one in seconds if one < time.total_seconds()]
        assert time.total_seconds() in seconds
        assert len(fitting) * 10 >= tenths * len(seconds) > len(shorter) * 10


def test_nothing_is_measured_of_nothing() -> None:
    """No ticket, no group; and no ratio where there is nothing to divide by."""
    assert () == measure([], KAUFLAND, "month")
    assert None is Ratio(0, 0).value


def test_every_figure_is_defined_beside_the_number() -> None:
    """A definition for each figure, that holds under any policy: no rule of one is quoted."""
    assert [field.name for field in attrs.fields(Figures)] == list(DEFINITIONS)
    assert not [text for text in DEFINITIONS.values() if re.search(r"\b[A-Z]\d", text)]


def test_the_docs_define_the_figures_in_the_same_words() -> None:
    """The table of docs/reference/metrics.md is the definitions, in their order."""
    text = (Path(__file__).parents[2] / "docs/reference/metrics.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)

    assert list(DEFINITIONS.items()) == table


def test_a_record_is_flat() -> None:
    """Times are seconds, ratios come with what they are of, and every figure is in it."""
    figures = _one(
        Replied(at=AT + timedelta(hours=1), by="vendor"), Refunded(at=AT, amount=Money(100, "EUR"))
    )
    expected = {
        "group": "all",
        "tickets": 1,
        "first_in_time": 1.0,
        "first_in_time_of": 1,
        "in_time": 1.0,
        "in_time_of": 1,
        "waiting_median": 3600.0,
        "waiting_p90": 3600.0,
        "waiting_count": 1,
        "waiting_working_median": 0.0,
        "waiting_working_p90": 0.0,
        "waiting_working_count": 1,
        "solution_median": None,
        "solution_p90": None,
        "solution_count": 0,
        "reopenings": 0,
        "warnings": 0,
        "refunds": 1,
        "refunded": "1.00 EUR",
        "per_unit": 1.0,
        "per_unit_of": 1,
    }

    assert expected == record(figures)


def test_without_a_listener_a_broken_ticket_is_an_error() -> None:
    """Nothing is left out unless somebody hears of it."""
    opened = Opened(at=AT, by="customer", type="technical", zone="Mars/X")
    with pytest.raises(CalendarError, match='there is no zone "Mars/X"'):
        measure([("1", (opened,))], load_policy("clickbank"), "month")
