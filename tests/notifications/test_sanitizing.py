"""Tests of text that is made safe for a line, a header or a paragraph."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketcore.notifications._sanitizing import header, lines, mailbox_name, one_line, shorten

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
@example("\ud800\x00\u2028\u202e")
def test_one_line_has_no_line_breaks(text: str) -> None:
    """One line has no line breaks, can be encoded, and is not changed by a second call."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert isinstance(line.encode(), bytes)  # no lone surrogate is left
    assert line == one_line(line)


@given(ANY_TEXT)
def test_lines_have_no_line_breaks_inside(text: str) -> None:
    """Each line of a text has no line breaks inside, and the first and last are not blank."""
    kept = lines(text)
    assert [1] * sum(map(bool, kept)) == [len(line.splitlines()) for line in kept if line]
    assert not kept or (kept[0] and kept[-1])


def test_lines_keep_indents_and_blank_lines_between_them() -> None:
    """Lines of a text keep indents and inner blank lines, and lose trailing spaces."""
    assert ("  a", "", "b\tc") == lines("\n\r\n  a  \n\nb\tc\n\n \n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\n b\t c", "a b c"),
        ("1\N{NO-BREAK SPACE}249 Ft", "1\N{NO-BREAK SPACE}249 Ft"),
        ("a\u202eb\u202c", "ab"),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
        ("árvíztűrő 🙈", "árvíztűrő 🙈"),
    ],
)
def test_a_line_keeps_printable_characters(text: str, expected: str) -> None:
    """A line keeps printable characters; control characters are replaced."""
    assert expected == one_line(text)


@given(ANY_TEXT)
@example("==?utf-8?q?=0A?=")
def test_a_header_contains_no_encoded_words(text: str) -> None:
    """A header contains no encoded words, which Python would decode with their line breaks."""
    assert "=?" not in header(text)


def test_a_long_line_is_shortened() -> None:
    """A long line is cut and ends with an ellipsis."""
    assert ["abc", "ab…"] == [shorten("abc", 3), shorten("abcd", 3)]


@given(ANY_TEXT)
@example("all@post.example, <all@post.example> " + "y" * 90)
def test_a_mailbox_name_has_no_special_characters(text: str) -> None:
    """A name of a mailbox has no special characters and is shortened."""
    name = mailbox_name(text)
    assert not set('()<>[]:;@\\,"') & set(name)
    assert len(name) <= 60
