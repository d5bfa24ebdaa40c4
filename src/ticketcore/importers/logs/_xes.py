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
    events = _Events()
    parser = ElementTree.XMLParser(target=events)  # noqa: S314
    try:
        while block := file.read(1 << 16):
            parser.feed(block)
            yield from events.found
            events.found.clear()
        parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # or its encoding
        raise LogError(f"is not XML: {error}") from None


class _Events:
    """The events of a XES file that were *found* so far, made from the starts of its elements."""

    def __init__(self) -> None:
        self.found: list[tuple[int, dict[str, str], dict[str, str]]] = []
        self._number = 0
        self._trace: dict[str, str] = {}
        self._has_event = False  # attributes of the trace come before its events
        self._event: dict[str, str] = {}
        self._open = [""]  # the names of the open elements

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name, parent = tag.rpartition("}")[2], self._open[-1]
        self._open.append(name)
        if parent == "event":
            self._event[attributes.get("key", "")] = attributes.get("value", "")
        elif name == "event":
            self._event, self._has_event = {}, True
        elif name == "trace":
            self._number += 1
            self._trace, self._has_event = {}, False
        elif parent == "trace" and name in _TYPES and not self._has_event:
            self._trace[attributes.get("key", "")] = attributes.get("value", "")

    def end(self, tag: str) -> None:
        """End an element."""
        if self._open.pop() == "event":
            self.found.append((self._number, self._trace, self._event))
