"""Lists by the policy's own fields and by tags."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ticketcore.events import (
    Event,
    FieldSet,
    FieldValue,
    Money,
    Opened,
    Recorded,
    Tagged,
    Untagged,
)
from ticketcore.inbox import Query, TicketSummary, dump_summary, load_summary, project, summary_of
from ticketcore.ticket import fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
OPENED = Opened(
    at=AT,
    by="customer",
    type="request",
    zone="UTC",
    default_handler="support",
    waiting_for="support",
    fields={
        "priority": FieldValue(kind="text", value="high"),
        "cost": FieldValue(kind="money", value="49.00 USD"),
        "weight": FieldValue(kind="number", value="2.5"),
    },
    tags=("vip",),
)
BY: dict[str, Any] = {"at": AT, "by": "support"}
CHANGES: tuple[Event, ...] = (
    FieldSet(**BY, field="priority", kind="text", value="low", waiting_for="customer"),
    FieldSet(**BY, field="cost", kind="money"),
    Tagged(**BY, tag="old"),
    Tagged(**BY, tag="vip"),
    Untagged(**BY, tag="vip"),
)


def summary(*events: Event) -> TicketSummary:
    """Return the summary of a ticket after these events."""
    found = None
    for seq, event in enumerate((OPENED, *events), 1):
        found = project(found, Recorded("T", seq, event))
    assert found is not None
    return found


def test_a_summary_has_the_fields_and_tags() -> None:
    """A summary has the fields of the folded ticket, in JSON too."""
    for count in range(len(CHANGES) + 1):
        found = summary(*CHANGES[:count])

        assert summary_of("T", fold((OPENED, *CHANGES[:count]))) == found
        assert found == load_summary(dump_summary(found))
    assert ({"priority": "low", "weight": Decimal("2.5")}, ("old",), "pending") == (
        found.fields,
        found.tags,
        found.status,
    )


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"fields": {"priority": "high"}}, True),
        ({"fields": {"priority": ["low", "high"]}}, True),
        ({"fields": {"priority": "low"}}, False),
        ({"fields": {"cost": Money(4900, "USD")}}, True),
        ({"fields": {"cost": "49.00 USD", "weight": Decimal("2.50")}}, True),
        ({"fields": {"cost": "49.00 USD", "weight": "3"}}, False),
        ({"fields": {"team": None}}, True),
        ({"fields": {"priority": [None]}}, False),
        ({"tags": "vip"}, True),
        ({"tags": ["old", "vip"]}, True),
        ({"tags": "old"}, False),
        ({"tags": [None]}, False),
    ],
)
def test_a_query_selects_by_fields_and_tags(conditions: dict[str, Any], found: bool) -> None:
    """Values are text, or values of the field's kind; None finds tickets without a value."""
    assert found == bool(Query(**conditions).select([summary()]))
