"""A call that fails because of a wrong argument names it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, Protocol, TypeVar

import pytest

from ticketcore._internal.arguments import typed
from ticketcore.errors import CalendarError, FieldError

T = TypeVar("T")


class _Named(Protocol):
    name: str


@typed
def fails(
    number: int = 1,
    *several: int,
    share: float = 0.5,
    day: date | None = None,
    word: Literal["a", "b"] = "a",
    texts: Sequence[str] = (),
    spans: tuple[int, ...] = (),
    times: Iterable[datetime] = (),
    table: Mapping[str, int] | None = None,
    pair: tuple[str, int] = ("", 1),
    counts: Counter[str] | None = None,
    call: Callable[[int], str] | None = None,
    anything: Any = None,
    some: T | None = None,
    named: _Named | None = None,
    error: Exception | None = None,
) -> T:
    """Raise an error, whatever the arguments are."""
    raise error or TypeError("as Python says it")


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"number": "x"}, "fails.number: expected int, found 'x'"),
        ({"share": None}, "fails.share: expected float, found None"),
        ({"day": NOW}, "fails.day: expected date or None, found datetime"),
        ({"word": "c"}, "fails.word: expected 'a' or 'b', found 'c'"),
        ({"texts": "abc"}, r"fails.texts: expected Sequence\[str\], found 'abc'"),
        ({"texts": ["a", 1]}, r"fails.texts: expected Sequence\[str\], found \['a', 1\]"),
        ({"times": [NOW, "x"]}, r"fails.times: expected Iterable\[datetime\], found"),
        ({"table": {"a": None}}, r"fails.table: expected Mapping\[str, int\] or None, found"),
        ({"table": {1: 1}}, r"fails.table: expected Mapping\[str, int\] or None, found"),
        ({"pair": 1}, r"fails.pair: expected tuple\[str, int\], found 1"),
        ({"pair": ("a",)}, r"fails.pair: expected tuple\[str, int\], found \('a',\)"),
        ({"pair": ("a", "b")}, r"fails.pair: expected tuple\[str, int\], found \('a', 'b'\)"),
        ({"counts": Counter([1])}, r"fails.counts: expected Counter\[str\] or None, found"),
        ({"spans": ("1",)}, r"fails.spans: expected tuple\[int, \.\.\.\], found \('1',\)"),
        ({"call": 1}, "fails.call: expected Callable or None, found 1"),
    ],
)
def test_the_argument_that_differs_from_its_annotation_is_named(
    wrong: Mapping[str, Any], expected: str
) -> None:
    """The error names the wrong argument, its value, and the type that it should have."""
    with pytest.raises(FieldError, match=expected):
        fails(**wrong)


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"share": 1},
        {"day": date(2026, 1, 1)},
        {"times": iter([1])},
        {"table": {"a": 1}, "texts": ("a",), "pair": ("a", 2), "counts": Counter("a")},
        {"call": len, "anything": 1, "some": 1, "named": 1},
    ],
)
def test_another_error_of_python_stays(right: Mapping[str, Any]) -> None:
    """If all arguments fit their annotations, Python's own error is raised."""
    with pytest.raises(TypeError, match="as Python says it"):
        fails(**right)
    with pytest.raises(TypeError, match="as Python says it"):
        fails(1, "not checked", **right)  # type: ignore[arg-type]


def test_an_error_of_the_library_stays() -> None:
    """An error of the library already says what is wrong, so it is raised unchanged."""
    with pytest.raises(CalendarError, match="closed"):
        fails("x", error=CalendarError("closed"))  # type: ignore[arg-type]


def test_a_missing_argument_is_reported_by_python() -> None:
    """Python itself reports a missing argument, as for any function."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'wrong'"):
        fails(wrong=1)  # type: ignore[call-arg]
