"""Sets of instants as half-open intervals in order, apart from each other, all in UTC."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

Interval: TypeAlias = tuple[datetime, datetime]

_NEVER: Final = (datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))


def merge(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Yield intervals, given in order of their beginnings, with those that touch made one."""
    remaining = iter(intervals)
    begin, end = next(remaining, _NEVER)
    for following, following_end in remaining:
        if following > end:
            yield begin, end
            begin, end = following, following_end
        elif following_end > end:
            end = following_end
    if begin < end:
        yield begin, end


def difference(intervals: Iterable[Interval], taken: Sequence[Interval]) -> Iterator[Interval]:
    """Yield what is in `intervals` but not in `taken`."""
    ends = [end for _, end in taken]
    for begin, end in intervals:
        rest = begin
        for taken_begin, taken_end in taken[bisect_right(ends, begin) :]:
            if taken_begin >= end:
                break
            if rest < taken_begin:
                yield rest, taken_begin
            rest = taken_end
        if rest < end:
            yield rest, end


def intersection(intervals: Iterable[Interval], others: Sequence[Interval]) -> Iterator[Interval]:
    """Yield what is in both."""
    ends = [end for _, end in others]
    for begin, end in intervals:
        for other_begin, other_end in others[bisect_right(ends, begin) :]:
            if other_begin >= end:
                break
            yield max(begin, other_begin), min(end, other_end)
