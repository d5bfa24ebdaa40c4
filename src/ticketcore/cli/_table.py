"""Tables that fit the terminal without losing anything.

If all columns fit, each is as wide as its widest cell. If not, columns are narrowed and their
cells wrap between words, but no column gets narrower than its longest word. A column that is
narrower than half of the terminal gets no cell of more than four lines. If the columns do not fit
then, the table is split: the remaining columns follow in further tables below, each of which
repeats the first columns, which name a row. A cell of a column that is named in *whole* never
wraps; instants and names that people copy belong there. Elsewhere a number stays on one line with
its unit or currency, a date with its time, and a range with both its ends, if the column is wide
enough.

Lines have no trailing blanks, so that output can be copied, compared and searched.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ticketcore.cli._screen import line

WIDEST: Final = 100
"""Width, in characters, beyond which a text is hard to follow."""

_FEW: Final = 3  # columns of a table that is a list of sentences rather than a grid

_MOST_LINES: Final = 4  # of a cell in a column that is narrowed

MANY_LINES: Final = 16
"""Number of lines of a cell in a table whose columns stay together if they can."""

_GAP: Final = "  "

_QUANTITY: Final = r"[+-]?\d[\d,.]*(?: (?:%|[A-Z]{3}|d|h|min|s)(?![\w%]))*"
_TOGETHER: Final = re.compile(
    rf"\d{{4}}-\d\d-\d\d \d\d:\d\d(?::\d\d)?|(?:95 %: )?{_QUANTITY}(?: (?:to |-> )?{_QUANTITY})?"
)

_GLUE: Final = "\ue000"  # replaces a blank while a cell is wrapped, and is as wide as one

Row: TypeAlias = Sequence[Text]
Widths: TypeAlias = Mapping[int, int]


def show_table(
    out: Console,
    rows: Sequence[Row],
    *,
    right: Collection[int] = (),
    whole: Collection[int] = (),
    lines: int = _MOST_LINES,
    names: int = 1,
) -> None:
    """Print *rows*. The columns in *right* are aligned to the right. The rest is as for `fit`.

    A table of up to three columns is at most `WIDEST` characters wide, whatever the width of the
    terminal.
    """
    if rows:
        width = min(out.width, WIDEST) if len(rows[0]) <= _FEW else out.width
        tables = fit(rows, width, whole=whole, lines=lines, names=names)
        show_rows(out, rows, tables, right=right)


def paragraph(out: Console, text: Text) -> None:
    """Print a text, wrapped between words."""
    show_table(out, [[text]])


def fit(
    rows: Sequence[Row],
    width: int,
    *,
    whole: Collection[int] = (),
    lines: int = _MOST_LINES,
    names: int = 1,
) -> list[Widths]:
    """Distribute the columns over one or more tables of at most *width* characters.

    Each result maps the columns of one table, in order, to their widths. A cell of a narrowed
    column takes at most *lines* lines. The first *names* columns name a row: each table repeats
    them, or the first one if they take more than half of the width.
    """
    natural = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    most = max((width - len(_GAP)) // 2, 1)  # so that any two columns fit side by side
    least = [
        natural[i] if i in whole else min(max(_least(cell, lines) for cell in column), most)
        for i, column in enumerate(zip(*rows, strict=True))
    ]
    repeated = dict(enumerate(least[:names]))
    if _total(repeated) > width // 2:
        repeated = {0: least[0]}
    return [_widened(part, natural, width) for part in _parts(least, width, repeated)]


def _least(cell: Text, lines: int) -> int:
    """Return the least width: of the longest word, or of a cell that wraps to *lines* lines."""
    words = _glued(cell.plain, cell.cell_len).split()
    return max(-(-cell.cell_len // lines), *map(cell_len, words), 0)


def _glued(text: str, width: int) -> str:
    """Keep an instant, a range, or a number with its unit on one line if it fits *width*."""
    return _TOGETHER.sub(lambda m: m[0].replace(" ", _GLUE) if len(m[0]) <= width else m[0], text)


def _parts(least: Sequence[int], width: int, repeated: Widths) -> Iterator[dict[int, int]]:
    """Fill tables with columns at their least widths; each table starts with the *repeated* ones.

    Columns whose cells are empty are left out.
    """
    part = {**repeated}
    for column, needed in enumerate(least):
        if column in repeated or not needed:
            continue
        if len(part) > len(repeated) and _total(part) + len(_GAP) + needed > width:
            yield part
            part = {**repeated}
        part[column] = needed
    yield part


def _total(widths: Widths) -> int:
    return sum(widths.values()) + len(_GAP) * (len(widths) - 1)


def _widened(widths: dict[int, int], natural: Sequence[int], width: int) -> Widths:
    """Distribute the unused width, one character at a time, to the column that wraps most."""
    for _ in range(width - _total(widths)):
        column = max(widths, key=lambda i: natural[i] / max(widths[i], 1))
        if widths[column] >= natural[column]:
            break
        widths[column] += 1
    return widths


def show_rows(
    out: Console, rows: Sequence[Row], tables: Sequence[Widths], *, right: Collection[int] = ()
) -> None:
    """Print *rows* as the tables that `fit` has planned, with a blank line between two."""
    for i, widths in enumerate(tables):
        if i:
            out.print()
        for row in rows:
            for text in _lines(out, row, widths, right):
                line(out, text)


def _lines(out: Console, row: Row, widths: Widths, right: Collection[int]) -> Iterator[Text]:
    cells = {column: _wrapped(out, row[column], width) for column, width in widths.items()}
    for i in range(max(map(len, cells.values()))):
        whole = Text()
        for column, parts in cells.items():
            part = parts[i] if i < len(parts) else Text()
            blanks = " " * (widths[column] - part.cell_len)
            whole.append_text(Text(blanks) + part if column in right else part + Text(blanks))
            whole.append(_GAP)
        whole.rstrip()
        yield whole


def _wrapped(out: Console, cell: Text, width: int) -> list[Text]:
    glued = cell.copy()
    glued.plain = _glued(cell.plain, width)
    parts = list(glued.wrap(out, max(width, 1))) or [Text()]
    for part in parts:
        part.plain = part.plain.replace(_GLUE, " ")
        part.rstrip()
    return parts
