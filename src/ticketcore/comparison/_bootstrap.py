"""Bootstrap intervals of the difference between two policies, paired by order.

The tickets of one order are not independent, so an order is drawn with all its tickets. Both
policies are applied to the same tickets, so the differences per order are drawn, not the totals:
the intervals of two totals may overlap although every order differs in the same direction.

Orders with the same difference are drawn together, as a count. This is fast, because most orders
have the difference 0. The result depends on how often each difference occurs, and not on the order
of the tickets. It is exactly reversed if the policies are exchanged.
"""

from collections.abc import Mapping
from typing import Final

import attrs
import numpy as np

DRAWS: Final = 2000
_SEED: Final = 20260105
_TAIL: Final = DRAWS // 40  # 2.5 % of the draws lie below the interval, 2.5 % above


@attrs.frozen
class ConfidenceInterval:
    """The range that holds 95 % of the bootstrap's draws."""

    low: int
    high: int


def interval_of(differences: Mapping[int, int]) -> ConfidenceInterval:
    """Return the interval of a sum, from the number of orders with each difference."""
    values = sorted(differences)
    mirrored = sorted(-value for value in values)
    if [(v, differences[-v]) for v in mirrored] < [(v, differences[v]) for v in values]:
        low_high = interval_of({-value: count for value, count in differences.items()})
        return ConfidenceInterval(-low_high.high, -low_high.low)
    orders = sum(differences.values())
    if not orders:
        return ConfidenceInterval(0, 0)
    shares = np.array([differences[value] for value in values]) / orders
    drawn = np.random.default_rng(_SEED).multinomial(orders, shares, size=DRAWS)
    totals = np.sort(drawn @ np.array(values, dtype=np.int64))
    return ConfidenceInterval(int(totals[_TAIL]), int(totals[-1 - _TAIL]))
