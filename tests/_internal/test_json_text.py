"""JSON text is read strictly and written in one form."""

import re

import pytest
from hypothesis import given

from support.strategies import JSON_VALUES
from ticketcore._internal.json_text import decode, encode


def test_text_that_is_nested_too_deeply_is_refused() -> None:
    """Text that is nested too deeply raises ValueError instead of Python's RecursionError."""
    with pytest.raises(ValueError, match=r"^nested too deeply$"):
        decode("[" * 100_000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a":1,"a":1}', "a key occurs twice in one object"),
        ('[{"b":{"a":1,"a":2}}]', "a key occurs twice in one object"),
        ("NaN", "NaN is not a number"),
        ("[Infinity]", "Infinity is not a number"),
        ('{"a":-Infinity}', "-Infinity is not a number"),
        ("", "Expecting value: line 1 column 1"),
        ("1 2", "Extra data: line 1 column 3"),
    ],
)
def test_text_that_is_not_strict_json_is_refused(text: str, message: str) -> None:
    """Text that is not strict JSON raises ValueError with its reason."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        decode(text)


@given(JSON_VALUES)
def test_a_value_is_read_as_it_was_written(value: object) -> None:
    """Every JSON value is read back from its text unchanged."""
    assert value == decode(encode(value))


def test_text_is_written_in_one_form() -> None:
    """JSON text has sorted keys, no spaces, and ASCII characters only."""
    assert '{"a":["\\u00e9",1.5],"b":null}' == encode({"b": None, "a": ["é", 1.5]})


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), 10**5000], ids=["NaN", "infinity", "digits"]
)
def test_a_number_that_json_cannot_hold_is_not_written(number: float) -> None:
    """NaN, infinity and numbers with thousands of digits are not written as JSON."""
    with pytest.raises(ValueError):
        encode(number)


def test_a_text_that_is_too_long_is_refused() -> None:
    """JSON text above the limit is refused before it is parsed."""
    with pytest.raises(ValueError, match="more than 1,000,000 characters"):
        decode('"' + "x" * 1_000_000 + '"')
