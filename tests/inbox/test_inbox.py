"""Tests of the inbox and its queries."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import histories
from ticketcore.errors import FieldError
from ticketcore.events import (
    Assigned,
    Event,
    Money,
    Opened,
    Order,
    Recorded,
    Replied,
    Shared,
    Timer,
    Unit,
    from_line,
    to_line,
)
from ticketcore.inbox import Inbox, Query, Sort, TicketSummary

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
LATER = datetime(2026, 1, 14, 9, tzinfo=UTC)
OPEN = TicketSummary(
    number="00123456789",
    seq=1,
    opened_at=AT,
    changed_at=AT,
    type="request",
    default_handler="vendor",
    handler="vendor",
    waiting_for="vendor",
    status="open",
    storefront="de",
    order="M1",
    customer="anna",
    account="shop-1",
    category="orders",
    subcategory="status",
    reason="defective",
    subject="Broken lid",
    assigned_to="warehouse",
)
CLOSED = attrs.evolve(OPEN, number="00000000007", status="closed", waiting_for=None, closed_at=AT)


@given(st.lists(histories(), min_size=1, max_size=4), st.randoms())
def test_the_order_of_tickets_does_not_matter(
    drawn: list[tuple[str, tuple[Event, ...]]], random: Random
) -> None:
    """Projecting tickets one by one or with interleaved events gives the same summaries."""
    queues = [
        [Recorded(f"T{i}", seq, event) for seq, event in enumerate(events, 1)]
        for i, (_, events) in enumerate(drawn)
    ]
    one_by_one, interleaved = Inbox(), Inbox()
    one_by_one.fold(recorded for queue in queues for recorded in queue)
    while pending := [queue for queue in queues if queue]:
        interleaved.apply(random.choice(pending).pop(0))

    assert {one.number: one for one in one_by_one} == {one.number: one for one in interleaved}


def test_a_ticket_is_found_by_its_number_as_text() -> None:
    """K3: a ticket is found by its number as text, with leading zeros, even if it is closed."""
    inbox = Inbox([OPEN, CLOSED])

    assert (CLOSED, None, 2) == (inbox.get("00000000007"), inbox.get("7"), len(inbox))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), [OPEN]),
        (Query(status="closed"), [CLOSED]),
        (Query(status=None), [CLOSED, OPEN]),
        (Query(order="M1", status=["open", "closed"]), [CLOSED, OPEN]),
        (Query(order="M2"), []),
        (Query(number="00000000007", status=None), [CLOSED]),
        (Query(number=["7", OPEN.number]), [OPEN]),
        (Query(subject="BROKEN"), [OPEN]),
        (Query(subject="whole"), []),
        (Query(status=None, waiting_for="vendor"), [OPEN]),
        (Query(opened_from=AT), [OPEN]),
        (Query(opened_until=AT), []),
    ],
)
def test_a_list_shows_open_tickets_unless_closed_ones_are_asked_for(
    query: Query, expected: list[TicketSummary]
) -> None:
    """W7: a list shows open tickets unless the query asks for closed ones."""
    assert expected == Inbox([OPEN, CLOSED]).search(query)


VALUES: dict[str, list[Any]] = {
    "status": ["open", "pending", "closed"],
    "order": ["M1", "M2", None],
    "reason": ["defective", "return", None],
    "category": ["orders", "stock"],
    "subcategory": ["status", None],
    "type": ["request", "refund"],
    "waiting_for": ["vendor", "customer", None],
    "storefront": ["de", "cz"],
    "assigned_to": ["warehouse", None],
    "customer": ["anna", "ben"],
    "account": ["shop-1", "shop-2"],
    "policy": ["kaufland", "office", None],
    "policy_version": ["2026-01-01", None],
    "subject": ["Broken lid", "BROKEN", "Straße", None],
    "timers": [(), (Timer("response", due=AT, since=AT),), (Timer("late", due=LATER, since=AT),)],
    "shared_with": [(), ("ben",), ("carla", "dora")],
    "opened_at": [AT, datetime(2026, 2, 1, tzinfo=UTC)],
}
SUMMARIES = st.lists(
    st.builds(
        lambda changes: attrs.evolve(OPEN, **changes),
        st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in VALUES.items()}),
    ),
    max_size=8,
)
CONDITIONS: dict[str, st.SearchStrategy[Any]] = {
    column: st.sets(st.sampled_from([value for value in values if value is not None]), min_size=1)
    for column, values in VALUES.items()
    if column not in ("subject", "opened_at", "timers", "shared_with")
}
for column in ("order", "category", "policy"):
    CONDITIONS[column] |= st.just({None})
CONDITIONS["number"] = st.sets(st.sampled_from(["0", "1", "7"]))
CONDITIONS["visible_to"] = st.sampled_from(["anna", "ben", "dora", "nobody"])
CONDITIONS["member_of"] = st.sampled_from([(), ("shop-1",), ("shop-1", "shop-2")])
CONDITIONS["due_before"] = st.sampled_from([AT, LATER])
CONDITIONS["subject"] = st.sampled_from(["broken", "STRASSE", "", "x"])
CONDITIONS["opened_from"] = CONDITIONS["opened_until"] = st.sampled_from(VALUES["opened_at"])


def _meets(summary: TicketSummary, conditions: dict[str, Any]) -> bool:
    """Check one ticket against the conditions, one condition after the other."""
    accounts = conditions.get("member_of", ())
    for name, value in {"status": {"open", "pending"}, **conditions}.items():
        match name:
            case "member_of":
                met = True
            case "visible_to":
                own = value == summary.customer or value in summary.shared_with
                met = own or summary.account in accounts
            case "due_before":
                met = summary.due is not None and summary.due < value
            case "subject":
                met = value.casefold() in (summary.subject or "").casefold()
            case "opened_from":
                met = value <= summary.opened_at
            case "opened_until":
                met = summary.opened_at < value
            case _:
                met = getattr(summary, name) in value
        if not met:
            return False
    return True


@given(SUMMARIES, st.fixed_dictionaries({}, optional=CONDITIONS))
def test_a_search_finds_the_tickets_that_meet_all_conditions(
    summaries: list[TicketSummary], conditions: dict[str, Any]
) -> None:
    """Any combination of conditions finds the same tickets as checking them one by one."""
    numbered = [attrs.evolve(one, number=str(i)) for i, one in enumerate(summaries)]
    expected = [summary for summary in numbered if _meets(summary, conditions)]

    assert expected == Inbox(numbered).search(Query(**conditions))


@given(
    SUMMARIES,
    st.sampled_from([*get_args(Sort)]),
    st.booleans(),
    st.integers(1, 4),
)
def test_pages_in_any_order_give_each_ticket_once(
    summaries: list[TicketSummary], sort: Sort, descending: bool, limit: int
) -> None:
    """A list in pages gives each ticket once, sorted, with tickets without a deadline last."""
    numbered = [attrs.evolve(one, number=f"{i:03}") for i, one in enumerate(summaries)]
    query = Query(status=None, sort=sort, descending=descending)
    pages, after = [], None
    while found := Inbox(numbered).search(attrs.evolve(query, limit=limit, after=after)):
        pages.append(found)
        after = query.position(found[-1])
    listed = [summary for page in pages for summary in page]
    values = [None if sort == "number" else getattr(summary, sort) for summary in listed]
    known = [value for value in values if value is not None]

    assert listed == Inbox(numbered).search(query)
    assert sorted(one.number for one in numbered) == sorted(one.number for one in listed)
    assert [*sorted(known, reverse=descending), *[None] * (len(values) - len(known))] == values
    assert all(len(page) == limit for page in pages[:-1])


def test_tickets_of_one_instant_come_in_the_order_of_their_numbers() -> None:
    """Tickets of one instant are listed in the order of their numbers."""
    inbox = Inbox(attrs.evolve(OPEN, number=number) for number in ("3", "1", "2"))
    ascending, descending = (
        inbox.search(Query(sort="opened_at", descending=backwards)) for backwards in (False, True)
    )

    assert ["1", "2", "3"] == [summary.number for summary in ascending]
    assert ["3", "2", "1"] == [summary.number for summary in descending]


def _events(number: int) -> Iterator[Recorded]:
    at = AT + timedelta(minutes=number)
    order = Order(
        number=f"M{number:08}", sold_at=at, amount=Money(1999, "EUR"), units=(Unit(id="u1"),)
    )
    events: list[Event] = [
        Opened(
            at=at,
            by="customer",
            actor=f"person-{number}",
            type="request",
            zone="Europe/Berlin",
            storefront="de",
            order=order,
            customer=f"customer-{number}",
            account=f"account-{number}",
            category="orders",
            subcategory="status",
            reason="not-delivered",
            subject=f"Where is my order number {number}?",
            text="Nothing came. " * 50,
        ),
        Assigned(at=at, assignee=f"team-{number % 9}"),
        Shared(at=at, by="customer", with_person=f"friend-{number}"),
        Replied(at=at, by="vendor", text="It is on its way. " * 50),
    ]
    return (Recorded(f"{number:011}", seq, event) for seq, event in enumerate(events, 1))


def test_a_ticket_takes_at_most_two_kilobytes_of_memory() -> None:
    """A summary takes at most two kilobytes of memory, since it holds no texts."""
    tickets = 2000
    lines = [to_line(recorded) for number in range(tickets) for recorded in _events(number)]
    inbox = Inbox()
    tracemalloc.start()
    try:
        inbox.fold(map(from_line, lines))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert tickets == len(inbox)
    assert held / tickets <= 2048


@pytest.mark.parametrize(
    "conditions",
    [
        {"status": "clsoed"},
        {"status": ["open", "waiting"]},
        {"waiting_for": "seller"},
        {"sort": "priority"},
    ],
)
def test_a_mistyped_state_is_refused(conditions: dict[str, Any]) -> None:
    """K4: a misspelt state in a query is refused."""
    with pytest.raises(FieldError, match="expected one of"):
        Query(**conditions)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"limit": 0}, "a whole number from 1"),
        ({"limit": True}, "a whole number from 1"),
        ({"customer": ["anna", "\0"]}, "text without NUL and lone surrogates"),
        ({"subject": "\ud800"}, "text without NUL and lone surrogates"),
        ({"after": "00123456789"}, "a text that Query.position returned"),
    ],
)
def test_a_wrong_page_is_refused(conditions: dict[str, Any], expected: str) -> None:
    """A wrong limit or position of a page is refused, since clients send both."""
    with pytest.raises(FieldError, match=expected):
        Query(**conditions)
