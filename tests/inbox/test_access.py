"""Tests of access: who sees a ticket, and which tickets a person sees."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.errors import FieldError
from ticketcore.inbox import TicketSummary, viewers, visible_to

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
SUMMARY = TicketSummary(
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
        ({"account": "unknown"}, ("anna", "carla")),
        ({"account": None, "customer": None}, ("carla",)),
    ],
)
def test_customer_account_and_shared_persons_see_a_ticket(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """The customer, the account's users and the persons of a share see the ticket (W5)."""
    assert expected == viewers(attrs.evolve(SUMMARY, **changes), MEMBERS)


@given(
    PEOPLE,
    st.lists(
        st.builds(
            lambda customer, account, shared: attrs.evolve(
                SUMMARY, customer=customer, account=account, shared_with=tuple(shared)
            ),
            st.none() | PEOPLE,
            st.sampled_from([None, "shop-1", "shop-2", "unknown"]),
            st.lists(PEOPLE, unique=True, max_size=2),
        ),
        max_size=5,
    ),
)
def test_a_person_sees_the_tickets_of_which_they_are_a_viewer(
    person: str, summaries: list[TicketSummary]
) -> None:
    """`visible_to` and `viewers` describe the same relation (W5)."""
    expected = [summary for summary in summaries if person in viewers(summary, MEMBERS)]

    assert expected == visible_to(person, summaries, MEMBERS)


def test_a_text_in_place_of_an_accounts_users_is_refused() -> None:
    """W5: "anna" does not stand for the persons a and n, nor does "nn" see their tickets."""
    members = {"shop-1": "anna"}

    with pytest.raises(FieldError, match="expected a list of persons"):
        viewers(SUMMARY, members)
    with pytest.raises(FieldError, match="expected a list of persons"):
        visible_to("nn", [SUMMARY], members)
