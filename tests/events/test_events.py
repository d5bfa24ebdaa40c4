"""The declarations of events: values of the right types, the envelope, and the registry."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from ticketcore.errors import CodecError, FieldError, NaiveDatetimeError
from ticketcore.events import (
    EVENTS,
    Closed,
    Event,
    FieldValue,
    Opened,
    Recorded,
    Scheduled,
    Unknown,
    from_line,
    to_line,
)
from ticketcore.events._events import ENVELOPE

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cls", "values", "expected"),
    [
        (Closed, {"consent": None}, "Closed.consent: expected True or False, found None"),
        (Closed, {"text": 7}, "Closed.text: expected text, or None, found 7"),
        (
            Closed,
            {"by": "nobody"},
            "Closed.by: expected one of 'customer', 'vendor', 'support', 'system', found 'nobody'",
        ),
        (Opened, {"units": "u1"}, "Opened.units: expected a tuple, of text each, found 'u1'"),
        (Opened, {"units": ("u1", 2)}, "Opened.units: expected a tuple, of text each, found "),
        (Opened, {"order": "O-1"}, "Opened.order: expected Order, or None, found 'O-1'"),
        (Unknown, {"schema": True}, "Unknown.schema: expected a whole number, found True"),
        (Closed, {"text": b"x" * 200}, "Closed.text: expected text, or None, found b'xxx"),
    ],
)
def test_a_constructor_refuses_values_of_wrong_types(
    cls: type[Event], values: dict[str, Any], expected: str
) -> None:
    """An event holds values of the declared types only, so it can always be read again."""
    required: dict[type[Event], dict[str, Any]] = {
        Closed: {"by": "customer"},
        Opened: {"by": "customer", "type": "t", "zone": "UTC"},
        Unknown: {"name": "promoted", "schema": 1},
    }
    with pytest.raises(FieldError) as caught:
        cls(at=AT, **(required[cls] | values))

    message = str(caught.value)
    assert expected == message[: len(expected)]
    assert len(message) < 200


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_registered_by_its_stored_name(name: str) -> None:
    """Declaring the class of an event registers it under its stored name."""
    cls = EVENTS[name]

    assert (name, 1) == (cls.NAME, cls.SCHEMA)
    assert set(ENVELOPE) < {field.name for field in attrs.fields(cls)}


def test_a_base_class_without_a_name_is_not_registered() -> None:
    """A base class of events without a stored name is not registered."""

    @attrs.frozen(kw_only=True, repr=False)
    class Abstract(Event):
        """An event without a name."""

    assert Abstract not in EVENTS.values()


def test_the_envelope_is_optional() -> None:
    """An event has no command and is not derived unless it says so; `Scheduled` is derived."""
    closed = Closed(at=AT, by="vendor")

    assert (None, None, False) == (closed.actor, closed.command_id, closed.derived)
    assert Scheduled(at=AT).derived


def test_an_event_is_shown_without_its_defaults() -> None:
    """The repr of an event leaves out defaults and can be evaluated."""
    assert (
        "Closed(at=datetime.datetime(2026, 1, 9, 22, 0, tzinfo=datetime.timezone.utc),"
        " by='vendor', text='done')"
    ) == repr(Closed(at=AT, by="vendor", text="done"))


class TestStoredEnvelope:
    """A stored line has the envelope outside the body."""

    EVENT = Closed(at=AT, by="vendor", command_id="c-1", derived=True)

    def test_it_comes_back_from_a_line(self) -> None:
        """A stored line gives back the envelope, which its body does not have."""
        recorded = Recorded("7", 2, self.EVENT, recorded_at=AT)
        line = to_line(recorded)

        assert (
            '{"ticket":"7","seq":2,"event":"closed","schema":1,'
            '"occurred_at":"2026-01-09T22:00:00.000000Z",'
            '"recorded_at":"2026-01-09T22:00:00.000000Z",'
            '"command_id":"c-1","derived":true,"data":{"by":"vendor"}}'
        ) == line
        assert recorded == from_line(line)

    def test_values_that_are_absent_or_false_are_left_out(self) -> None:
        """A line leaves out values of the envelope that are absent or false."""
        line = to_line(Recorded("7", 2, Closed(at=AT, by="vendor")))

        assert [] == [key for key in ("recorded_at", "command_id", "derived") if key in line]
        assert Recorded("7", 2, Closed(at=AT, by="vendor")) == from_line(line)

    def test_recorded_at_is_utc(self) -> None:
        """Any zone is accepted; an instant without an offset is refused."""
        there = AT.astimezone(ZoneInfo("Asia/Tokyo"))

        assert UTC is getattr(Recorded("7", 2, self.EVENT, there).recorded_at, "tzinfo", None)
        with pytest.raises(NaiveDatetimeError):
            Recorded("7", 2, self.EVENT, AT.replace(tzinfo=None))

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            ("command_id", 7, "command_id: expected text, found 7"),
            ("derived", "yes", "derived: expected true or false, found 'yes'"),
            ("recorded_at", "today", 'recorded_at: expected an instant in UTC like "'),
        ],
    )
    def test_wrong_values_are_refused_with_their_key(
        self, key: str, value: object, message: str
    ) -> None:
        """A wrong value in the envelope is refused with its key, ticket and event number."""
        line = json.loads(to_line(Recorded("7", 2, self.EVENT, recorded_at=AT)))
        with pytest.raises(CodecError) as caught:
            from_line(json.dumps({**line, key: value}))

        assert str(caught.value).startswith(f"ticket 7 event 2: {message}")


def test_fields_that_are_no_mapping_are_refused() -> None:
    """The fields of an opening are a mapping from their names."""
    with pytest.raises(FieldError, match="fields"):
        Opened(at=AT, by="vendor", type="x", zone="UTC", fields=7)  # type: ignore[arg-type]


def test_an_event_does_not_change_with_the_mapping_that_it_was_made_from() -> None:
    """The fields of an opened ticket do not change with the dictionary that was given."""
    given = {"urgency": FieldValue(kind="text", value="high")}
    opened = Opened(at=AT, by="vendor", type="request", zone="UTC", fields=given)
    given.clear()

    assert {"urgency": "high"} == {name: each.value for name, each in opened.fields.items()}
    assert opened == from_line(to_line(Recorded("A", 1, opened))).event
