"""Draw a diagram as SVG, without any other program."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import assert_never

from ticketcore._internal.arguments import typed
from ticketcore._internal.terminal import xml_text
from ticketcore.diagrams._layout import (
    CLOCK_WIDTH,
    INDENT,
    LINE,
    MARGIN,
    Box,
    Layout,
    Route,
    lay_out,
    wrapped,
)
from ticketcore.diagrams._model import Diagram, DiagramState, StateRole, TimerLine
from ticketcore.diagrams._table import clock, draw, size_of

_STYLE = (
    "text{font:11px 'DejaVu Sans',Verdana,sans-serif;fill:#24292f}"
    ".t{font-size:13px;font-weight:bold}.h{font-size:16px;font-weight:bold}"
    ".w{fill:none;stroke:#57606a;stroke-width:1.2}.l{fill:#ffffff}"
    ".b{stroke:#57606a;stroke-width:1.2}"
    ".c{fill:none;stroke:#9a6700;stroke-width:1.2}.i{fill:#9a6700}"
    ".k{fill:#ffffff;stroke:#9a6700;stroke-width:1.2}.d{fill:#57606a}"
)


@typed
def to_svg(diagram: Diagram) -> str:
    """Return the diagram as an SVG document. Names from the policy are escaped."""
    layout = lay_out(diagram)
    notes = wrapped(diagram.lines, 110)
    head = 40 + (len(notes) + 1) * LINE if notes else 40
    sizes = [size_of(table) for table in diagram.tables]
    tops = [head + sum(height + MARGIN for _, height in sizes[:i]) for i in range(len(sizes) + 1)]
    head = tops.pop()
    widest = max((table_width for table_width, _ in sizes), default=0.0)
    width = max(layout.width, max(widest, len(diagram.title) * 10) + 2 * MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
        f'{layout.height + head:.0f}" width="{width:.0f}" height="{layout.height + head:.0f}">',
        f"<title>{xml_text(diagram.title)}</title><style>{_STYLE}</style>",
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        _text(MARGIN, 28, diagram.title, "h"),
        *_notes(notes),
        *(part for table, y in zip(diagram.tables, tops, strict=True) for part in draw(table, y)),
        f'<g transform="translate({(width - layout.width) / 2:.1f} {head:.0f})">',
        *_shapes(layout),
        "</g></svg>",
    ]
    return "\n".join(parts) + "\n"


def _notes(lines: Iterable[str]) -> Iterator[str]:
    shown = ["in every open state:", *lines] if lines else []
    for i, line in enumerate(shown):
        yield _text(MARGIN, 48 + i * LINE, line)


def _shapes(layout: Layout) -> Iterator[str]:
    ports = _Ports(layout)
    for route in layout.routes:
        yield _route(route, ports)
    for box in layout.boxes:
        yield from _state(box, box.state) if box.state else _label(box)


class _Ports:
    """The x coordinates where routes leave and enter states.

    The routes at one edge of a state are spread along it, in the order of their next boxes.
    """

    def __init__(self, layout: Layout) -> None:
        self._x: dict[tuple[int, bool, int], float] = {}
        for below, end, neighbour in ((True, 0, 1), (False, -1, -2)):
            at: dict[int, list[Route]] = {}
            for route in layout.routes:
                at.setdefault(id(route.boxes[end]), []).append(route)
            for routes in at.values():
                routes.sort(key=lambda route: route.boxes[neighbour].x)  # used at once
                box = routes[0].boxes[end]
                for number, route in enumerate(routes, 1):
                    shift = box.width * (number / (len(routes) + 1) - 0.5)
                    self._x[id(box), below, id(route)] = box.x + shift

    def of(self, route: Route, *, below: bool) -> float:
        """Return where *route* leaves its upper state, or (*below* is False) enters its lower."""
        box = route.boxes[0] if below else route.boxes[-1]
        return self._x[id(box), below, id(route)]


def _route(route: Route, ports: _Ports) -> str:
    """Return the path of a route: straight through each layer, and curved between layers."""
    top, *between, bottom = route.boxes
    start, end = ports.of(route, below=True), ports.of(route, below=False)
    straight = [(start, top.y + top.height / 2, top.lower)]
    straight += [(box.x, box.upper, box.lower) for box in between]
    straight.append((end, bottom.upper, bottom.y - bottom.height / 2))
    if route.upwards:
        straight = [(x, lower, upper) for x, upper, lower in reversed(straight)]
    x, y, to_y = straight[0]
    path = f"M{x:.1f} {y:.1f}V{to_y:.1f}"
    for (x, _, y), (to_x, to_y, end_y) in pairwise(straight):
        middle = (y + to_y) / 2
        path += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}V{end_y:.1f}"
    return f'<path class="w" d="{path}" marker-end="url(#a)"/>'


def _state(box: Box, state: DiagramState) -> Iterator[str]:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    fill = _fill(state.role)
    if state.role == "start":
        yield f'<circle cx="{box.x:.1f}" cy="{box.y:.1f}" r="8" fill="{fill}"/>'
        return
    yield (
        f'<rect class="b" x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="9" fill="{fill}"/>'
    )
    yield _text(box.x, top + 22, state.title, "t", middle=True)
    for i, line in enumerate(box.lines):
        yield _line(left + 13, top + 44 + i * LINE, line)


def _fill(role: StateRole) -> str:
    match role:
        case "start":
            return "#24292f"
        case "open":
            return "#ddf4ff"
        case "choice":
            return "#ffffff"
        case "pending":
            return "#fff8c5"
        case "closed":
            return "#eaeef2"
        case "final":
            return "#d0d7de"
        case "dispute":
            return "#fbefff"
        case _:
            assert_never(role)


def _label(box: Box) -> Iterator[str]:
    """Yield the lines of a transition on a white background."""
    left, top = box.x - box.width / 2, box.y - box.height / 2
    if box.lines:
        yield (
            f'<rect class="l" x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}"/>'
        )
    for i, line in enumerate(box.lines):
        yield _line(left + 6, top + 13 + i * LINE, line)


def _line(x: float, y: float, line: str) -> str:
    """Return a line of text; one about a timer begins with a clock."""
    if not isinstance(line, TimerLine):
        return _text(x, y, line)
    drawing = "" if line.startswith(INDENT) else clock(x + 4, y - 4)
    return drawing + _text(x + CLOCK_WIDTH, y, line, "i")


def _text(x: float, y: float, text: str, style: str = "", *, middle: bool = False) -> str:
    style_class = f' class="{style}"' if style else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{style_class}{anchor}>{xml_text(text)}</text>'
