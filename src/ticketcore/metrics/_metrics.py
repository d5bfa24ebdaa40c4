"""The service metrics of one group of tickets, each with its definition (K11)."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import attrs

from ticketcore.events import Money

Grouping: TypeAlias = Literal["day", "week", "month", "storefront", "type", "team"]
"""A property of tickets, or a period, by which metrics are grouped."""

GROUP_DEFINITION = (
    "A day, ISO week or month in the ticket's time zone; the storefront, type, team or a field of "
    "the ticket after its last event; or several of them."
)

RecordValue: TypeAlias = str | int | float | None


@attrs.frozen
class Ratio:
    """*part* of *whole*. *value* is the quotient, `None` if *whole* is zero."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The quotient of *part* and *whole*."""
        return self.part / self.whole if self.whole else None


@attrs.frozen(kw_only=True)
class Spread:
    """The distribution of *count* durations.

    Half of them took no longer than *median*, nine out of ten no longer than *p90*. Both are
    durations that occurred, or `None` if *count* is zero.
    """

    count: int
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, seconds: list[float]) -> "Spread":
        """Return the spread of durations in seconds. Sorts the list in place."""
        seconds.sort()
        return cls(count=len(seconds), median=_rank(seconds, 5), p90=_rank(seconds, 9))


def _rank(ordered: list[float], tenths: int) -> timedelta | None:
    """Return the duration at the nearest rank, so never a mean of two."""
    place = (len(ordered) * tenths + 9) // 10 - 1
    return timedelta(seconds=ordered[place]) if ordered else None


def defined(definition: str) -> dict[str, str]:
    """Return the metadata of a metric: a sentence that says what it counts."""
    return {"definition": definition}


@attrs.frozen(kw_only=True)
class Metrics:
    """The service metrics of one group of tickets. `DEFINITIONS` explains each of them."""

    group: Mapping[str, str] = attrs.field(metadata=defined(GROUP_DEFINITION))
    tickets: int = attrs.field(metadata=defined("Tickets opened in the period."))
    first_in_time: Ratio = attrs.field(
        metadata=defined("Share of first answers that came in time.")
    )
    in_time: Ratio = attrs.field(metadata=defined("Share of all answers that came in time."))
    waiting: Spread = attrs.field(
        metadata=defined(
            "How long customers waited for an answer that came. Passing the ticket on does not "
            "restart it."
        )
    )
    waiting_working: Spread = attrs.field(
        metadata=defined(
            "The same in working time of the deadline's calendar. Answers without a deadline are "
            "left out."
        )
    )
    solution: Spread = attrs.field(
        metadata=defined(
            "Time from the opening to the reply that solved the ticket, or to the closing if no "
            "reply claims to solve it. Counts closed tickets only."
        )
    )
    reopenings: int = attrs.field(
        metadata=defined("How often closed tickets were reopened in the period.")
    )
    warnings: int = attrs.field(metadata=defined("Warnings that timers gave in the period."))
    refunds: int = attrs.field(
        metadata=defined("Refunds made in the period, without those that failed later.")
    )
    refunded: tuple[Money, ...] = attrs.field(
        metadata=defined("The money of these refunds, per currency.")
    )
    per_unit: Ratio = attrs.field(
        metadata=defined(
            "Average number of tickets for each order unit that a ticket of the period is about."
        )
    )


DEFINITIONS = MappingProxyType(
    {field.name: str(field.metadata["definition"]) for field in attrs.fields(Metrics)}
)
"""The meaning of each metric, by its name. docs/reference/metrics.md has the same texts."""


def to_record(metrics: attrs.AttrsInstance) -> dict[str, RecordValue]:
    """Return `Metrics` or `TimerMetrics` as one flat record, for JSON, CSV or a database row.

    The record begins with one value for each grouping, such as ``month``. Durations are seconds,
    money is text such as ``"49.00 USD"``. Each ratio is followed by its whole under the name with
    ``_of``, such as ``in_time_of``. A spread becomes three values with the endings ``_median``,
    ``_p90`` and ``_count``.
    """
    record: dict[str, RecordValue] = {}
    for field in attrs.fields(type(metrics)):
        record |= _entries(field.name, getattr(metrics, field.name))
    return record


def _entries(name: str, value: Any) -> Mapping[str, RecordValue]:
    match value:
        case Ratio():
            return {name: value.value, f"{name}_of": value.whole}
        case Spread():
            return {
                f"{name}_median": _seconds(value.median),
                f"{name}_p90": _seconds(value.p90),
                f"{name}_count": value.count,
            }
        case timedelta():
            return {name: value.total_seconds()}
        case tuple():
            return {name: ", ".join(map(str, value))}
        case Mapping():
            return value
        case _:
            return {name: value}


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()
