"""Summaries and entries of conversations as JSON can be read back."""

import json

import pytest
from hypothesis import given

from support.strategies import histories
from ticketcore.errors import CodecError
from ticketcore.events import Event, Recorded
from ticketcore.inbox import (
    Inbox,
    conversation,
    dump_entry,
    dump_summary,
    load_entry,
    load_summary,
)


@given(histories())
def test_a_summary_is_read_as_it_was_written(history: tuple[str, tuple[Event, ...]]) -> None:
    """After any history, a summary that was written as JSON is read back unchanged."""
    number, events = history
    inbox = Inbox()
    inbox.fold(Recorded(number, seq, event) for seq, event in enumerate(events, 1))
    (summary,) = inbox

    assert summary == load_summary(json.loads(json.dumps(dump_summary(summary))))


@given(histories())
def test_an_entry_is_read_as_it_was_written(history: tuple[str, tuple[Event, ...]]) -> None:
    """After any history, a conversation that was written as JSON is read back unchanged."""
    number, events = history
    entries = conversation(Recorded(number, seq, event) for seq, event in enumerate(events, 1))

    assert entries == tuple(load_entry(json.loads(json.dumps(dump_entry(e)))) for e in entries)


def test_a_mistake_is_named_by_its_path() -> None:
    """A summary with an unknown state is refused with the path of the mistake."""
    with pytest.raises(CodecError) as caught:
        load_summary({"number": "7", "status": "on-hold"})

    assert "status" == caught.value.path
