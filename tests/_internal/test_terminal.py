"""Text that is safe to print on a terminal, and short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore._internal.terminal import (
    cut,
    percent,
    quoted,
    short,
    time_words,
    visible,
    xml_text,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 谢谢", "Grüße, 谢谢"),
        ("1\u202f000\xa0€", "1\u202f000\xa0€"),  # French and Swiss numbers have such spaces
        ("a\x1b[31m\n", r"a\x1b[31m\n"),
        ("\u200b\u202e", r"\u200b\u202e"),
        ("\ud800", r"\ud800"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    """Control and bidirectional characters are escaped, and spaces of any width are not."""
    assert shown == visible(text)


@given(st.text())
def test_visible_text_stays_on_one_line(text: str) -> None:
    """Escaping a text twice gives the same text on one line."""
    shown = visible(text)

    assert 1 >= len(shown.splitlines())
    assert shown == visible(shown)


def test_a_long_text_is_cut() -> None:
    """A long text is cut to a hundred characters."""
    assert "x" * 100 == cut("x" * 100)
    assert "x" * 99 + "…" == cut("x" * 101)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb", r"'a\nb'"),
        ([1, None], "[1, None]"),
        ("x" * 10**6, "'" + "x" * 98 + "…"),
        ({"x" * 10**6: 1}, "{'" + "x" * 97 + "…"),
        (10**200, "1" + "0" * 98 + "…"),
    ],
)
def test_a_value_is_shown_as_python_writes_it(value: object, shown: str) -> None:
    """A long value is cut, and a number that Python refuses to write is described."""
    assert shown == short(value)


def test_a_text_is_quoted_on_one_line() -> None:
    """A text in quotes has double quotes, no line break, and at most 100 characters."""
    assert '"a\\nb"' == quoted("a\nb")
    assert 102 == len(quoted("a" * 1000))


def test_a_value_of_any_depth_is_shown() -> None:
    """A deeply nested value is shown without its inner values."""
    value: list[object] = []
    for _ in range(100_000):
        value = [value]

    assert "[[[[[[[...]]]]]]]" == short(value)


def test_a_number_that_python_does_not_write_is_described() -> None:
    """A number with too many digits for Python to convert is described instead."""
    assert "a number with thousands of digits" == short(10**5000)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 2, "50.0 %"),
        (24_917, 24_918, "99.9 %"),
        (1, 24_918, "0.1 %"),
        (0, 3, "0.0 %"),
        (3, 3, "100.0 %"),
        (0, 0, "-"),
    ],
)
def test_a_share_is_rounded_neither_to_all_nor_to_nothing(
    part: int, whole: int, expected: str
) -> None:
    """Only the whole is 100 per cent, and only nothing is 0 per cent."""
    assert expected == percent(part, whole)


def test_text_is_escaped_for_xml() -> None:
    """Text is escaped for XML, and characters that XML cannot hold become U+FFFD."""
    assert "a &lt;b&gt; &amp; \ufffd\ufffd\t" == xml_text("a <b> & \x00\ud800\t")


def test_a_time_has_its_two_largest_units() -> None:
    """A time has a sign and its two largest units; less than half a second is none."""
    assert ["-3 d", "+1 h 5 min", "+33 min", "0 min"] == [
        time_words(seconds) for seconds in (-3 * 86_400, 3_905, 33 * 60, 0.2)
    ]
