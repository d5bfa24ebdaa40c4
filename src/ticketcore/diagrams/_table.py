"""Draw the table of spans of a diagram as SVG, and measure it."""

from collections.abc import Iterator

from ticketcore._internal.terminal import xml_text
from ticketcore.diagrams._layout import LINE, MARGIN
from ticketcore.diagrams._model import SpanTable

_LETTER = 6.2  # mean width of a letter
_CELL = 12.0  # space between columns


def size_of(table: SpanTable) -> tuple[float, float]:
    """Return the width and the height of a table."""
    return sum(_widths(table)) + _CELL, (len(table.rows) + 2) * (LINE + 3) + 14


def draw(table: SpanTable, y: float) -> Iterator[str]:
    """Yield the table as one shape, whose upper edge is at *y*."""
    width, height = size_of(table)
    yield (
        f'<rect class="k" x="{MARGIN:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        'rx="3"/>'
    )
    step = LINE + 3
    yield clock(MARGIN + _CELL, y + step - 4)
    title, x = xml_text(table.title), MARGIN + 2 * _CELL
    yield f'<text class="t" x="{x:.1f}" y="{y + step:.1f}">{title}</text>'
    for number, row in enumerate((table.columns, *table.rows), 2):
        x = MARGIN + _CELL
        for cell, cell_width in zip(row, _widths(table), strict=True):
            style = ' class="d"' if number == 2 else ""
            yield f'<text{style} x="{x:.1f}" y="{y + number * step:.1f}">{xml_text(cell)}</text>'
            x += cell_width


def clock(x: float, y: float) -> str:
    """Return the drawing of a clock with its middle at a point."""
    return (
        f'<path class="c" d="M{x - 4:.1f} {y:.1f}a4 4 0 1 1 0 .1zM{x:.1f} {y - 2.5:.1f}v2.5h2"/>'
    )


def _widths(table: SpanTable) -> list[float]:
    columns = zip(*(table.columns, *table.rows), strict=True)
    return [max(map(len, column)) * _LETTER + _CELL for column in columns]
