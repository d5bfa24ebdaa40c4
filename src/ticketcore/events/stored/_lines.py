"""An event as one line of a history file, and back.

A line is a JSON object with its keys in a fixed order:

    {"ticket", "seq", "event", "schema", "occurred_at", "recorded_at", "command_id", "derived",
     "data"}

where ``recorded_at`` and ``command_id`` are left out if None, and ``derived`` if false.

Lines are read in three ways, each slower than the one before and each giving the same result:

1. `LineReader` remembers recent lines. Many lines of a log repeat an earlier one except for the
   ticket, the instant and the acting person. For such a line the reader copies the earlier event
   with the new instant and actor, and reads no JSON. The memory is a dictionary keyed by the
   bytes of the line without those three parts; it holds short lines only, and is emptied when it
   is full.
2. `_HEAD` matches the beginning of a line in the exact form that `to_line` writes. Only the body
   is then read as JSON.
3. Any other JSON object with these keys is read as a whole. This way finds the mistakes.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from ticketcore._internal.declared import STORABLE, VISIBLE, is_storable
from ticketcore._internal.fast_attrs import fast_copy
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import EXAMPLE, FORM, format_instant, instant_in
from ticketcore._internal.json_text import decode, decode_from, encode, json_problem
from ticketcore._internal.limits import MAX_LINE_BYTES
from ticketcore._internal.strict_json import reader
from ticketcore._internal.terminal import has_visible
from ticketcore.errors import CodecError, HistoryError
from ticketcore.events._events import Event, Recorded, Unknown
from ticketcore.events.stored._codec import dump_event, load_event

_Place: TypeAlias = tuple[str, int, Event, datetime | None]
"""Ticket, sequence number, event, and the instant at which a store recorded it."""

_PLACE = r'\{"ticket":"([^"\\\x00-\x1f]+)","seq":([1-9][0-9]{0,8}),'
_HEAD = re.compile(  # reading the whole object checks ids without a visible ASCII character
    r'(?=\{"ticket":"[^"]*[!#-~])'
    + _PLACE
    + r'"event":"([a-z-]+)","schema":([1-9][0-9]{0,8}),'
    + f'"occurred_at":"({FORM})",(?:"recorded_at":"({FORM})",)?'
    + r'(?:"command_id":"([^"\\\x00-\x1f]*[!#-\[\]-~][^"\\\x00-\x1f]*)",)?'
    + r'("derived":true,)?"data":'
)
_BEGINNING = re.compile(_PLACE)
_ENDS = ("}\n", "}", "}\r\n")

# The parts of a line that an equal line shares: from the sequence number to the instant, from
# there to the actor, the key of the actor, and the rest.
_Shared: TypeAlias = tuple[bytes, bytes, bytes, bytes]
_PLAIN = bytes(set(range(32, 127)) - set(b'"\\'))  # characters that JSON writes as they are
_PLAIN_PLACE = re.compile(rb'\{"ticket":"(?! *")([%b]+)","seq":' % re.escape(_PLAIN))
_WIDTH = len(EXAMPLE)
_MAX_SHARED = 200  # bytes of a line's shared parts that are remembered
_MAX_REMEMBERED = 256  # lines


def to_line(recorded: Recorded) -> str:
    """Return *recorded* as a line of JSON in its one form, without the end of the line.

    Raises CodecError for values that could not be read again: a ticket number or command id
    without a visible character or with one that databases refuse, a sequence number below 1, an
    Unknown that this version can read or whose body is not a JSON object, numbers with thousands
    of digits, a line above the limit.
    """
    _check_id("ticket", recorded.ticket)
    if recorded.event.command_id is not None:
        _check_id("command_id", recorded.event.command_id)
    if type(recorded.seq) is not int or recorded.seq < 1:
        raise CodecError("seq", recorded.seq, "a number from 1")
    event = recorded.event
    name, schema, body = dump_event(event)
    ticket, seq = encode(recorded.ticket), _encoded("seq", recorded.seq)
    line = f'{{"ticket":{ticket},"seq":{seq},"event":{encode(name)},"schema":{schema},'
    line += f'"occurred_at":"{format_instant(event.at)}",'
    if recorded.recorded_at is not None:
        line += f'"recorded_at":"{format_instant(recorded.recorded_at)}",'
    if event.command_id is not None:
        line += f'"command_id":{encode(event.command_id)},'
    if event.derived:
        line += '"derived":true,'
    line += f'"data":{_encoded("data", body)}}}'
    if len(line) > MAX_LINE_BYTES:
        found = f"a line of {len(line):,} bytes"
        raise CodecError("data", found, f"a line of at most {MAX_LINE_BYTES:,} bytes")
    return line


def _encoded(path: str, value: object) -> str:
    try:
        return encode(value)
    except ValueError as wrong:  # a number with thousands of digits
        raise CodecError(path, str(wrong), "numbers that can be written") from None


def from_line(line: str | bytes) -> Recorded:
    """Return the event that :func:`to_line` wrote.

    Raises HistoryError for a line that is not JSON (``not-utf-8``, ``blank``, ``not-json``) and
    CodecError for JSON that is not an event.
    """
    return Recorded(*_read(line))


class LineReader:
    """A reader of lines that follow each other; it reads equal content once."""

    def __init__(self) -> None:
        self._ticket = ""
        self._beginning = b"\n"  # of a line of that ticket, up to its sequence number
        self._remembered: dict[_Shared, tuple[int, Event, Callable[..., Event]]] = {}

    def read(self, line: str | bytes) -> tuple[str, int, Event]:
        """Return ticket, sequence number and event of *line*. Raises as :func:`from_line` does."""
        if not isinstance(line, bytes) or not (
            line.startswith(self._beginning) or self._change_ticket(line)
        ):
            return _read(line)[:3]
        head, _, rest = line[len(self._beginning) :].partition(b',"occurred_at":"')
        before, key, after = rest[_WIDTH:].partition(b'"actor":"')
        if key:
            actor, _, after = after.partition(b'"')
        at = instant_in(rest[:_WIDTH])
        if at is None or (key and actor.translate(None, _PLAIN)):
            return _read(line)[:3]
        shared = head, before, key, after
        remembered = self._remembered.get(shared)
        if remembered is None:
            ticket, seq, event, _ = _read(line)
            self._remember(shared, actor.decode() if key else None, seq, event)
            return ticket, seq, event
        seq, event, copy = remembered
        return self._ticket, seq, copy(event, at, actor.decode()) if key else copy(event, at)

    def _change_ticket(self, line: bytes) -> bool:
        place = _PLAIN_PLACE.match(line)
        if place is None:
            return False
        self._ticket, self._beginning = place[1].decode(), place[0]
        return True

    def _remember(self, shared: _Shared, actor: str | None, seq: int, event: Event) -> None:
        if isinstance(event, Unknown) or event.actor != actor:
            return  # such an event may have its instant or its actor elsewhere in the line
        if sum(map(len, shared)) > _MAX_SHARED:
            return
        if len(self._remembered) >= _MAX_REMEMBERED:
            self._remembered.clear()
        changed = ("at",) if actor is None else ("at", "actor")
        self._remembered[shared] = seq, event, fast_copy(type(event), *changed)


def _read(line: str | bytes) -> _Place:
    text = _decoded(line)
    if len(text) > MAX_LINE_BYTES + 1:  # with its end
        raise HistoryError("too-long", f"the line has more than {MAX_LINE_BYTES:,} bytes")
    head = _HEAD.match(text)
    if head:
        ticket, seq, name, schema, instant, recorded, command_id, derived = head.groups()
        try:
            at = datetime.fromisoformat(instant)
            recorded_at = datetime.fromisoformat(recorded) if recorded else None
            body, end = decode_from(text, head.end())
            if text[end:] in _ENDS:
                event = load_event(
                    name,
                    int(schema),
                    at,
                    body,
                    command_id=command_id,
                    derived=derived is not None,
                )
                return ticket, int(seq), event, recorded_at
        except (ValueError, StopIteration, RecursionError):
            pass  # reading the whole object says what is wrong
    return _read_any_json(text)


def place_of(line: str | bytes) -> tuple[str | None, int | None]:
    """Return ticket and sequence number of *line*, or None for those that cannot be read."""
    try:
        text = _decoded(line)
        beginning = _BEGINNING.match(text)
        if beginning or len(text) > MAX_LINE_BYTES + 1:
            return (beginning[1], int(beginning[2])) if beginning else (None, None)
        whole = decode(text)
    except ValueError:
        return None, None
    if type(whole) is not dict:
        return None, None
    ticket, seq = whole.get("ticket"), whole.get("seq")
    return ticket if type(ticket) is str else None, seq if type(seq) is int else None


@frozen
class _Line(Value):
    """The keys of a line."""

    ticket: str
    seq: int
    event: str
    schema: int
    occurred_at: datetime
    data: Any  # read by the codec
    recorded_at: datetime | None = None
    command_id: str | None = None
    derived: bool = False


@cache
def _reader_of_keys() -> Callable[..., _Line]:
    return reader(_Line)


def _read_any_json(text: str) -> _Place:
    if not text.strip():
        raise HistoryError("blank", "blank line")
    try:
        whole = decode(text)
    except ValueError as wrong:
        raise HistoryError("not-json", f"not JSON: {json_problem(wrong)}") from None
    try:
        line = _reader_of_keys()(whole)
        _check_id("ticket", line.ticket)
        if line.command_id is not None:
            _check_id("command_id", line.command_id)
        if not line.event:
            raise CodecError("event", "", "text that is not empty")
        for name in ("seq", "schema"):
            if getattr(line, name) < 1:
                raise CodecError(name, getattr(line, name), "a number from 1")
        event = load_event(
            line.event,
            line.schema,
            line.occurred_at,
            line.data,
            command_id=line.command_id,
            derived=line.derived,
        )
    except CodecError as wrong:
        place = place_of(text)
        raise CodecError(
            wrong.path, wrong.value, wrong.expected, ticket=place[0], seq=place[1]
        ) from None
    return line.ticket, line.seq, event, line.recorded_at


def _check_id(key: str, found: object) -> None:
    """Raise CodecError for an id that nobody can see or no database can store."""
    if type(found) is not str or not has_visible(found):
        raise CodecError(key, found, VISIBLE)
    if not is_storable(found):
        raise CodecError(key, found, STORABLE)


def _decoded(line: str | bytes) -> str:
    if isinstance(line, str):
        return line
    if not isinstance(line, bytes):
        raise CodecError("", line, "a line as text or bytes")
    try:
        return line.decode()
    except UnicodeDecodeError as wrong:
        raise HistoryError("not-utf-8", f"not UTF-8: {wrong.reason}") from None
