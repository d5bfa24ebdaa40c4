"""A document that is written as TOML is read back unchanged."""

import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.testing._toml_writer import dump

_KEYS = st.text(max_size=5)
_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.dates() | st.just(date.max),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_documents_are_read_back_unchanged(document: dict[str, Any]) -> None:
    """Keys and values may be any text; tables and lists may be nested."""
    assert document == tomllib.loads(dump(document))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (7, "7"),
        (datetime(2026, 1, 5, 10, tzinfo=UTC), "2026-01-05T10:00:00Z"),
        (date(2026, 1, 5), "2026-01-05"),
        ([{}], "[[key]]"),
        ([1, {"a": 2}, {}], "[1, { a = 2 }, {}]"),
        ("\x7f", '"\\u007f"'),
    ],
)
def test_each_type_of_value_is_written_in_one_form(value: object, text: str) -> None:
    """Each type of value is written to TOML in one form."""
    assert text in dump({"key": value})
