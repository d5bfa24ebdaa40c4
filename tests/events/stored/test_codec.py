"""Events as stored names, schema numbers and bodies of JSON values, and back."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import EVENTS_OF_ALL_KINDS, JSON_VALUES, damaged_json
from ticketcore.errors import CodecError, NaiveDatetimeError
from ticketcore.events import (
    Event,
    Money,
    Refunded,
    Replied,
    Scheduled,
    Timer,
    Unknown,
    dump_event,
    load_event,
    unknown_content,
)
from ticketcore.events.stored import _codec, _upcast

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
PHOTO = {"name": "a", "media_type": "image/png", "size": 1, "digest": "d", "location": "l"}


def codec_error(name: str, body: object, schema: int = 1) -> tuple[str, object, str]:
    """Return path, value and expectation of the error that a body causes."""
    with pytest.raises(CodecError) as caught:
        load_event(name, schema, AT, body)
    return caught.value.path, caught.value.value, caught.value.expected


@given(EVENTS_OF_ALL_KINDS)
def test_an_event_is_read_as_it_was_written(event: Event) -> None:
    """Every event is read back unchanged, even after a conversion to JSON text."""
    name, schema, body = dump_event(event)

    assert event == load_event(
        name,
        schema,
        event.at,
        json.loads(json.dumps(body)),
        command_id=event.command_id,
        derived=event.derived,
    )


def test_a_body_leaves_out_the_envelope_and_defaults() -> None:
    """A body leaves out the envelope and defaults, and holds JSON values only."""
    event = Refunded(at=AT, amount=Money(4900, "USD"), units=("u-1",), timer="refund")

    expected = {"amount": {"minor": 4900, "currency": "USD"}, "units": ["u-1"], "timer": "refund"}
    assert ("refunded", 1, expected) == dump_event(event)


def test_a_body_may_contain_defaults() -> None:
    """A body may contain defaults, which give the same event."""
    body = {"by": "vendor", "actor": None, "interim": False}

    assert Replied(at=AT, by="vendor") == load_event("replied", 1, AT, body)


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("replied", [], "data: expected an object, found []"),
        ("promoted", [], "data: expected an object, found []"),
        ("replied", {}, "data.by: expected a value, found None"),
        *(
            (
                "replied",
                {"by": by},
                "data.by: expected one of 'customer', 'vendor', 'support', 'system', "
                f"found {by!r}",
            )
            for by in (["vendor"], None)
        ),
        ("replied", {"by": "vendor", "at": "x"}, "data.at: expected a known field, found 'x'"),
        ("replied", {"by": "vendor", "text": 5}, "data.text: expected text, found 5"),
        *(
            (
                "replied",
                {"by": "vendor", "interim": interim},
                f"data.interim: expected true or false, found {interim}",
            )
            for interim in (1, None)
        ),
        ("cancelled", {"units": "abc"}, "data.units: expected a list, found 'abc'"),
        ("cancelled", {"units": ["a", 5]}, "data.units[1]: expected text, found 5"),
        (
            "refunded",
            {"amount": "49.00 USD"},
            "data.amount: expected an object, found '49.00 USD'",
        ),
        *(
            (
                "refunded",
                {"amount": {"minor": minor, "currency": "USD"}},
                f"data.amount.minor: expected a whole number, found {minor!r}",
            )
            for minor in ("7", 7.0, True, None)
        ),
        *(
            (
                "refunded",
                {"amount": {"minor": 7, "currency": currency}},
                "data.amount.currency: expected three capital letters, for example EUR, "
                f"found {currency!r}",
            )
            for currency in ("usd", "US", "USDX", "ÄÖÜ", "USD\n", 840, None)
        ),
    ],
)
def test_a_wrong_body_is_refused_with_its_path(name: str, body: object, message: str) -> None:
    """A wrong body is refused with the path, the value found and the accepted values."""
    with pytest.raises(CodecError) as caught:
        load_event(name, 1, AT, body)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    "due",
    [
        "2026-01-09T22:00:00Z",
        "2026-01-09T22:00:00.000000",
        "2026-01-09T22:00:00.000000+00:00",
        "2026-01-09T22:00:00.000+00:00",
        "2026-01-09 22:00:00.000000Z",
        "2026-01-09T24:00:00.000000Z",
        "2026-02-30T22:00:00.000000Z",
        "2026-W01-1T22:00:00.000000Z",
        "2026-01-09T220000.00000000Z",
        "2026-01-09T22:00:00,000000Z",
        "0000-01-09T22:00:00.000000Z",
        "٢٠٢٦-01-09T22:00:00.000000Z",
        "\ud800026-01-09T22:00:00.000000Z",
        1767996000,
        None,
    ],
)
def test_an_instant_has_one_form(due: object) -> None:
    """An instant in another form, such as one without an offset, is refused with its path."""
    timer = {"name": "refund", "due": due, "since": "2026-01-09T22:00:00.000000Z"}

    expected = ("data.timers[0].due", due, 'an instant in UTC like "2026-01-09T22:00:00.000000Z"')
    assert expected == codec_error("scheduled", {"timers": [timer]})


def test_an_instant_in_a_body_has_the_fixed_width() -> None:
    """An instant in a body has a fixed width, even in the year 999."""
    timer = Timer("refund", due=datetime(999, 1, 2, tzinfo=UTC), since=AT)
    body = {
        "timers": [
            {
                "name": "refund",
                "due": "0999-01-02T00:00:00.000000Z",
                "since": "2026-01-09T22:00:00.000000Z",
            }
        ]
    }

    event = load_event("scheduled", 1, AT, body)
    assert isinstance(event, Scheduled)
    assert ((timer,), body) == (event.timers, dump_event(event)[2])


@given(st.data(), EVENTS_OF_ALL_KINDS)
def test_a_damaged_body_is_read_or_refused(data: st.DataObject, event: Event) -> None:
    """Every body is an event that is written in the same way again, or a CodecError."""
    name, schema, body = dump_event(event)
    body = data.draw(damaged_json(body))
    try:
        loaded = load_event(name, schema, event.at, body)
    except CodecError:
        return

    assert loaded == load_event(name, schema, event.at, dump_event(loaded)[2])


@given(st.dictionaries(st.text(), JSON_VALUES))
def test_an_event_with_an_unknown_name_keeps_its_body(body: dict[str, Any]) -> None:
    """An event with an unknown name is written again with the same name, schema and body."""
    event = load_event("promoted", 3, AT, body)

    assert ("promoted", 3, body) == dump_event(event)


def test_an_event_with_a_newer_schema_is_unknown() -> None:
    """An event with a newer schema is kept unread, with its body."""
    body = {"by": {"party": "vendor"}}
    expected = Unknown(name="replied", schema=2, at=AT, body='{"by":{"party":"vendor"}}')

    event = load_event("replied", 2, AT, body)
    assert (expected, ("replied", 2, body)) == (event, dump_event(event))


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        (
            "replied",
            {"by": "vendor", "txet": "x", "zzz": 1},
            "data.txet: expected a known field, perhaps 'text', found 'x'",
        ),
        (
            "replied",
            {"by": "vendor", "Text": "x"},
            "data.Text: expected a known field, perhaps 'text', found 'x'",
        ),
        ("replied", {"by": "vendor", "zzz": [1]}, "data.zzz: expected a known field, found [1]"),
        (
            "replied",
            {"by": "nobody"},
            "data.by: expected one of 'customer', 'vendor', 'support', 'system', found 'nobody'",
        ),
        (
            "refunded",
            {"amount": {"minor": 7, "currency": "USD", "rate": 2}},
            "data.amount.rate: expected a known field, found 2",
        ),
        (
            "replied",
            {"by": "vendor", "attachments": [PHOTO | {"colour": "red"}]},
            "data.attachments[0].colour: expected a known field, found 'red'",
        ),
    ],
)
def test_an_event_with_unknown_content_is_unknown(
    name: str, body: dict[str, Any], message: str
) -> None:
    """A later version may know a further key or word, so the event is kept as it was stored."""
    event = load_event(name, 1, AT, body, command_id="c", derived=True)

    assert isinstance(event, Unknown)
    assert (event.at, event.command_id, event.derived) == (AT, "c", True)
    assert (name, 1, body) == dump_event(event)
    assert message == str(unknown_content(event))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"from": "vendor"}, "data.from: expected a known field, found 'vendor'"),
        ({"by": "vendor", "zzz": 1, "text": 7}, "data.text: expected text, found 7"),
        (
            {"by": "vendor", "attachments": [{"colour": "red"}]},
            "data.attachments[0].colour: expected a known field, found 'red'",
        ),
        (
            {"by": "vendor", "command_id": "x"},
            "data.command_id: expected a known field, found 'x'",
        ),
    ],
)
def test_unknown_content_beside_a_mistake_is_refused(body: dict[str, Any], message: str) -> None:
    """No version writes a body that lacks a required field, or has a value of another type."""
    with pytest.raises(CodecError) as caught:
        load_event("replied", 1, AT, body)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    "event",
    [
        Unknown(name="promoted", schema=1, at=AT),
        Unknown(name="replied", schema=2, at=AT),
        Unknown(name="replied", schema=1, at=AT, body='{"by":"vendor"}'),
    ],
)
def test_only_events_that_are_known_by_name_and_schema_have_unknown_content(
    event: Unknown,
) -> None:
    """An event of another version, or one that could be read, has no unknown content."""
    assert unknown_content(event) is None


def test_unknown_content_of_an_older_schema_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version does not write an older schema, so a further key is a mistake."""
    monkeypatch.setattr(Replied, "SCHEMA", 2)
    monkeypatch.setitem(_upcast.UPCASTERS, ("replied", 1), lambda body: body)
    _codec._reader.cache_clear()
    try:
        assert "data.zzz" == codec_error("replied", {"by": "vendor", "zzz": 1})[0]
    finally:
        _codec._reader.cache_clear()


