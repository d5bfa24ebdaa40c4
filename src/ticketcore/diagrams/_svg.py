"""A diagram as SVG, drawn without any other program."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from types import MappingProxyType

from ticketcore._internal.xml import xml_text
from ticketcore.diagrams._layout import (
    LINE,
    MARGIN,
    Box,
    Layout,
    Route,
    lay_out,
    wrapped,
)
from ticketcore.diagrams._model import Diagram, StateRole

_FILLS = MappingProxyType[StateRole, str](
    {
        "start": "#24292f",
        "open": "#ddf4ff",
        "choice": "#ffffff",
        "waiting": "#fff8c5",
        "closed": "#eaeef2",
        "final": "#d0d7de",
        "dispute": "#fbefff",
    }
)
_STYLE = (
    "text{font:11px 'DejaVu Sans',Verdana,sans-serif;fill:#24292f}"
    ".t{font-size:13px;font-weight:bold}.h{font-size:16px;font-weight:bold}"
    ".w{fill:none;stroke:#57606a;stroke-width:1.2}.l{fill:#ffffff}"
    ".b{stroke:#57606a;stroke-width:1.2}"
)


def to_svg(diagram: Diagram) -> str:
    """The picture as a whole SVG document. What a policy calls its things stays text in it."""
    layout = lay_out(diagram)
    notes = wrapped(diagram.lines, 110)
    head = 40 + (len(notes) + 1) * LINE if notes else 40
    width = max(layout.width, len(diagram.title) * 10 + 2 * MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
        f'{layout.height + head:.0f}" width="{width:.0f}" height="{layout.height + head:.0f}">',
        f"<title>{xml_text(diagram.title)}</title><style>{_STYLE}</style>",
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        _text(MARGIN, 28, diagram.title, "h"),
        *_notes(notes),
        f'<g transform="translate({(width - layout.width) / 2:.1f} {head:.0f})">',
        *_drawn(layout),
        "</g></svg>",
    ]
    return "\n".join(parts) + "\n"


def _notes(lines: Iterable[str]) -> Iterator[str]:
    shown = ["while a ticket is open:", *lines] if lines else []
    for i, line in enumerate(shown):
        yield _text(MARGIN, 48 + i * LINE, line)


def _drawn(layout: Layout) -> Iterator[str]:
    ports = _Ports(layout)
    for way in layout.ways:
        yield _way(way, ports)
    for box in layout.boxes:
        yield from _state(box) if box.state else _words(box)


class _Ports:
    """Where ways meet a state: side by side along its edge, in the order of where they lead."""

    def __init__(self, layout: Layout) -> None:
        self._places: dict[tuple[int, bool, int], float] = {}
        for box in layout.boxes:
            for below in (False, True):
                ways = [w for w in layout.ways if (w.boxes[0] if below else w.boxes[-1]) is box]
                ways.sort(key=lambda way: way.boxes[1 if below else -2].x)
                for i, way in enumerate(ways, 1):
                    shift = box.width * (i / (len(ways) + 1) - 0.5)
                    self._places[id(box), below, id(way)] = box.x + shift

    def of(self, way: Route, *, below: bool) -> float:
        box = way.boxes[0] if below else way.boxes[-1]
        return self._places[id(box), below, id(way)]


def _way(way: Route, ports: _Ports) -> str:
    top, *between, bottom = way.boxes
    start, end = ports.of(way, below=True), ports.of(way, below=False)
    straight = [(start, top.y + top.height / 2, top.lower)]
    straight += [(box.x, box.upper, box.lower) for box in between]
    straight.append((end, bottom.upper, bottom.y - bottom.height / 2))
    if way.upwards:
        straight = [(x, below, above) for x, above, below in reversed(straight)]
    x, y, to_y = straight[0]
    path = f"M{x:.1f} {y:.1f}V{to_y:.1f}"
    for (x, _, y), (to_x, to_y, on_y) in pairwise(straight):
        middle = (y + to_y) / 2
        path += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}V{on_y:.1f}"
    return f'<path class="w" d="{path}" marker-end="url(#a)"/>'


def _state(box: Box) -> Iterator[str]:
    assert box.state is not None
    left, top = box.x - box.width / 2, box.y - box.height / 2
    fill = _FILLS[box.state.role]
    if box.state.role == "start":
        yield f'<circle cx="{box.x:.1f}" cy="{box.y:.1f}" r="8" fill="{fill}"/>'
        return
    yield (
        f'<rect class="b" x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="9" fill="{fill}"/>'
    )
    yield _text(box.x, top + 22, box.state.title, "t", middle=True)
    for i, line in enumerate(box.lines):
        yield _text(left + 13, top + 44 + i * LINE, line)


def _words(box: Box) -> Iterator[str]:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    if box.lines:
        yield (
            f'<rect class="l" x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}"/>'
        )
    for i, line in enumerate(box.lines):
        yield _text(left + 6, top + 13 + i * LINE, line)


def _text(x: float, y: float, words: str, kind: str = "", *, middle: bool = False) -> str:
    look = f' class="{kind}"' if kind else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{look}{anchor}>{xml_text(words)}</text>'
