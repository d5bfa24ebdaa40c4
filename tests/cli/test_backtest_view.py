"""Texts of the report of a backtest."""

from datetime import timedelta

import pytest

from ticketcore.cli.views._backtest import _lag


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (None, "0 min"),
        (timedelta(), "0 min"),
        (timedelta(minutes=33), "+33 min"),
        (timedelta(days=-9), "-9 d 0 h"),
    ],
)
def test_a_difference_has_its_two_largest_units(difference: timedelta | None, text: str) -> None:
    """A difference of zero is printed as zero minutes."""
    assert text == _lag(difference)
