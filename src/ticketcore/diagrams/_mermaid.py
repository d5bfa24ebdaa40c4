"""Write a diagram as text for Mermaid, which many sites and editors draw."""

import json
import re
from collections.abc import Iterable, Iterator

from ticketcore._internal.arguments import typed
from ticketcore.diagrams._model import CLOCK, Diagram, SpanTable, TimerLine

_SPECIAL = re.compile(r"[^\w :,.()'/…-]")
_PERCENT = re.compile(r"(?<=\d) %")


@typed
def to_mermaid(diagram: Diagram) -> str:
    """Return the diagram as a ``stateDiagram-v2``, with names from the policy kept as text."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "---"
    yield f"title: {json.dumps(diagram.title)}"
    yield "---"
    yield "stateDiagram-v2"
    starts = {state.id for state in diagram.states if state.role == "start"}
    for state in diagram.states:
        if state.role == "choice":
            yield f"    state {state.id} <<choice>>"
        elif state.role != "start":
            yield f'    state "{_text((state.title, *state.lines))}" as {state.id}'
    for number, table in enumerate(diagram.tables):
        yield f'    state "{_text(_in_words(table))}" as t{number}'
    for transition in diagram.transitions:
        source = "[*]" if transition.source in starts else transition.source
        text = _text(transition.lines)
        yield f"    {source} --> {transition.target}" + (f": {text}" if text else "")
    if diagram.lines:
        first = next(state for state in diagram.states if state.role == "open")
        yield f"    note right of {first.id}"
        yield f"        {_text(('in every open state', *diagram.lines))}"
        yield "    end note"


def _text(lines: Iterable[str]) -> str:
    """Join lines to one text, with a dot for each character that could be syntax.

    Mermaid reads no escapes in state diagrams.
    """
    return "<br/>".join(
        f"{CLOCK} " * isinstance(line, TimerLine)
        + _SPECIAL.sub("·", _PERCENT.sub(" percent", line))
        for line in lines
    )


def _in_words(table: SpanTable) -> Iterator[str]:
    """Yield a table as lines: one for each timer."""
    yield table.title
    for name, *cells in table.rows:
        texts = zip(table.columns[1:], cells, strict=True)
        spans = ", ".join(f"{column} {text}" for column, text in texts if text)
        yield TimerLine(f"{name}: {spans}")
