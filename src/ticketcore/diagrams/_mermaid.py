"""A diagram as text for Mermaid, which many sites and editors draw."""

import json
import re
from collections.abc import Iterable, Iterator

from ticketcore.diagrams._model import Diagram

_SPECIAL = re.compile(r"[^\w :,.()'/…-]")


def to_mermaid(diagram: Diagram) -> str:
    """The text of a ``stateDiagram-v2``. What a policy calls its things stays text in it."""
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
            yield f'    state "{_words((state.title, *state.lines))}" as {state.id}'
    for transition in diagram.transitions:
        source = "[*]" if transition.source in starts else transition.source
        words = _words(transition.lines)
        yield f"    {source} --> {transition.target}" + (f": {words}" if words else "")
    if diagram.lines:
        first = next(state for state in diagram.states if state.role == "open")
        yield f"    note right of {first.id}"
        yield f"        {_words(('while it is open', *diagram.lines))}"
        yield "    end note"


def _words(lines: Iterable[str]) -> str:
    return "<br/>".join(map(_text, lines))


def _text(words: str) -> str:
    """A text in which nothing is syntax. Mermaid reads no escapes in state diagrams, so all but
    letters and quiet signs becomes a dot."""
    return _SPECIAL.sub("·", words)
