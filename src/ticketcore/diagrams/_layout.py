"""Where everything is drawn: states in ranks, words of transitions between them.

The layered drawing of Sugiyama, Tagawa and Toda (1981), made simple by ranks that are known:
each transition is a chain of boxes, one a layer, of which one holds its words; boxes are ordered
within their layers by where their neighbours are, and then moved as near to them as the gaps
allow.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import fsum

import attrs

from ticketcore.diagrams._model import Diagram, DiagramState, Transition

GAP, LAYER_GAP, MARGIN = 24.0, 44.0, 20.0
LINE, SMALL = 15.0, 5.9  # the height of a line of words, the width of a letter in it
_SWEEPS = 60
_STIFF = 8.0  # a way would rather stay straight than a state near its neighbours
_PULL = 0.3  # towards the middle, so that parts without a way between them stay near
_STEM = 9.0  # how far a way runs straight before it ends, so that its arrow does


@attrs.define(eq=False)
class Box:
    """Something with a place: a state, the words of a transition, or a bend in its way.

    *upper* and *lower* bound its layer, within which ways run straight down.
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
    """A transition as it is drawn, from its source to its target."""

    boxes: list[Box]
    upwards: bool


@attrs.frozen
class Layout:
    """All boxes and ways with their places; x and y are the middle of a box."""

    boxes: tuple[Box, ...]
    ways: tuple[Route, ...]
    width: float
    height: float


def lay_out(diagram: Diagram) -> Layout:
    """Place everything. The same diagram is always drawn alike."""
    states = {state.id: _state_box(state) for state in diagram.states}
    boxes = list(states.values())
    ways = [_way(states, transition, boxes) for transition in diagram.transitions]
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
    return Layout(tuple(boxes), tuple(ways), width, height)


def wrapped(lines: Iterable[str], letters: int) -> tuple[str, ...]:
    """Lines of about so many letters; what a line goes on with is indented."""
    return tuple(part for line in lines for part in _wrap(line, letters))


def _wrap(line: str, letters: int) -> Iterator[str]:
    part = ""
    for word in line.split():
        if part.strip() and len(part) + len(word) > letters:
            yield part
            part = "\u2003"
        part += word if not part.strip() else f" {word}"
    yield part


def _state_box(state: DiagramState) -> Box:
    if state.role == "start":
        return Box(layer=0, width=18, height=18, state=state)
    lines = wrapped(state.lines, 36)
    width = max([len(state.title) * 7.6, *(len(line) * SMALL for line in lines)]) + 26
    height = 34 + (len(lines) * LINE + 8 if lines else 0)
    return Box(layer=state.rank * 2, width=width, height=height, state=state, lines=lines)


def _way(states: dict[str, Box], transition: Transition, boxes: list[Box]) -> Route:
    """The chain of boxes from a state to another, in the order from top to bottom."""
    source, target = states[transition.source], states[transition.target]
    upwards = source.layer > target.layer
    top, bottom = (target, source) if upwards else (source, target)
    words = bottom.layer - 1 if upwards else top.layer + 1  # near where it sets out
    chain = [top]
    for layer in range(top.layer + 1, bottom.layer):
        box = Box(layer=layer, width=4, height=0)
        if layer == words and transition.lines:
            box.lines = wrapped(transition.lines, 38)
            box.width = max(len(line) for line in box.lines) * SMALL + 12
            box.height = len(box.lines) * LINE + 4
        chain.append(box)
        boxes.append(box)
    chain.append(bottom)
    for one, other in pairwise(chain):
        one.near.append(other)
        other.near.append(one)
    return Route(chain, upwards)


def _order(rows: list[list[Box]]) -> None:
    """Order each layer by the mean place of the neighbours above and below, back and forth."""
    places = {box: float(place) for row in rows for place, box in enumerate(row)}
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda box: _mean([places[other] for other in box.near]))
            for place, box in enumerate(row):
                places[box] = place - len(row) / 2


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
            _spread(row, [_wish(box) for box in row])


def _wish(box: Box) -> float:
    """Where a box would be if it were alone."""
    weights = [1.0 if other.state else _STIFF for other in box.near]
    pulled = fsum(other.x * weight for other, weight in zip(box.near, weights, strict=True))
    return pulled / (fsum(weights) + _PULL)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0


def _spread(row: list[Box], wished: list[float]) -> None:
    """Put each box as near as possible to where it is wished, in order and apart.

    The least squares under these gaps: neighbours that are too close move as one block.
    """
    offsets, offset = [], 0.0
    for i, box in enumerate(row):
        offset += (row[i - 1].width + box.width) / 2 + GAP if i else 0.0
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # where one begins, its weight, its boxes
    for box, wish, shift in zip(row, wished, offsets, strict=True):
        begin, weight, count = wish - shift, 1.0 if box.state else _STIFF, 1
        while blocks and blocks[-1][0] > begin:
            before, pull, size = blocks.pop()
            begin = (begin * weight + before * pull) / (weight + pull)
            weight, count = weight + pull, count + size
        blocks.append((begin, weight, count))
    begins = [begin for begin, _, count in blocks for _ in range(count)]
    for box, begin, shift in zip(row, begins, offsets, strict=True):
        box.x = begin + shift
