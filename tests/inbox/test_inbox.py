"""The inbox finds what people look for."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import histories
from ticketcore.events import Event, Recorded
from ticketcore.inbox import Inbox, Query, Row

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
ROW = Row(
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
CLOSED = attrs.evolve(ROW, number="00000000007", status="closed", closed_at=AT)


@given(st.lists(histories(), min_size=1, max_size=4), st.randoms())
def test_events_taken_in_singly_or_at_once_make_the_same_inbox(
    found: list[tuple[str, tuple[Event, ...]]], random: Random
) -> None:
    """However the events of several tickets are interleaved, unknown ones among them."""
    queues = [
        [Recorded(f"T{i}", seq, event) for seq, event in enumerate(events, 1)]
        for i, (_, events) in enumerate(found)
    ]
    at_once, singly = Inbox(), Inbox()
    at_once.fold(recorded for queue in queues for recorded in queue)
    while waiting := [queue for queue in queues if queue]:
        singly.apply(random.choice(waiting).pop(0))

    assert {row.number: row for row in at_once} == {row.number: row for row in singly}


def test_a_ticket_is_found_by_its_number_as_text() -> None:
    """Leading zeros count (K3), and a closed ticket is found too."""
    inbox = Inbox([ROW, CLOSED])

    assert (CLOSED, None, 2) == (inbox.get("00000000007"), inbox.get("7"), len(inbox))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), [ROW]),
        (Query(status="closed"), [CLOSED]),
        (Query(status=None), [ROW, CLOSED]),
        (Query(order="M1", status=["open", "closed"]), [ROW, CLOSED]),
        (Query(order="M2"), []),
        (Query(subject="BROKEN"), [ROW]),
        (Query(subject="whole"), []),
        (Query(opened_from=AT), [ROW]),
        (Query(opened_until=AT), []),
    ],
)
def test_a_list_shows_open_tickets_unless_closed_ones_are_asked_for(
    query: Query, expected: list[Row]
) -> None:
    """W7; a period holds its first instant and not its last."""
    assert expected == Inbox([ROW, CLOSED]).search(query)


VALUES: dict[str, list[Any]] = {
    "status": ["open", "waiting", "closed"],
    "order": ["M1", "M2", None],
    "reason": ["defective", "return", None],
    "category": ["orders", "stock"],
    "subcategory": ["status", None],
    "type": ["request", "refund"],
    "turn": ["vendor", "customer"],
    "storefront": ["de", "cz"],
    "assigned_to": ["warehouse", None],
    "customer": ["anna", "ben"],
    "account": ["shop-1", "shop-2"],
    "subject": ["Broken lid", "BROKEN", "Straße", None],
    "opened_at": [AT, datetime(2026, 2, 1, tzinfo=UTC)],
}
ROWS = st.lists(
    st.builds(
        lambda changes: attrs.evolve(ROW, **changes),
        st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in VALUES.items()}),
    ),
    max_size=8,
)
ASKED: dict[str, st.SearchStrategy[Any]] = {
    column: st.sets(st.sampled_from([value for value in values if value is not None]), min_size=1)
    for column, values in VALUES.items()
    if column not in ("subject", "opened_at")
}
ASKED["subject"] = st.sampled_from(["broken", "STRASSE", "", "x"])
ASKED["opened_from"] = ASKED["opened_until"] = st.sampled_from(VALUES["opened_at"])


def _wanted(row: Row, asked: dict[str, Any]) -> bool:
    """Say row by row, in the words of the rule, whether it is asked for."""
    for name, value in {"status": {"open", "waiting"}, **asked}.items():
        match name:
            case "subject":
                met = value.casefold() in (row.subject or "").casefold()
            case "opened_from":
                met = value <= row.opened_at
            case "opened_until":
                met = row.opened_at < value
            case _:
                met = getattr(row, name) in value
        if not met:
            return False
    return True


@given(ROWS, st.fixed_dictionaries({}, optional=ASKED))
def test_a_search_finds_the_rows_that_meet_all_conditions(
    rows: list[Row], asked: dict[str, Any]
) -> None:
    """As many conditions as may be, in any combination, against one row at a time."""
    numbered = [attrs.evolve(row, number=str(i)) for i, row in enumerate(rows)]

    assert [row for row in numbered if _wanted(row, asked)] == Inbox(numbered).search(
        Query(**asked)
    )
