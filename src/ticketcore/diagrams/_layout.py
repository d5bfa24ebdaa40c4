"""Place states and transitions: states in ranks, labels of transitions between the ranks.

This is the layered drawing of Sugiyama, Tagawa and Toda (1981), simplified because the ranks are
known. A transition becomes a chain of boxes, one for each layer between its states, and one of
them holds the label. The boxes of a layer are ordered by the mean position of their neighbours in
the layers above and below. Then each box is moved towards its neighbours as far as the gaps
between the boxes allow.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import fsum

import attrs

from ticketcore.diagrams._model import Diagram, DiagramState, TimerLine, Transition

GAP, LAYER_GAP, MARGIN = 24.0, 44.0, 20.0
LINE = 15.0  # height of a line of text
INDENT = "\u2003"  # before a line that continues another
CLOCK_WIDTH = 12.0  # the drawing before a line about a timer
_LETTER = 5.9  # mean width of a letter of text
_SWEEPS = 60
_STIFFNESS = 8.0  # weight of straight routes; states near their neighbours have the weight 1
_PULL = 0.3  # weight of the middle of the picture, which keeps unconnected parts together
_STEM = 9.0  # straight length of a route at its ends, so that its arrow points straight


@attrs.define(eq=False)
class Box:
    """A state, the label of a transition, or a bend of its route. *x* and *y* are its middle.

    *upper* and *lower* bound its layer, in which routes run straight down. *near* are the
    neighbouring boxes of its routes.
    """

    layer: int
    width: float
    height: float
    state: DiagramState | None = None
    lines: tuple[str, ...] = ()
    x: float = 0.0
    y: float = 0.0
    upper: float = 0.0
    lower: float = 0.0
    near: list["Box"] = attrs.field(factory=list)


@attrs.define(eq=False)
class Route:
    """The boxes of a transition from top to bottom; *upwards* if it leads from bottom to top."""

    boxes: list[Box]
    upwards: bool


@attrs.frozen
class Layout:
    """All boxes and routes with their positions, and the size of the picture."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def lay_out(diagram: Diagram) -> Layout:
    """Return the layout of a diagram. The same diagram always has the same layout."""
    states = {state.id: _state_box(state) for state in diagram.states}
    boxes = list(states.values())
    routes = [_route(states, transition, boxes) for transition in diagram.transitions]
    layers: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        layers[box.layer].append(box)
    rows = [layers[number] for number in sorted(layers)]
    _order(rows)
    _place(rows)
    left = min(box.x - box.width / 2 for box in boxes) - MARGIN
    for box in boxes:
        box.x -= left
    width = max(box.x + box.width / 2 for box in boxes) + MARGIN
    height = max(box.y + box.height / 2 for box in boxes) + MARGIN
    return Layout(tuple(boxes), tuple(routes), width, height)


def wrapped(lines: Iterable[str], letters: int) -> tuple[str, ...]:
    """Wrap lines to about the given number of letters. Continued lines are indented."""
    return tuple(part for line in lines for part in _wrap(line, letters))


def _wrap(line: str, letters: int) -> Iterator[str]:
    kind = type(line)  # each part of a TimerLine is a TimerLine too
    part = ""
    for word in line.split():
        if part.strip() and len(part) + len(word) > letters:
            yield kind(part)
            part = INDENT
        part += word if not part.strip() else f" {word}"
    yield kind(part)


def _state_box(state: DiagramState) -> Box:
    if state.role == "start":
        return Box(layer=0, width=18, height=18, state=state)
    lines = wrapped(state.lines, 36)
    width = max([len(state.title) * 7.6, *map(_width_of, lines)]) + 26
    height = 34 + (len(lines) * LINE + 8 if lines else 0)
    return Box(layer=state.rank * 2, width=width, height=height, state=state, lines=lines)


def _width_of(line: str) -> float:
    return len(line) * _LETTER + CLOCK_WIDTH * isinstance(line, TimerLine)


def _route(states: dict[str, Box], transition: Transition, boxes: list[Box]) -> Route:
    """Return the route of a transition, and add its boxes to *boxes*."""
    source, target = states[transition.source], states[transition.target]
    upwards = source.layer > target.layer
    top, bottom = (target, source) if upwards else (source, target)
    label_layer = bottom.layer - 1 if upwards else top.layer + 1  # near the source
    chain = [top]
    for layer in range(top.layer + 1, bottom.layer):
        box = Box(layer=layer, width=4, height=0)
        if layer == label_layer and transition.lines:
            box.lines = wrapped(transition.lines, 38)
            box.width = max(map(_width_of, box.lines)) + 12
            box.height = len(box.lines) * LINE + 4
        chain.append(box)
        boxes.append(box)
    chain.append(bottom)
    for one, other in pairwise(chain):
        one.near.append(other)
        other.near.append(one)
    return Route(chain, upwards)


def _order(rows: list[list[Box]]) -> None:
    """Order each layer by the mean position of the neighbours, in sweeps down and up."""
    positions = {box: float(position) for row in rows for position, box in enumerate(row)}
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda box: _mean([positions[other] for other in box.near]))
            for position, box in enumerate(row):
                positions[box] = position - len(row) / 2


def _place(rows: list[list[Box]]) -> None:
    y = MARGIN
    for row in rows:
        height = max(box.height for box in row)
        for box in row:
            box.y, box.upper, box.lower = y + height / 2, y - _STEM, y + height + _STEM
        y += height + LAYER_GAP
        _spread(row, [0.0] * len(row))
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            _spread(row, [_preferred_x(box) for box in row])


def _preferred_x(box: Box) -> float:
    """Return the x coordinate that the box would have if its layer were empty."""
    weights = [1.0 if other.state else _STIFFNESS for other in box.near]
    pulled = fsum(other.x * weight for other, weight in zip(box.near, weights, strict=True))
    return pulled / (fsum(weights) + _PULL)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0


def _spread(row: list[Box], preferred: list[float]) -> None:
    """Move each box as near to its preferred x as the order and the gaps allow.

    The result has the least squares of the distances: neighbours that are too close are merged
    into a block, which moves as one (pool adjacent violators).
    """
    offsets, offset = [], 0.0
    for i, box in enumerate(row):
        offset += (row[i - 1].width + box.width) / 2 + GAP if i else 0.0
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # start, weight and number of boxes
    for box, x, shift in zip(row, preferred, offsets, strict=True):
        start, weight, count = x - shift, 1.0 if box.state else _STIFFNESS, 1
        while blocks and blocks[-1][0] > start:
            last_start, last_weight, last_count = blocks.pop()
            start = (start * weight + last_start * last_weight) / (weight + last_weight)
            weight, count = weight + last_weight, count + last_count
        blocks.append((start, weight, count))
    starts = [start for start, _, count in blocks for _ in range(count)]
    for box, start, shift in zip(row, starts, offsets, strict=True):
        box.x = start + shift
