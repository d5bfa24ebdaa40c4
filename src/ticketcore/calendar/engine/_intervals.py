"""Sets of instants as sorted, disjoint, half-open intervals in UTC."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

Interval: TypeAlias = tuple[datetime, datetime]

_EMPTY: Final = (datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))


def merge(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Join intervals that touch or overlap. The input must be sorted by start."""
    remaining = iter(intervals)
    begin, end = next(remaining, _EMPTY)
    for following, following_end in remaining:
        if following > end:
            yield begin, end
            begin, end = following, following_end
        elif following_end > end:
            end = following_end
    if begin < end:
        yield begin, end


def difference(intervals: Iterable[Interval], removed: Sequence[Interval]) -> Iterator[Interval]:
    """Yield the parts of *intervals* that lie outside *removed*."""
    ends = [end for _, end in removed]
    for begin, end in intervals:
        rest = begin
        for removed_begin, removed_end in removed[bisect_right(ends, begin) :]:
            if removed_begin >= end:
                break
            if rest < removed_begin:
                yield rest, removed_begin
            rest = removed_end
        if rest < end:
            yield rest, end


def intersection(intervals: Iterable[Interval], others: Sequence[Interval]) -> Iterator[Interval]:
    """Yield the parts of *intervals* that also lie in *others*."""
    ends = [end for _, end in others]
    for begin, end in intervals:
        for other_begin, other_end in others[bisect_right(ends, begin) :]:
            if other_begin >= end:
                break
            yield max(begin, other_begin), min(end, other_end)
