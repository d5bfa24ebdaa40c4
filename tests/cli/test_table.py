"""Tables on terminals of different widths."""

from collections.abc import Collection, Sequence
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from ticketcore.cli._table import paragraph, show_table

WORDS = st.text("abcdefghij", min_size=1, max_size=9)
CELLS = st.lists(WORDS, max_size=6).map(" ".join)


def printed(
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    right: Collection[int] = (),
    whole: Collection[int] = (),
    names: int = 1,
) -> list[str]:
    """Return the lines of a table on a terminal that is *width* characters wide."""
    out = Console(file=StringIO(), width=width)
    cells = [[Text(cell) for cell in row] for row in rows]
    show_table(out, cells, right=right, whole=whole, names=names)
    assert isinstance(out.file, StringIO)
    return out.file.getvalue().splitlines()


def test_columns_are_as_wide_as_their_cells() -> None:
    """Columns are two blanks apart, and no line ends with a blank."""
    rows = [("name", "count"), ("a", "7"), ("", "12")]

    assert ["name  count", "a         7", "         12"] == printed(rows, 80, right=(1,))


def test_a_column_without_text_takes_no_room() -> None:
    """A column without text takes no width from the other columns."""
    rows = [("due", "a deadline that is far away", ""), ("x", "", "")]

    assert ["due  a deadline that", "     is far away", "x"] == printed(rows, 20)


def test_cells_wrap_between_words() -> None:
    """Cells wrap between words, and the column that wraps most gets the width that is left."""
    rows = [("due", "a deadline that is far away", "C5"), ("x", "", "C5")]

    assert [
        "due  a deadline that  C5",
        "     is far away",
        "x                     C5",
    ] == printed(rows, 24)


def test_a_whole_column_does_not_wrap() -> None:
    """Instants and names keep their lines; the other columns are narrowed for them."""
    rows = [("Mon 2026-01-12 15:00", "one two three four")]

    assert [
        "Mon 2026-01-12 15:00  one two",
        "                      three",
        "                      four",
    ] == printed(rows, 29, whole=(0,))


def test_columns_that_do_not_fit_follow_in_a_second_table() -> None:
    """Columns that do not fit follow in further tables, which repeat the first column."""
    rows = [("month", "reopenings", "escalations"), ("2026-01", "5", "1")]

    assert [
        "month    reopenings",
        "2026-01           5",
        "",
        "month    escalations",
        "2026-01            1",
    ] == printed(rows, 20, right=(1, 2))


def test_each_table_repeats_the_columns_that_name_a_row() -> None:
    """Rows that two columns name have both in each table, if they leave half of the width."""
    rows = [("at", "2025-01", "first", "second"), ("cz", "2025-02", "1", "2")]

    assert [
        "at  2025-01  first",
        "cz  2025-02  1",
        "",
        "at  2025-01  second",
        "cz  2025-02  2",
    ] == printed(rows, 22, whole=(0, 1), names=2)
    assert [
        "at  2025-01",
        "cz  2025-02",
        "",
        "at  first",
        "cz  1",
        "",
        "at  second",
        "cz  2",
    ] == printed(rows, 12, whole=(0, 1), names=2)


def test_a_word_that_is_wider_than_the_terminal_is_folded() -> None:
    """A word that is wider than the terminal is folded, and loses nothing."""
    assert ["abcdefgh", "ij"] == printed([("abcdefghij",)], 8)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a range of +9 to +27 tickets", ["a range of", "+9 to +27", "tickets"]),
        ("it was 14 -> 31 closings", ["it was", "14 -> 31", "closings"]),
        ("all of (95 %: +1 to +7) here", ["all of", "(95 %: +1 to +7)", "here"]),
        ("the sum is 1,049.00 USD.", ["the sum is", "1,049.00 USD."]),
        ("moved by 3 d 12 h.", ["moved by", "3 d 12 h."]),
        ("due 2026-01-12 09:30", ["due", "2026-01-12 09:30"]),
    ],
)
def test_no_line_break_cuts_a_number_with_its_unit(text: str, lines: list[str]) -> None:
    """Ranges, shares, amounts, times and instants stay on one line, also in a narrow column."""
    assert lines == printed([(text,)], max(map(len, lines)))


def test_a_column_is_not_narrower_than_its_longest_range() -> None:
    """Beside another column, a range keeps its line."""
    rows = [("up by +1,234 to +5,678", "one two three four five six seven eight nine ten")]

    assert [
        "up by             one two three four",
        "+1,234 to +5,678  five six seven",
        "                  eight nine ten",
    ] == printed(rows, 37)


def test_a_range_that_is_wider_than_the_terminal_is_cut_between_words() -> None:
    """A range that no line can hold wraps between its words."""
    assert ["-1,234.00 to", "+5,678.00"] == printed([("-1,234.00 to +5,678.00",)], 14)


def test_a_table_without_rows_prints_nothing() -> None:
    """A table without rows prints nothing."""
    assert [] == printed([], 80)


@pytest.mark.parametrize("width", [20, 80])
def test_a_paragraph_wraps_without_trailing_blanks(width: int) -> None:
    """A paragraph wraps between words, without trailing blanks."""
    out = Console(file=StringIO(), width=width)
    text = "one two three four five six seven eight nine ten " * 3
    paragraph(out, Text(text))
    assert isinstance(out.file, StringIO)
    lines = out.file.getvalue().splitlines()

    assert text.split() == " ".join(lines).split()
    assert [] == [line for line in lines if len(line) > width or line != line.rstrip()]


@given(
    st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=4
        )
    ),
    st.integers(24, 100),
)
def test_a_table_loses_nothing(rows: list[list[str]], width: int) -> None:
    """Every word is printed unbroken, no line is too wide, and none ends with a blank."""
    lines = printed(rows, width)
    words = {word for row in rows for cell in row for word in cell.split()}

    assert words <= {word for line in lines for word in line.split()}
    assert [] == [line for line in lines if len(line) > width or line != line.rstrip()]
