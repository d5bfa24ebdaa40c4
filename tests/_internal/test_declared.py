"""Checks of declarations: values of fields, short texts, and complete tables."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from unittest.mock import ANY

import attrs
import pytest

from ticketcore._internal.declared import (
    Value,
    check_fields,
    check_visible,
    require_all,
    short_repr,
)
from ticketcore.errors import FieldError


@attrs.frozen(repr=False)
class Inner:
    """A value in another."""

    name: str = "x"

    __attrs_post_init__ = check_fields
    __repr__ = short_repr


@attrs.frozen(kw_only=True, repr=False)
class Outer:
    """A value with a field of each type."""

    text: str = ""
    count: int = 0
    flag: bool = False
    at: datetime | None = None
    colour: Literal["red", "blue"] | None = None
    inner: Inner | None = None
    items: tuple[Inner, ...] = ()
    colours: tuple[Literal["red", "blue"], ...] = ()
    computed: Any = attrs.field(init=False, default=None)

    __attrs_post_init__ = check_fields
    __repr__ = short_repr


@attrs.frozen(repr=False, eq=False)
class Noted(Value):
    """A value with a field that does not count."""

    name: str
    facts: Mapping[str, str] = attrs.field(factory=dict)
    note: str = attrs.field(default="", eq=False)


@attrs.frozen(repr=False, eq=False)
class Renamed(Noted):
    """Another class with the same fields."""


RIGHT: dict[str, Any] = {
    "text": "é",
    "count": 7,
    "flag": True,
    "at": datetime(2026, 1, 9, tzinfo=UTC),
    "colour": "red",
    "inner": Inner(),
    "items": (Inner(), Inner("y")),
    "colours": ("red", "blue"),
}


def test_values_of_the_declared_types_are_accepted() -> None:
    """So are defaults. A field that the constructor does not take is not checked."""
    assert RIGHT == {name: getattr(Outer(**RIGHT), name) for name in RIGHT}
    assert Outer() == Outer(colour=None)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("text", None, "text"),
        ("text", b"x", "text"),
        ("text", "a\0", "text without NUL and lone surrogates"),
        ("text", "\udfff", "text without NUL and lone surrogates"),
        ("count", True, "a whole number"),
        ("count", 7.0, "a whole number"),
        ("flag", 1, "True or False"),
        ("at", "2026-01-09", "a datetime, or None"),
        ("colour", "green", "one of 'red', 'blue', or None"),
        ("colour", ["red"], "one of 'red', 'blue', or None"),
        ("inner", "x", "Inner, or None"),
        ("items", [Inner()], "a tuple, of Inner each"),
        ("items", (Inner(), "x"), "a tuple, of Inner each"),
        ("colours", ("red", "green"), "a tuple, of one of 'red', 'blue' each"),
    ],
)
def test_other_values_are_refused(field: str, value: Any, expected: str) -> None:
    """The error carries the class, the field, the value and the accepted values."""
    with pytest.raises(FieldError) as caught:
        Outer(**{field: value})
    error = caught.value

    assert ("Outer", field, value, expected) == (
        error.owner,
        error.field,
        error.value,
        error.expected,
    )
    assert f"Outer.{field}: expected {expected}, found {value!r}" == str(error)


def test_a_long_value_is_shortened_in_the_message() -> None:
    """The message stays readable; the error has the whole value."""
    with pytest.raises(FieldError) as caught:
        Outer(count="x" * 1000)  # type: ignore[arg-type]

    assert 1000 == len(str(caught.value.value))
    assert str(caught.value).endswith("found '" + "x" * 98 + "…")


def test_a_text_of_an_instance_leaves_out_defaults() -> None:
    """The text of an instance is the call that makes an equal one."""
    assert "Outer(text='a', items=(Inner(),))" == repr(Outer(text="a", items=(Inner(),)))
    assert "Inner(name='y')" == repr(Inner("y"))


def test_a_table_must_have_an_entry_for_each_class() -> None:
    """The error names the table and all missing classes, so a new class fails at import."""
    require_all({Inner: 1, Outer: 2}, (Inner, Outer), "changes")
    with pytest.raises(TypeError, match=r"^changes: no entry for Inner, Outer$"):
        require_all({str: 1}, (Inner, Outer), "changes")


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u2800", "\u3164", "\u0301", "\t\n"])
def test_a_text_without_a_visible_character_is_found(text: str) -> None:
    """Texts in a tuple, and in a value inside another value, are checked too."""
    for hidden in (Inner(text), Outer(text="a", items=(Inner(text),))):
        with pytest.raises(FieldError, match="text with a visible character"):
            check_visible(hidden)
    check_visible(Outer(text="a", items=(Inner("b"),)))


def test_a_fact_that_a_policy_can_require_may_be_blank() -> None:
    """The decision says that it is missing. A text that hides its characters is refused."""
    check_visible(Outer(text=" \n"))
    with pytest.raises(FieldError, match="text with a visible character"):
        check_visible(Outer(text="\u200b"))


def test_values_are_equal_by_class_and_by_the_fields_that_count() -> None:
    """A field with ``eq=False`` does not count. A value compares itself with another class as that
    class decides, such as `ANY`."""
    assert Noted("a") == ANY
    assert Noted("a", note="1") == Noted("a", note="2")
    assert Noted("a") != Noted("b")
    assert Noted("a") != Noted("a", {"colour": "red"})
    assert Noted("a") != Renamed("a")


def test_equal_values_have_one_hash() -> None:
    """Mappings are left out of it: they have none."""
    assert hash(Noted("a", note="1")) == hash(Noted("a", note="2"))
    assert hash(Noted("a")) == hash(Noted("a", {"colour": "red"}))
    assert hash(Noted("a")) != hash(Noted("b"))


def test_a_value_is_shown_without_defaults() -> None:
    """Fields with another value than their default are named."""
    assert "Noted(name='a', facts={}, note='1')" == repr(Noted("a", note="1"))
