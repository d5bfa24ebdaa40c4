"""What people wrote, made safe to stand in a line or a paragraph."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketcore.notifications._sanitizing import header, lines, mailbox_name, one_line, shortened

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
@example("\ud800\x00\u2028\u202e")
def test_one_line_is_one_line(text: str) -> None:
    """And can be encoded; made once more it is the same."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert isinstance(line.encode(), bytes)  # no lone surrogate is left
    assert line == one_line(line)


@given(ANY_TEXT)
def test_no_line_of_several_breaks(text: str) -> None:
    """And nothing blank stands around them."""
    kept = lines(text)
    assert [1] * sum(map(bool, kept)) == [len(line.splitlines()) for line in kept if line]
    assert not kept or (kept[0] and kept[-1])


def test_lines_keep_what_stands_between_them() -> None:
    """Indents and blank lines; not those before and after, nor the spaces behind."""
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
def test_a_line_keeps_what_can_be_written(text: str, expected: str) -> None:
    """What cannot is marked; what turns the writing around is dropped."""
    assert expected == one_line(text)


@given(ANY_TEXT)
@example("==?utf-8?q?=0A?=")
def test_a_header_holds_nothing_to_decode(text: str) -> None:
    """An encoded word in it would be decoded, and its line break written."""
    assert "=?" not in header(text)


def test_a_long_line_is_cut() -> None:
    """And shows that it was."""
    assert ["abc", "ab…"] == [shortened("abc", 3), shortened("abcd", 3)]


@given(ANY_TEXT)
@example("all@post.example, <all@post.example> " + "y" * 90)
def test_a_name_before_an_address_is_only_a_name(text: str) -> None:
    """Nothing in it means anything there, however long it is."""
    name = mailbox_name(text)
    assert not set('()<>[]:;@\\,"') & set(name)
    assert len(name) <= 60
