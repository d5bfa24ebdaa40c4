"""Damage of each kind, made once: what only some draws reach is reached here."""

from datetime import UTC, datetime

import pytest

from ticketcore.events import BrokenHistory, Closed, Opened, Recorded, Unknown
from ticketcore.events import scan_histories as scan
from ticketcore.testing.strategies._damage import _DAMAGES

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
WHOLE = [
    Recorded("1", 1, Opened(at=AT, by="customer", type="t", zone="UTC")),
    Recorded("1", 2, Closed(at=AT, by="customer")),
    Recorded("1", 3, Closed(at=AT, by="vendor")),
]


@pytest.mark.parametrize("kind", range(len(_DAMAGES)))
@pytest.mark.parametrize("at", [1, 2])
def test_each_damage_is_found_as_what_it_is(kind: int, at: int) -> None:
    """At the place where it was done, or not at all where it is none."""
    what, problem, harm = _DAMAGES[kind]
    (found,) = scan(harm(WHOLE, at))

    told = getattr(found.error, "problem", None) if isinstance(found, BrokenHistory) else None
    assert problem == told, what
    if not isinstance(found, BrokenHistory):
        assert isinstance(found.events[-1], Unknown), what
