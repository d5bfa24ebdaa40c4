"""Checks of declarations: values of fields, and complete tables."""

from datetime import UTC, datetime
from typing import Any, Literal

import attrs
import pytest

from ticketcore._internal.declared import check_fields, check_visible, require_all
from ticketcore._internal.frozen import Value, frozen
from ticketcore.errors import FieldError


@frozen
class Inner(Value):
    """A value that is held in another value."""

    name: str = "x"

    __attrs_post_init__ = check_fields


class Shown(str):
    """A text of a class of its own, as template engines and numpy make."""

    __slots__ = ()


@frozen(kw_only=True)
class Outer(Value):
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
    """Values and defaults of the declared types are accepted, without any conversion."""
    assert RIGHT == {name: getattr(Outer(**RIGHT), name) for name in RIGHT}
    assert Outer() == Outer(colour=None)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("text", None, "text"),
        ("text", b"x", "text"),
        ("text", "a\0", "text without NUL and lone surrogates"),
        ("text", "\udfff", "text without NUL and lone surrogates"),
        ("text", Shown("a"), "str itself, not Shown"),
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
    """A value of another type is refused with its class, its field and the accepted values."""
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
    """A long value is shortened in the message of an error, which has the whole value."""
    with pytest.raises(FieldError) as caught:
        Outer(count="x" * 1000)  # type: ignore[arg-type]

    assert 1000 == len(str(caught.value.value))
    assert str(caught.value).endswith("found '" + "x" * 98 + "…")


def test_a_table_must_have_an_entry_for_each_class() -> None:
    """A table that lacks classes raises an error that names all of them, at import."""
    require_all({Inner: 1, Outer: 2}, (Inner, Outer), "changes")
    with pytest.raises(TypeError, match=r"^changes: no entry for Inner, Outer$"):
        require_all({str: 1}, (Inner, Outer), "changes")


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u2800", "\u3164", "\u0301", "\t\n"])
def test_a_text_without_a_visible_character_is_found(text: str) -> None:
    """A text in a tuple, or in a value inside another value, must have a visible character."""
    for hidden in (Inner(text), Outer(text="a", items=(Inner(text),))):
        with pytest.raises(FieldError, match="text with a visible character"):
            check_visible(hidden)
    check_visible(Outer(text="a", items=(Inner("b"),)))


def test_a_fact_that_a_policy_can_require_may_be_blank() -> None:
    """A blank text can be reported by the decision; a text of hidden characters is refused."""
    check_visible(Outer(text=" \n"))
    with pytest.raises(FieldError, match="text with a visible character"):
        check_visible(Outer(text="\u200b"))
