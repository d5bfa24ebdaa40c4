"""Rows of XES files (IEEE 1849): each event is a row, and its trace is the level above."""

import io
import re
import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final
from xml.etree import ElementTree  # expat refuses entities that grow

from ticketcore.errors import LogError
from ticketcore.importers.logs._files import marked_encoding
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
    """Yield the number of the trace, its attributes, and those of the event, for each event.

    Bytes and characters that XML refuses are read as U+FFFD.
    """
    events = _Events()
    parser = ElementTree.XMLParser(target=events)  # noqa: S314
    try:
        for block in _blocks(file):
            parser.feed(block)
            yield from events.found
            events.found.clear()
        parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # or its encoding
        why = f"is not XML after trace {events.complete}: {error}; export it again"
        raise LogError(why) from None


_DECLARED: Final = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)""")
_REFUSED: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE: Final = re.compile("&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_LONGEST: Final = len("&#xFFFFFFFF;")


def _blocks(file: BinaryIO) -> Iterator[str]:
    """Yield the text of a file, in blocks that do not end within a reference to a character."""
    declared = _DECLARED.match(file.peek(1 << 10))  # type: ignore[attr-defined]
    encoding = marked_encoding(file) or (declared[1].decode() if declared else "utf-8")
    with io.TextIOWrapper(file, encoding=encoding, errors="replace") as text:
        kept = ""
        while block := text.read(1 << 16):
            block = kept + block
            cut = block.rfind("&", -_LONGEST)
            kept = block[cut:] if cut >= 0 else ""
            yield _readable(block.removesuffix(kept))
        yield _readable(kept)


def _readable(text: str) -> str:
    return _REFERENCE.sub(_reference, _REFUSED.sub("\ufffd", text))


def _reference(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "\ufffd" if code > sys.maxunicode or _REFUSED.match(chr(code)) else reference[0]


class _Events:
    """The events of a XES file that were *found* so far, made from the starts of its elements."""

    def __init__(self) -> None:
        self.found: list[tuple[int, dict[str, str], dict[str, str]]] = []
        self.complete = 0  # number of traces that have ended
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
        name = self._open.pop()
        if name == "event":
            self.found.append((self._number, self._trace, self._event))
        elif name == "trace":
            self.complete += 1
