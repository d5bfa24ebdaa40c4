"""Strict conversion of JSON values to attrs classes."""

from datetime import datetime
from typing import Any, Literal

import attrs
import pytest

from ticketcore._internal.strict_json import perhaps, reader, within
from ticketcore.errors import CodecError


@attrs.frozen
class Colours:
    """A value with words of a closed set, alone and in a list."""

    favourite: Literal["red", "blue"]
    others: tuple[Literal["red", "blue"], ...] = ()
    last: Literal["red", "blue"] | None = None


def test_words_of_a_closed_set_are_read() -> None:
    """Words of a closed set may be in a list, or absent."""
    body = {"favourite": "red", "others": ["blue", "red"], "last": "blue"}

    assert Colours("red", ("blue", "red"), "blue") == reader(Colours)(body)
    assert Colours("red") == reader(Colours)({"favourite": "red", "last": None})


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"favourite": "green"}, "favourite"),
        ({"favourite": ["red"]}, "favourite"),
        ({"favourite": "red", "others": ["blue", "green"]}, "others[1]"),
        ({"favourite": "red", "last": "green"}, "last"),
        ({"others": []}, "favourite"),
    ],
)
def test_wrong_words_and_missing_fields_are_refused(body: dict[str, Any], path: str) -> None:
    """The error's path leads to the wrong word, or to the missing field."""
    with pytest.raises(CodecError) as caught:
        reader(Colours)(body)
    assert path == caught.value.path


@attrs.frozen
class Numbers:
    """Values of the simple types, one of them with a pattern."""

    count: int
    exact: bool = False
    code: str = attrs.field(default="A1", metadata={"pattern": "[A-Z][0-9]", "expected": "a code"})
    colours: Colours | None = None
    at: datetime | None = None


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ({"count": 7.0}, "count", "a whole number"),
        ({"count": True}, "count", "a whole number"),
        ({"count": None}, "count", "a whole number"),
        ({"count": 7, "exact": 1}, "exact", "true or false"),
        ({"count": 7, "code": "A"}, "code", "a code"),
        ({"count": 7, "code": 7}, "code", "a code"),
        ({"count": 7, "colours": []}, "colours", "an object"),
        ({"count": 7, "colours": {"favourite": 7}}, "colours.favourite", "one of 'red', 'blue'"),
        ({"count": 7, "at": "now"}, "at", 'an instant in UTC like "2026-01-09T22:00:00.000000Z"'),
        ({"cuont": 7}, "cuont", "a known field, perhaps 'count'"),
        ({}, "count", "a value"),
        ([], "", "an object"),
    ],
)
def test_no_value_is_coerced(body: object, path: str, expected: str) -> None:
    """A value of another type is refused with its path in the object, and the accepted values."""
    with pytest.raises(CodecError) as caught:
        reader(Numbers)(body)

    assert (path, expected) == (caught.value.path, caught.value.expected)


def test_values_of_the_right_types_are_read() -> None:
    """A field that may be absent accepts None as well as values of its type."""
    body = {"count": 7, "code": "B2", "colours": {"favourite": "red"}, "at": None}

    assert Numbers(7, code="B2", colours=Colours("red")) == reader(Numbers)(body)


def test_fields_beside_the_object_are_arguments() -> None:
    """Fields beside the object are passed as arguments, and the object must not hold them."""
    read = reader(Numbers, beside=["count"])

    assert Numbers(7, exact=True) == read({"exact": True}, count=7)
    with pytest.raises(CodecError, match="count: expected a known field"):
        read({"count": 7}, count=7)


@pytest.mark.parametrize(
    ("step", "path", "expected"),
    [("data", "", "data"), ("data", "text", "data.text"), ("units", "[1]", "units[1]")],
)
def test_a_step_is_put_before_a_path(step: str, path: str, expected: str) -> None:
    """In a path, keys are joined by a dot and indexes are in brackets."""
    assert expected == within(step, CodecError(path, 7, "text")).path


def test_the_nearest_known_name_is_suggested() -> None:
    """A name that is not similar to any known name gets no suggestion."""
    assert [", perhaps 'text'", ""] == [perhaps(name, ["text", "by"]) for name in ("txet", "q")]
