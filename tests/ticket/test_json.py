"""A ticket as JSON can be read back, and mistakes are named."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from support.strategies import histories
from ticketcore.errors import CodecError
from ticketcore.events import Event, Opened, PauseStarted
from ticketcore.ticket import dump_ticket, fold, load_ticket


@given(histories())
def test_a_ticket_is_read_as_it_was_written(history: tuple[str, tuple[Event, ...]]) -> None:
    """A ticket that was written as JSON is read back unchanged."""
    ticket = fold(history[1])

    assert ticket == load_ticket(json.loads(json.dumps(dump_ticket(ticket))))


def test_lists_of_lists_are_read_without_json_between() -> None:
    """What `dump_ticket` returns can be read at once: the pauses that hold are lists, too."""
    at = datetime(2026, 1, 5, 10, tzinfo=UTC)
    opened = Opened(at=at, by="customer", type="request", zone="UTC")
    ticket = fold([opened, PauseStarted(at=at, by="system", pause="night", timers=())])

    assert ticket == load_ticket(dump_ticket(ticket))


def test_null_is_no_message() -> None:
    """In JSON, null means that a ticket has no message."""
    opened = Opened(
        at=datetime(2026, 1, 5, tzinfo=UTC), by="customer", type="question", zone="UTC"
    )
    ticket = fold((opened,))

    assert ticket == load_ticket({**dump_ticket(ticket), "last_message": None})


OPENED: dict[str, Any] = {
    "event": "opened",
    "schema": 1,
    "occurred_at": "2026-01-05T00:00:00.000000Z",
    "data": {"by": "customer", "type": "question", "zone": "UTC"},
}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"opened": {**OPENED, "event": "warned"}}, "opened.data.type"),
        ({"opened": {**OPENED, "event": "promoted"}}, "opened.event"),
        ({"opened": {**OPENED, "data": {**OPENED["data"], "zone": 7}}}, "opened.data.zone"),
        ({"last_message": OPENED}, "last_message.event"),
        ({"pausing": [["late"]]}, "pausing[0]"),
        ({"pausing": [["late", "tomorrow"]]}, "pausing[0][1]"),
    ],
)
def test_a_mistake_is_named_by_its_path(changes: dict[str, Any], path: str) -> None:
    """A mistake in a ticket's JSON is named by its path."""
    with pytest.raises(CodecError) as caught:
        load_ticket(changes)

    assert path == caught.value.path
