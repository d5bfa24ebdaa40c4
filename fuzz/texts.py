"""Fuzz the readers of short texts and of a client's JSON: `python -m fuzz.texts`."""

from collections.abc import Callable
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["ticketcore"]):
    from ticketcore.calendar import BusinessCalendar, Span, zone_of
    from ticketcore.commands import load_command
    from ticketcore.errors import TicketcoreError
    from ticketcore.events import Money, parse_instant
    from ticketcore.policies import load_policy, parse_templates
    from ticketcore.ticket import load_ticket

from fuzz._harness import fuzz

_OFFICE = load_policy("office")
_NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
_READERS: dict[bytes, tuple[Callable[[bytes], object], bytes]] = {
    b"span": (lambda data: Span.parse(_text(data)), b"2 working hours"),
    b"zone": (lambda data: zone_of(_text(data)), b"America/Argentina/Ushuaia"),
    b"hours": (
        lambda data: BusinessCalendar(zone="UTC", hours=_text(data)),
        b"mon-fri 09:00-12:30 13:30-17:00, sat 22:00-06:00",
    ),
    b"money": (lambda data: Money.parse(_text(data)), b"1234.50 EUR"),
    b"instant": (lambda data: parse_instant(_text(data)), b"2026-01-05T10:00:00.5+01:00"),
    b"templates": (
        lambda data: parse_templates(data, _OFFICE),
        b'[[template]]\nname = "t"\nlanguage = "de"\ntext = "{ticket}: {state}"\n',
    ),
    b"client": (
        lambda data: load_command(data, at=_NOW, by="customer"),
        b'{"command":"open","type":"incident","text":"x","fields":{"a":"1"},"tags":["b"]}',
    ),
    b"ticket": (
        load_ticket,
        b'{"opened_at":"2026-01-05T10:00:00.000000Z","type":"incident"}',
    ),
}


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def read(data: bytes) -> None:
    """Check that a text is refused with a typed error, or read."""
    name, _, text = data.partition(b"|")
    if name in _READERS:
        _READERS[name][0](text)


if __name__ == "__main__":
    seeds = [name + b"|" + seed for name, (_, seed) in _READERS.items()]
    fuzz(read, seeds, refuses=TicketcoreError)
