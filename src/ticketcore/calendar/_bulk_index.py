"""A search in a sorted array that knows already where to begin.

A binary search jumps about in memory a dozen times for each element. Here the range is cut
into buckets of 2**32 microseconds, a little more than an hour; each remembers its first
candidate, and few steps forward lead to the element.
"""

from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

Ticks: TypeAlias = NDArray[np.int64]

_BITS: Final = 32


@attrs.frozen(eq=False)
class Index:
    """The buckets of a sorted array, and the steps that suffice from any of them."""

    values: Ticks
    following: Ticks
    buckets: NDArray[np.int32]
    steps: int

    def last_up_to(self, keys: Ticks) -> NDArray[np.int32]:
        """Return for each key the index of the last value up to it.

        Keys lie between the first value and the end that the index was made for.
        """
        found: NDArray[np.int32] = self.buckets[(keys - self.values[0]) >> _BITS]
        for _ in range(self.steps):
            found += self.following[found] <= keys
        return found


def index_of(values: Ticks, end: int) -> Index:
    """Make the index of a sorted array for keys up to `end`."""
    count = ((end - int(values[0])) >> _BITS) + 2
    begins = values[0] + (np.arange(count, dtype=np.int64) << _BITS)
    buckets = (values.searchsorted(begins, "right") - 1).astype(np.int32)
    never = np.array([np.iinfo(np.int64).max])
    steps = int(np.diff(buckets).max())
    return Index(values, np.concatenate([values[1:], never]), buckets[:-1], steps)
