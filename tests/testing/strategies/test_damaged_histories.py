"""Each kind of damage is made and reported as that kind."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from ticketcore.errors import HistoryError
from ticketcore.events import (
    BrokenHistory,
    Closed,
    Opened,
    Recorded,
    Unknown,
    read_histories,
    scan_histories,
)
from ticketcore.testing.strategies import DamagedHistory, damaged_histories
from ticketcore.testing.strategies._damaged_histories import _DAMAGES

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
WHOLE = [
    Recorded("1", 1, Opened(at=AT, by="customer", type="t", zone="UTC")),
    Recorded("1", 2, Closed(at=AT, by="customer")),
    Recorded("1", 3, Closed(at=AT, by="vendor")),
]


@pytest.mark.parametrize("index", range(len(_DAMAGES)))
@pytest.mark.parametrize("at", [1, 2])
def test_each_kind_of_damage_is_reported(index: int, at: int) -> None:
    """Each kind of damage to a history is reported as that kind."""
    damage, problem, apply_damage = _DAMAGES[index]
    (result,) = scan_histories(apply_damage(WHOLE, at))
    reported = result.error if isinstance(result, BrokenHistory) else None

    assert problem == getattr(reported, "problem", None), damage
    if not isinstance(result, BrokenHistory):
        assert isinstance(result.events[-1], Unknown), damage


@given(damaged_histories())
def test_drawn_damage_is_reported(damaged: DamagedHistory) -> None:
    """A reader refuses drawn histories with the drawn problem, and keeps an unknown event."""
    if damaged.problem is None:
        (history,) = read_histories(damaged.lines)
        assert isinstance(history.events[-1], Unknown)
        return
    with pytest.raises(HistoryError) as refused:
        list(read_histories(damaged.lines))
    assert damaged.problem == refused.value.problem
