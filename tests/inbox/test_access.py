"""Who sees a ticket, what is a possible duplicate."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.commands import Open
from ticketcore.events import Money, Opened, Order
from ticketcore.inbox import Row, possible_duplicates, seen_by, viewers

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
ROW = Row(
    number="1",
    seq=1,
    opened_at=AT,
    changed_at=AT,
    type="request",
    default_handler="support",
    handler="support",
    waiting_for="support",
    status="open",
    customer="anna",
    account="shop-1",
    category="payroll",
    shared_with=("carla",),
)
MEMBERS = {"shop-1": ("anna", "ben"), "shop-2": ("dora",)}
PEOPLE = st.sampled_from(["anna", "ben", "carla", "dora", "emil"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("anna", "ben", "carla")),
        ({"shared_with": ()}, ("anna", "ben")),
        ({"shared_with": ("ben", "dora")}, ("anna", "ben", "dora")),
        ({"account": "unheard-of"}, ("anna", "carla")),
        ({"account": None, "customer": None}, ("carla",)),
    ],
)
def test_all_users_of_the_account_see_its_tickets(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """They, the customer, and the persons that it is shared with, nobody twice (W5)."""
    assert expected == viewers(attrs.evolve(ROW, **changes), MEMBERS)


@given(
    PEOPLE,
    st.lists(
        st.builds(
            lambda customer, account, shared: attrs.evolve(
                ROW, customer=customer, account=account, shared_with=tuple(shared)
            ),
            st.none() | PEOPLE,
            st.sampled_from([None, "shop-1", "shop-2", "unheard-of"]),
            st.lists(PEOPLE, unique=True, max_size=2),
        ),
        max_size=5,
    ),
)
def test_somebody_sees_the_tickets_that_list_them(person: str, rows: list[Row]) -> None:
    """What a person sees and who sees a ticket are one relation, read from its two sides."""
    assert [row for row in rows if person in viewers(row, MEMBERS)] == seen_by(
        person, rows, MEMBERS
    )


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, True),
        ({"customer": "ben"}, False),
        ({"customer": None}, False),
        ({"category": "servers"}, False),
        ({"order": Order(number="M1", sold_at=AT, amount=Money(100, "EUR"))}, False),
    ],
)
def test_a_second_ticket_for_one_problem_is_reported(changes: dict[str, Any], alike: bool) -> None:
    """O4: the same customer, order and category, while the first is open."""
    asked = attrs.evolve(
        Open(at=AT, by="customer", customer="anna", category="payroll"), **changes
    )
    nobodys = attrs.evolve(ROW, number="2", customer=None)

    assert ([ROW] if alike else []) == possible_duplicates(asked, [ROW, nobodys])


def test_a_closed_ticket_has_no_duplicates() -> None:
    """O4: once the first is closed, another may be opened for the same problem."""
    closed = attrs.evolve(ROW, status="closed", closed_at=AT)
    again = Open(at=AT, by="customer", customer="anna", category="payroll")

    assert [] == possible_duplicates(again, [closed])


def test_a_ticket_is_no_duplicate_of_itself() -> None:
    """An opening that is listed already is compared with the others only."""
    opened = Opened(
        at=AT, by="customer", type="request", zone="UTC", customer="anna", category="payroll"
    )
    other = attrs.evolve(ROW, number="2")

    assert [other] == possible_duplicates(opened, [ROW, other], number="1")
