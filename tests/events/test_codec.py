"""Reading is strict, writing is plain, and the one undoes the other."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import EVENTS_OF_ALL_KINDS, JSON_VALUES, damaged_json
from ticketcore.errors import CodecError, FieldError, NaiveDatetimeError
from ticketcore.events import (
    Closed,
    Event,
    Money,
    Opened,
    Refunded,
    Replied,
    Timer,
    Unknown,
    dump_event,
    load_event,
)
from ticketcore.events._upcast import upcast

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)


def wrong(name: str, body: object, schema: int = 1) -> tuple[str, object, str]:
    """Path, value and expectation of the error that a body meets."""
    with pytest.raises(CodecError) as caught:
        load_event(name, schema, AT, body)
    return caught.value.path, caught.value.value, caught.value.expected


@given(EVENTS_OF_ALL_KINDS)
def test_round_trip(event: Event) -> None:
    """What was dumped loads as the same event, also when JSON lies between."""
    name, schema, body = dump_event(event)

    assert event == load_event(
        name,
        schema,
        event.at,
        json.loads(json.dumps(body)),
        command_id=event.command_id,
        derived=event.derived,
    )


def test_plain_body() -> None:
    """A body holds JSON values, and neither the instant nor what has its default."""
    event = Refunded(at=AT, amount=Money(4900, "USD"), units=("u-1",), timer="refund")

    expected = {"amount": {"minor": 4900, "currency": "USD"}, "units": ["u-1"], "timer": "refund"}
    assert ("refunded", 1, expected) == dump_event(event)


def test_explicit_default() -> None:
    """A field that was written though it has its default is read."""
    body = {"by": "vendor", "actor": None, "interim": False}

    assert Replied(at=AT, by="vendor") == load_event("replied", 1, AT, body)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("replied", [], "data: expected an object, found []"),
        ("promoted", [], "data: expected an object, found []"),
        ("replied", {}, "data: expected a field 'by', found {}"),
        *(
            (
                "replied",
                {"by": by},
                "data.by: expected one of 'customer', 'vendor', 'support', 'system', "
                f"found {by!r}",
            )
            for by in ("nobody", ["vendor"], None)
        ),
        (
            "replied",
            {"by": "vendor", "txet": "x"},
            "data.txet: expected a known field, perhaps 'text', found 'x'",
        ),
        (
            "replied",
            {"by": "vendor", "Text": "x"},
            "data.Text: expected a known field, perhaps 'text', found 'x'",
        ),
        ("replied", {"by": "vendor", "zzz": "x"}, "data.zzz: expected a known field, found 'x'"),
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
def test_precise_refusal(name: str, body: object, told: str) -> None:
    """Nothing is coerced: the error says where, what was found, and what would be right."""
    with pytest.raises(CodecError) as caught:
        load_event(name, 1, AT, body)

    assert told == str(caught.value)


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
def test_odd_instants(due: object) -> None:
    """An instant has one form; any other, naive ones among them, is refused with its path."""
    timer = {"name": "refund", "due": due, "since": "2026-01-09T22:00:00.000000Z"}

    expected = ("data.timers[0].due", due, 'an instant in UTC like "2026-01-09T22:00:00.000000Z"')
    assert expected == wrong("scheduled", {"timers": [timer]})


def test_instants_inside() -> None:
    """An instant inside a body is text of the fixed width."""
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
    assert ((timer,), body) == (event.timers, dump_event(event)[2])  # type: ignore[union-attr]


@given(st.data(), EVENTS_OF_ALL_KINDS)
def test_damage(data: st.DataObject, event: Event) -> None:
    """A damaged body is an event that dumps to it again, or a CodecError; nothing else."""
    name, schema, body = dump_event(event)
    body = data.draw(damaged_json(body))
    try:
        loaded = load_event(name, schema, event.at, body)
    except CodecError:
        return

    assert loaded == load_event(name, schema, event.at, dump_event(loaded)[2])


@given(st.dictionaries(st.text(), JSON_VALUES))
def test_unknown_survives(body: dict[str, Any]) -> None:
    """An event of a name that nobody knows here keeps its body."""
    event = load_event("promoted", 3, AT, body)

    assert ("promoted", 3, body) == dump_event(event)


def test_later_schema() -> None:
    """A known event of a later schema is kept as Unknown, for nobody here can judge its body."""
    body = {"by": {"party": "vendor"}}
    expected = Unknown(name="replied", schema=2, at=AT, body='{"by":{"party":"vendor"}}')

    event = load_event("replied", 2, AT, body)
    assert (expected, ("replied", 2, body)) == (event, dump_event(event))


def test_schema_that_never_was() -> None:
    """A schema before the first is an error."""
    with pytest.raises(CodecError) as caught:
        load_event("replied", 0, AT, {"by": "vendor"})

    told = "schema: expected a schema of 'replied' that exists, found 0"
    assert told == str(caught.value)
    assert "data" == wrong("replied", [], schema=0)[0]  # no upcaster is given what is no body


def test_infinite_numbers() -> None:
    """An unknown event with a number that JSON does not have is refused: it could not be kept."""
    assert ("data", {"n": float("inf")}, "finite numbers") == wrong(
        "promoted", {"n": float("inf")}
    )


@pytest.mark.parametrize(
    ("unknown", "told"),
    [
        (
            Unknown(name="replied", schema=1, at=AT),
            "event: expected a name or schema that this version does not know, found 'replied'",
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
def test_unreadable_unknown(unknown: Unknown, told: str) -> None:
    """An Unknown that would not come back as it is, is refused before it is stored."""
    with pytest.raises(CodecError) as caught:
        dump_event(unknown)

    assert told == str(caught.value)


def test_upcasting() -> None:
    """A body goes through the upcasters one after the other, up to the schema of today."""
    upcasters = {
        ("replied", 1): lambda body: {"party": body["actor"]},
        ("replied", 2): lambda body: {"by": body["party"].lower()},
    }

    def today(schema: int, body: dict[str, Any]) -> dict[str, Any]:
        return upcast("replied", schema, body, current=3, upcasters=upcasters)

    assert [{"by": "vendor"}] * 3 == [
        today(1, {"actor": "VENDOR"}),
        today(2, {"party": "Vendor"}),
        today(3, {"by": "vendor"}),
    ]


@pytest.mark.parametrize(
    ("cls", "wrong", "expected"),
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
    cls: type[Event], wrong: dict[str, Any], expected: str
) -> None:
    """An event holds values of the declared types only, so it can always be read again."""
    right: dict[type[Event], dict[str, Any]] = {
        Closed: {"by": "customer"},
        Opened: {"by": "customer", "type": "t", "zone": "UTC"},
        Unknown: {"name": "promoted", "schema": 1},
    }
    with pytest.raises(FieldError) as caught:
        cls(at=AT, **(right[cls] | wrong))

    message = str(caught.value)
    assert expected == message[: len(expected)]
    assert len(message) < 200


def test_the_instant_beside_a_body_is_of_any_zone_but_not_naive() -> None:
    """It is UTC from then on."""
    there = AT.astimezone(ZoneInfo("Asia/Tokyo"))
    event = load_event("replied", 1, there, {"by": "vendor"})

    assert (AT, UTC) == (event.at, event.at.tzinfo)
    for name in ("replied", "promised"):
        with pytest.raises(NaiveDatetimeError):
            load_event(name, 1, AT.replace(tzinfo=None), {})
