"""Service figures as flat records, for JSON, a CSV file, a data frame or a table of a database."""

from datetime import timedelta
from typing import TypeAlias

from ticketcore.metrics._metrics import Figures, Ratio, Spread

Value: TypeAlias = str | int | float | None


def record(figures: Figures) -> dict[str, Value]:
    """The figures of a group under one name each: times in seconds, money as ``"49.00 USD"``.

    A ratio is given with what it is of, such as ``in_time`` and ``in_time_of``; a spread as its
    median and p90, with ``_count`` of how many.
    """
    return {
        "group": figures.group,
        "tickets": figures.tickets,
        **_ratio("first_in_time", figures.first_in_time),
        **_ratio("in_time", figures.in_time),
        **_spread("waiting", figures.waiting),
        **_spread("waiting_working", figures.waiting_working),
        **_spread("solution", figures.solution),
        "reopenings": figures.reopenings,
        "warnings": figures.warnings,
        "refunds": figures.refunds,
        "refunded": ", ".join(map(str, figures.refunded)),
        **_ratio("per_unit", figures.per_unit),
    }


def _ratio(name: str, ratio: Ratio) -> dict[str, Value]:
    return {name: ratio.value, f"{name}_of": ratio.whole}


def _spread(name: str, spread: Spread) -> dict[str, Value]:
    return {
        f"{name}_median": _seconds(spread.median),
        f"{name}_p90": _seconds(spread.p90),
        f"{name}_count": spread.count,
    }


def _seconds(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds()
