"""The names of a policy in events, and the words that people read in their place."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from ticketcore import events as e
from ticketcore.events import Event, FieldValue, Opened, with_words

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = {
    "priority": "Priorität",
    "high": "hoch",
    "vip": "wichtig",
    "lunch": "Mittagspause",
}
HIGH, HOCH = (FieldValue(kind="text", value=value) for value in ("high", "hoch"))


def opened(type_name: str, fields: Mapping[str, FieldValue], tags: tuple[str, ...]) -> Opened:
    """Return the opening of a ticket by a customer."""
    return Opened(at=AT, by="customer", type=type_name, zone="UTC", fields=fields, tags=tags)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            opened("question", {"priority": HIGH}, ("vip", "new")),
            opened("question", {"Priorität": HOCH}, ("wichtig", "new")),
        ),
        (
            e.FieldSet(at=AT, by="support", field="priority", kind="text", value="high"),
            e.FieldSet(at=AT, by="support", field="Priorität", kind="text", value="hoch"),
        ),
        (
            e.Tagged(at=AT, by="support", tag="vip"),
            e.Tagged(at=AT, by="support", tag="wichtig"),
        ),
        (e.PauseStarted(at=AT, pause="lunch"), e.PauseStarted(at=AT, pause="Mittagspause")),
    ],
)
def test_names_become_words(event: Event, expected: Event) -> None:
    """Names with words are replaced; a name without a word stays."""
    assert expected == with_words(event, WORDS)


@pytest.mark.parametrize(
    "event",
    [
        e.Replied(at=AT, by="support", text="high"),
        e.Assigned(at=AT, by="support", assignee="vip"),
        e.FieldSet(at=AT, by="support", field="city", kind="text", value=None),
    ],
)
def test_what_people_wrote_stays(event: Event) -> None:
    """Texts that people wrote stay, and so do assignees."""
    assert event is with_words(event, WORDS)


def test_without_words_an_event_stays() -> None:
    """A policy without words leaves an event unchanged."""
    event = opened("question", {}, ("vip",))

    assert event is with_words(event, {})
