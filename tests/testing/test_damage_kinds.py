"""Damage of each kind, made once: what only some draws reach is reached here."""

from datetime import UTC, datetime

from ticketcore.events import BrokenHistory, Closed, Opened, Recorded, Unknown
from ticketcore.events import scan_histories as scan
from ticketcore.testing.strategies._damage import _cut, _headless, _unknown

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
WHOLE = [
    Recorded("1", 1, Opened(at=AT, by="customer", type="t", zone="UTC")),
    Recorded("1", 2, Closed(at=AT, by="customer")),
]


def test_an_unknown_event_breaks_nothing() -> None:
    """A history that ends with an event from the future is whole."""
    (found,) = scan(_unknown(WHOLE, 1))

    assert not isinstance(found, BrokenHistory)
    assert isinstance(found.events[-1], Unknown)


def test_what_is_cut_or_headless_is_broken() -> None:
    """Half a last line, or no first, is told as broken."""
    assert all(isinstance(found, BrokenHistory) for found in scan(_cut(WHOLE, 1)))
    assert all(isinstance(found, BrokenHistory) for found in scan(_headless(WHOLE, 1)))
