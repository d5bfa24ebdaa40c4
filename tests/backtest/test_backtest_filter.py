"""Filters select recorded tickets; the other tickets of an order are replayed, but not counted."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.histories.backtests import (
    CLICKBANK,
    ORDER,
    START,
    hours,
    opened,
    replied,
    run_backtest,
)
from ticketcore import events as e
from ticketcore.backtest import TicketFilter, check_recorded
from ticketcore.errors import QueryError
from ticketcore.events import History, write_histories
from ticketcore.policies import PolicyVersions, load_policy


def selects(events: Sequence[e.Event], **options: Any) -> bool:
    """Return whether a filter selects the ticket with these events."""
    return TicketFilter(**options)(History("1", tuple(events), 1))


def test_the_period_is_that_of_the_openings() -> None:
    """The period of openings includes its first instant and excludes its last."""
    assert selects([opened()], since=START)
    assert not selects([opened()], since=hours(1))
    assert selects([opened()], until=hours(1))
    assert not selects([opened()], until=START)


def test_facts_are_those_at_the_end_of_the_record() -> None:
    """A filter compares the facts at the end of the record, such as a changed type."""
    events = [opened(), e.TypeChanged(at=hours(1), by="support", type="request")]
    assert selects(events, only={"type": ("request", "other")})
    assert not selects(events, only={"type": ("incident",)})


def test_all_facts_must_match() -> None:
    """A ticket is selected if all facts match; a ticket without a fact has the empty value."""
    events = [opened(storefront="de", order=ORDER)]
    assert selects(events, only={"storefront": ("de",), "order_number": ("1",)})
    assert selects(events, only={"storefront": ("de",), "category": ("",)})
    assert not selects([opened()], only={"order_number": ("1",)})


def test_the_fields_of_a_policy_are_facts() -> None:
    """Fields of a policy are compared as text; a ticket without the field has the empty value."""
    events = [
        opened(),
        e.FieldSet(at=hours(1), by="support", field="priority", kind="text", value="high"),
    ]
    assert selects(events, only={"fields.priority": ("high",)})
    assert not selects(events, only={"fields.priority": ("low",)})
    assert selects(events, only={"fields.team": ("",)})


def test_a_tag_is_one_of_several() -> None:
    """A ticket matches if it has the tag; the empty value selects tickets without tags."""
    events = [opened(tags=("vip", "big"))]
    assert selects(events, only={"tags": ("vip",)})
    assert selects(events, only={"tags": ("big", "small")})
    assert not selects(events, only={"tags": ("small",)})
    assert not selects(events, only={"tags": ("",)})
    assert selects([opened()], only={"tags": ("", "vip")})


def test_an_unknown_fact_is_an_error() -> None:
    """An unknown fact raises an error that suggests the nearest name."""
    with pytest.raises(QueryError, match='no field "storfront": did you mean "storefront"'):
        TicketFilter(only={"storfront": ("de",)})


def test_other_tickets_of_an_order_are_replayed_but_not_counted(tmp_path: Path) -> None:
    """A ticket that is left out can still spend the money of its order first."""
    tickets: list[list[e.Event]] = [
        [opened(at=START + timedelta(hours=n), type="refund", order=ORDER, number=f"{n}")]
        for n in range(2)
    ]
    tickets.append([opened(at=hours(3), type="technical"), replied(4, "vendor")])
    report = run_backtest(
        tmp_path, *tickets, policy=CLICKBANK, tickets=TicketFilter(since=hours(1), until=hours(2))
    )
    assert (1, 1) == (report.tickets, report.events)
    report = run_backtest(
        tmp_path, *tickets, policy=CLICKBANK, tickets=TicketFilter(since=hours(3))
    )
    assert (1, 2) == (report.tickets, report.events)


def test_a_field_is_known_if_a_policy_or_a_ticket_has_it(tmp_path: Path) -> None:
    """A field of a version of the policy, or of a ticket that can be read, may be named."""
    history = tmp_path / "history.jsonl"
    team = e.FieldSet(at=hours(1), by="support", field="team", kind="text", value="a")
    write_histories(history, [("1", [opened(), team])])
    history.write_text("broken\n" + history.read_text("utf-8"), "utf-8")
    versions = PolicyVersions.of(load_policy("help-desk"))
    check_recorded(history, [versions], fields=["type", "fields.priority", "fields.team"])
    with pytest.raises(QueryError, match=r'no field "fields.tea": did you mean "fields.team"'):
        check_recorded(history, [versions], fields=["fields.tea"])