def test_a_schema_before_the_first_is_refused() -> None:
    """A schema number before the first is refused, if the body is an object."""
    with pytest.raises(CodecError) as caught:
        load_event("replied", 0, AT, {"by": "vendor"})

    message = "schema: expected a schema of 'replied' that exists, found 0"
    assert message == str(caught.value)
    assert "data" == codec_error("replied", [], schema=0)[0]


def test_an_unknown_event_with_an_infinite_number_is_refused() -> None:
    """An unknown event with an infinite number is refused, because JSON cannot hold it."""
    assert ("data", {"n": float("inf")}, "finite numbers") == codec_error(
        "promoted", {"n": float("inf")}
    )


@pytest.mark.parametrize(
    ("unknown", "message"),
    [
        (
            Unknown(name="replied", schema=1, at=AT, body='{"by":"vendor"}'),
            "event: expected an event of which this version does not know the name, schema or "
            "content, found 'replied'",
        ),
        (
            Unknown(name="replied", schema=1, at=AT),
            "data.by: expected a value, found None",
        ),
        (
            Unknown(name="promoted", schema=1, at=AT, body="{"),
            "data: expected JSON text, found '{'",
        ),
        (
            Unknown(name="promoted", schema=1, at=AT, body="[]"),
            "data: expected an object, found []",
        ),
        (
            Unknown(name="promoted", schema=1, at=AT, body='{"n":NaN}'),
            "data: expected JSON text, found '{\"n\":NaN}'",
        ),
        (
            Unknown(name="promoted", schema=1, at=AT, body='{"n":1e999}'),
            "data: expected finite numbers, found {'n': inf}",
        ),
        (
            Unknown(name="", schema=1, at=AT),
            "event: expected text that is not empty, found ''",
        ),
        (
            Unknown(name="promoted", schema=0, at=AT),
            "schema: expected a number from 1, found 0",
        ),
    ],
)
def test_an_unknown_event_that_could_not_be_read_again_is_not_written(
    unknown: Unknown, message: str
) -> None:
    """An unknown event that could not be read again is refused with the path and the value."""
    with pytest.raises(CodecError) as caught:
        dump_event(unknown)

    assert message == str(caught.value)


def test_the_instant_of_an_event_may_be_in_any_zone() -> None:
    """The instant of an event may be in any zone, and is converted to UTC."""
    there = AT.astimezone(ZoneInfo("Asia/Tokyo"))
    event = load_event("replied", 1, there, {"by": "vendor"})

    assert (AT, UTC) == (event.at, event.at.tzinfo)
    for name in ("replied", "promised"):
        with pytest.raises(NaiveDatetimeError):
            load_event(name, 1, AT.replace(tzinfo=None), {})
