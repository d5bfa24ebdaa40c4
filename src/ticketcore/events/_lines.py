"""An event as one line of a history file: its place, its instant and its body, as JSON."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from ticketcore.errors import CodecError, HistoryError
from ticketcore.events._codec import dump_event, load_event, restamper
from ticketcore.events._converter import reader
from ticketcore.events._events import Event, Recorded
from ticketcore.events._instants import FORM, format_instant
from ticketcore.events._json import decode, decode_from, encode

# A line as to_line writes it is read by its head, in half the time that JSON takes; any other
# way to write the same JSON is read too.
_PLACE = r'\{"ticket":"([^"\\\x00-\x1f]+)","seq":([1-9][0-9]{0,8}),'
_HEAD = re.compile(
    _PLACE
    + r'"type":"([a-z-]+)","schema":([1-9][0-9]{0,8}),"occurred_at":"'
    + f'({FORM})","data":'
)
_BEGINNING = re.compile(_PLACE)
_ENDS = ("}\n", "}", "}\r\n")

# What a line says beside its place and its instant: the type, the schema, and the body to its end.
_Said: TypeAlias = tuple[str, str, str]
_SHORT = 120  # letters that are remembered of a line
_KEPT = 256  # lines


def to_line(recorded: Recorded) -> str:
    """*recorded* as a line of JSON in its one form, without the line's end.

    Raises CodecError for what could not be read again: an Unknown, a ticket without a number, a
    sequence that does not begin at 1.
    """
    if type(recorded.ticket) is not str or not recorded.ticket:
        raise CodecError("ticket", recorded.ticket, "text that is not empty")
    if type(recorded.seq) is not int or recorded.seq < 1:
        raise CodecError("seq", recorded.seq, "a number from 1")
    name, schema, body = dump_event(recorded.event)
    return (
        f'{{"ticket":{encode(recorded.ticket)},"seq":{recorded.seq},"type":{encode(name)},'
        f'"schema":{schema},"occurred_at":"{format_instant(recorded.event.at)}",'
        f'"data":{encode(body)}}}'
    )


def from_line(line: str | bytes) -> Recorded:
    """The event that :func:`to_line` wrote.

    Raises HistoryError for what is not JSON (``not-utf-8``, ``blank``, ``not-json``) and
    CodecError for JSON that is no event.
    """
    return Recorded(*LineReader().read(line))


class LineReader:
    """Reads lines one after another; what one says in the words of another it reads once.

    Many lines of a log repeat one before them, but for the ticket, the number and the instant.
    """

    def __init__(self) -> None:
        self._known: dict[_Said, Callable[[datetime], Event]] = {}

    def read(self, line: str | bytes) -> tuple[str, int, Event]:
        """Ticket, sequence number and event of *line*. Raises what :func:`from_line` raises."""
        text = _decoded(line)
        head = _HEAD.match(text)
        if head:
            ticket, seq, name, schema, instant = head.groups()
            said = name, schema, text[head.end() :]
            try:
                at = datetime.fromisoformat(instant)
                tell = self._known.get(said)
                if tell is not None:
                    return ticket, int(seq), tell(at)
                body, end = decode_from(text, head.end())
                if text[end:] in _ENDS:
                    event = load_event(name, int(schema), at, body)
                    self._remember(said, event)
                    return ticket, int(seq), event
            except (ValueError, StopIteration, RecursionError):
                pass  # the slow way says what is wrong
        return _read_any_json(text)

    def _remember(self, said: _Said, event: Event) -> None:
        if sum(map(len, said)) > _SHORT:
            return
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[said] = restamper(event)


def place_of(line: str | bytes) -> tuple[str | None, int | None]:
    """Ticket and sequence number of *line* as far as they can be read, however broken the rest."""
    try:
        text = _decoded(line)
        beginning = _BEGINNING.match(text)
        if beginning:
            return beginning[1], int(beginning[2])
        whole = decode(text)
    except ValueError:
        return None, None
    if type(whole) is not dict:
        return None, None
    ticket, seq = whole.get("ticket"), whole.get("seq")
    return ticket if type(ticket) is str else None, seq if type(seq) is int else None


@attrs.frozen
class _Envelope:
    """What stands around a body, field by field as in the line."""

    ticket: str
    seq: int
    type: str
    schema: int
    occurred_at: datetime
    data: Any  # judged by the codec


_read_envelope = reader(_Envelope)


def _read_any_json(text: str) -> tuple[str, int, Event]:
    if not text.strip():
        raise HistoryError("blank", "is blank")
    try:
        whole = decode(text)
    except ValueError as wrong:
        raise HistoryError("not-json", f"is not JSON: {wrong}") from None
    try:
        line = _read_envelope(whole)
        for name in ("ticket", "type"):
            if not getattr(line, name):
                raise CodecError(name, "", "text that is not empty")
        for name in ("seq", "schema"):
            if getattr(line, name) < 1:
                raise CodecError(name, getattr(line, name), "a number from 1")
        event = load_event(line.type, line.schema, line.occurred_at, line.data)
    except CodecError as wrong:
        place = place_of(text)
        raise CodecError(
            wrong.path, wrong.value, wrong.expected, ticket=place[0], seq=place[1]
        ) from None
    return line.ticket, line.seq, event


def _decoded(line: str | bytes) -> str:
    if isinstance(line, str):
        return line
    if not isinstance(line, bytes):
        raise CodecError("", line, "a line as text or bytes")
    try:
        return line.decode()
    except UnicodeDecodeError as wrong:
        raise HistoryError("not-utf-8", f"is not UTF-8: {wrong.reason}") from None
