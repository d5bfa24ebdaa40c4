"""Service figures (K11): each number with its definition beside it."""

from datetime import timedelta
from types import MappingProxyType

import attrs

from ticketcore.events import Money


@attrs.frozen
class Ratio:
    """So many of so many; *value* is None where there are none."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The ratio as a number."""
        return self.part / self.whole if self.whole else None


@attrs.frozen(kw_only=True)
class Spread:
    """How long something took: *median* and *p90* are the shortest times within which half and
    nine tenths of the *count* were done, both None where there are none."""

    count: int
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, seconds: list[float]) -> "Spread":
        """Of times in seconds, which are sorted by this."""
        seconds.sort()
        return cls(count=len(seconds), median=_rank(seconds, 5), p90=_rank(seconds, 9))


def _rank(ordered: list[float], tenths: int) -> timedelta | None:
    """The nearest rank: a time that occurred, never one between two."""
    place = (len(ordered) * tenths + 9) // 10 - 1
    return timedelta(seconds=ordered[place]) if ordered else None


def _defined(definition: str) -> dict[str, str]:
    return {"definition": definition}


@attrs.frozen(kw_only=True)
class Figures:
    """The service figures of one group of tickets. `DEFINITIONS` says what each of them means."""

    group: str = attrs.field(
        metadata=_defined(
            "a day, ISO week or month in the ticket's time zone; or the storefront, type or team "
            "that a ticket has at its end"
        )
    )
    tickets: int = attrs.field(metadata=_defined("tickets opened in the period"))
    first_in_time: Ratio = attrs.field(
        metadata=_defined(
            "first answers in time, of the first answers that tickets were owed, in the period in "
            "which they became owed"
        )
    )
    in_time: Ratio = attrs.field(
        metadata=_defined(
            # K9: an interim notice is no answer.
            "answers in time, of all that were owed, in the period in which they became owed: not "
            "late is one at the very instant it was due; an interim notice is none; one that is "
            "owed but not due yet, and one that another made needless in time, is not counted"
        )
    )
    waiting: Spread = attrs.field(
        metadata=_defined(
            "how long customers waited for answers that came, from when they began to wait, "
            "whoever was passed the ticket meanwhile"
        )
    )
    waiting_working: Spread = attrs.field(
        metadata=_defined(
            "the same, in working time of the calendar that the answer was due by, where it was"
        )
    )
    solution: Spread = attrs.field(
        metadata=_defined(
            "from the opening of a ticket that is closed to the answer that solved it, or to its "
            "closing where none claimed to; in the period of the opening"
        )
    )
    reopenings: int = attrs.field(metadata=_defined("closed tickets reopened in the period"))
    warnings: int = attrs.field(metadata=_defined("warnings given by timers in the period"))
    refunds: int = attrs.field(
        metadata=_defined("refunds in the period, those that failed later excepted")
    )
    refunded: tuple[Money, ...] = attrs.field(
        metadata=_defined("the money of these refunds, by currency")
    )
    per_unit: Ratio = attrs.field(
        metadata=_defined(
            "tickets per order unit: how often order units are the subject of a ticket opened in "
            "the period, of the units that are"
        )
    )


DEFINITIONS = MappingProxyType(
    {field.name: str(field.metadata["definition"]) for field in attrs.fields(Figures)}
)
"""What each figure means, by its name."""
