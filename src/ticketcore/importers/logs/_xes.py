"""Rows of XES files (IEEE 1849): each event is a row, and its trace is the level above."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final
from xml.etree import ElementTree  # expat refuses entities that grow

from ticketcore.errors import LogError
from ticketcore.importers.logs._row import Row, find_cells

_TYPES: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})
TRACE: Final = "traces[]"
EVENT: Final = "traces[].events[]"


def xes_rows(file: BinaryIO, columns: Sequence[str], missing: frozenset[str]) -> Iterator[Row]:
    """Yield the events of all traces. Raises LogError for a file that is not XML."""
    for number, trace, event in xes_events(file):
        yield Row(
            f"trace {number}", "", find_cells(((TRACE, trace), (EVENT, event)), columns, missing)
        )


def xes_events(file: BinaryIO) -> Iterator[tuple[int, dict[str, str], dict[str, str]]]:
    """Yield the number of the trace, its attributes, and those of the event, for each event."""
    number = 0
    trace: dict[str, str] = {}
    open_elements: list[ElementTree.Element] = []
    try:
        for action, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314
            tag = element.tag.rpartition("}")[2]
            if action == "start":
                open_elements.append(element)
                if tag == "trace":
                    number, trace = number + 1, {}
                continue
            open_elements.pop()
            parent = open_elements[-1] if open_elements else None
            if tag == "event":
                yield number, trace, _attributes(element)
            elif tag in _TYPES and parent is not None and parent.tag.endswith("trace"):
                trace[element.get("key", "")] = element.get("value", "")
            if parent is not None and tag not in _TYPES:
                parent.remove(element)  # memory stays flat
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # or its encoding
        raise LogError(f"is not XML: {error}") from None


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    return {each.get("key", ""): each.get("value", "") for each in element}
