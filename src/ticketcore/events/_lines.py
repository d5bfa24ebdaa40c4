"""An event as one line of a history file: its place, its instant and its body, as JSON."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

import attrs

from ticketcore._making import changer
from ticketcore.errors import CodecError, HistoryError
from ticketcore.events._codec import dump_event, load_event
from ticketcore.events._converter import reader
from ticketcore.events._events import Event, Recorded, Unknown
from ticketcore.events._instants import EXAMPLE, FORM, format_instant, instant_in
from ticketcore.events._json import decode, decode_from, encode

# A line as to_line writes it is read by its head, in half the time that JSON takes; any other
# way to write the same JSON is read too.
_PLACE = r'\{"ticket":"([^"\\\x00-\x1f]+)","seq":([1-9][0-9]{0,8}),'
_HEAD = re.compile(
    _PLACE
    + r'"event":"([a-z-]+)","schema":([1-9][0-9]{0,8}),"occurred_at":"'
    + f'({FORM})","data":'
)
_BEGINNING = re.compile(_PLACE)
_ENDS = ("}\n", "}", "}\r\n")

# What a line has in common with others, in pieces: from its number on to its instant, after that
# to who it was, the name of that field, and after that to its end.
_Words: TypeAlias = tuple[bytes, bytes, bytes, bytes]
_PLAIN = bytes(set(range(32, 127)) - set(b'"\\'))  # letters that JSON writes as they are
_PLAIN_PLACE = re.compile(rb'\{"ticket":"([%b]+)","seq":' % re.escape(_PLAIN))
_WIDTH = len(EXAMPLE)
_SHORT = 200  # bytes that are remembered of a line
_KEPT = 256  # lines


def to_line(recorded: Recorded) -> str:
    """*recorded* as a line of JSON in its one form, without the line's end.

    Raises CodecError for what could not be read again: a ticket without a number, a sequence that
    does not begin at 1, an Unknown that is known, or has no name, schema or body to write, halves
    of a character (surrogates) beside each other, numbers of thousands of digits.
    """
    if type(recorded.ticket) is not str or not recorded.ticket:
        raise CodecError("ticket", recorded.ticket, "text that is not empty")
    if type(recorded.seq) is not int or recorded.seq < 1:
        raise CodecError("seq", recorded.seq, "a number from 1")
    name, schema, body = dump_event(recorded.event)
    ticket, seq = _encoded("ticket", recorded.ticket), _encoded("seq", recorded.seq)
    data = _encoded("data", body)
    return (
        f'{{"ticket":{ticket},"seq":{seq},"event":{encode(name)},"schema":{schema},'
        f'"occurred_at":"{format_instant(recorded.event.at)}","data":{data}}}'
    )


def _encoded(path: str, value: object) -> str:
    try:
        text = encode(value)
    except ValueError as wrong:  # a number with thousands of digits
        raise CodecError(path, str(wrong), "numbers that can be written") from None
    if "\\ud" in text and decode(text) != value:  # halves that are a whole when read
        raise CodecError(path, value, "text without half characters")
    return text


def from_line(line: str | bytes) -> Recorded:
    """The event that :func:`to_line` wrote.

    Raises HistoryError for what is not JSON (``not-utf-8``, ``blank``, ``not-json``) and
    CodecError for JSON that is no event.
    """
    return Recorded(*_read(line))


class LineReader:
    """Reads lines one after another; what one says in the words of another it reads once.

    Many lines of a log repeat one before them, but for the ticket, the instant and who it was.
    """

    def __init__(self) -> None:
        self._ticket = ""
        self._place = b"\n"  # how lines of that ticket begin
        self._known: dict[_Words, tuple[int, Event, Callable[..., Event]]] = {}

    def read(self, line: str | bytes) -> tuple[str, int, Event]:
        """Ticket, sequence number and event of *line*. Raises what :func:`from_line` raises."""
        if not isinstance(line, bytes) or not (
            line.startswith(self._place) or self._turns_to_ticket_of(line)
        ):
            return _read(line)
        kind, _, rest = line[len(self._place) :].partition(b',"occurred_at":"')
        before, named, after = rest[_WIDTH:].partition(b'"actor":"')
        if named:
            actor, _, after = after.partition(b'"')
        at = instant_in(rest[:_WIDTH])
        if at is None or (named and actor.translate(None, _PLAIN)):
            return _read(line)
        words = kind, before, named, after
        known = self._known.get(words)
        if known is None:
            read = _read(line)
            self._remember(words, actor.decode() if named else None, *read[1:])
            return read
        seq, event, change = known
        return self._ticket, seq, change(event, at, actor.decode()) if named else change(event, at)

    def _turns_to_ticket_of(self, line: bytes) -> bool:
        place = _PLAIN_PLACE.match(line)
        if place is None:
            return False
        self._ticket, self._place = place[1].decode(), place[0]
        return True

    def _remember(self, words: _Words, actor: str | None, seq: int, event: Event) -> None:
        if isinstance(event, Unknown) or getattr(event, "actor", None) != actor:
            return  # what is not known may have an instant or a person elsewhere
        if sum(map(len, words)) > _SHORT:
            return
        if len(self._known) >= _KEPT:
            self._known.clear()
        cls: Any = type(event)
        change = _changer(cls, "at") if actor is None else _changer(cls, "at", "actor")
        self._known[words] = seq, event, change


_changer = cache(changer)


def _read(line: str | bytes) -> tuple[str, int, Event]:
    text = _decoded(line)
    head = _HEAD.match(text)
    if head:
        ticket, seq, name, schema, instant = head.groups()
        try:
            at = datetime.fromisoformat(instant)
            body, end = decode_from(text, head.end())
            if text[end:] in _ENDS:
                return ticket, int(seq), load_event(name, int(schema), at, body)
        except (ValueError, StopIteration, RecursionError):
            pass  # the slow way says what is wrong
    return _read_any_json(text)


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
    event: str
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
        for name in ("ticket", "event"):
            if not getattr(line, name):
                raise CodecError(name, "", "text that is not empty")
        for name in ("seq", "schema"):
            if getattr(line, name) < 1:
                raise CodecError(name, getattr(line, name), "a number from 1")
        event = load_event(line.event, line.schema, line.occurred_at, line.data)
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
