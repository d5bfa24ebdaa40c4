"""Spans as policies write them: `48 working hours`, `7 working days`, `6 days`, `24 hours`."""

import re
from datetime import timedelta
from typing import Final, Literal, TypeAlias, cast

import attrs

from ticketcore.errors import CalendarError

Unit: TypeAlias = Literal["second", "minute", "hour", "day", "week", "month", "year"]
Kind: TypeAlias = Literal["elapsed", "local", "open time", "open days"]

_CLOCK: Final = ("second", "minute", "hour")
_UNITS: Final = (*_CLOCK, "day", "week", "month", "year")
_WORKING: Final = (*_CLOCK, "day")
_KINDS: Final[dict[tuple[bool, bool], Kind]] = {
    (False, True): "elapsed",
    (False, False): "local",
    (True, True): "open time",
    (True, False): "open days",
}
_TEXT: Final = re.compile(r"(\d{1,99})\s+(working\s+)?([a-z]+?)s?", re.ASCII)


@attrs.frozen
class Span:
    """An amount of time, of the kind that its unit says.

    Seconds, minutes and hours elapse, in UTC. Days, weeks, months and years are calendar days:
    the same local time on another date. Working seconds, minutes and hours are open time;
    working days are open days, at the same local time, then on to the next open moment.

    Raises:
        CalendarError: the amount is negative, or the unit is not known or has no working form.

    """

    amount: int
    unit: Unit
    working: bool = False
    kind: Kind = attrs.field(init=False, eq=False, repr=False)
    delta: timedelta = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.unit not in (_WORKING if self.working else _UNITS) or self.amount < 0:
            raise _unreadable(str(self))
        # Found once, so that a deadline costs no more than the arithmetic.
        object.__setattr__(self, "kind", _KINDS[self.working, self.unit in _CLOCK])
        object.__setattr__(self, "delta", self._clock_time())

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read a span such as `48 working hours`, in the singular too.

        Raises:
            CalendarError: the text is no span.

        """
        if not isinstance(text, str):
            raise _unreadable(text)
        match = _TEXT.fullmatch(" ".join(text.split()))
        if match is None:
            raise _unreadable(text)
        amount, working, unit = match.groups()
        return cls(int(amount), cast(Unit, unit), working=working is not None)

    def __str__(self) -> str:
        """Write the form that `parse` reads."""
        unit = self.unit if self.amount == 1 else f"{self.unit}s"
        return f"{self.amount} working {unit}" if self.working else f"{self.amount} {unit}"

    def _clock_time(self) -> timedelta:
        if self.unit not in _CLOCK:
            return timedelta()
        try:
            return timedelta(**{f"{self.unit}s": self.amount})
        except OverflowError:
            raise CalendarError(f"the span {self} is longer than any calendar") from None


def _unreadable(text: object) -> CalendarError:
    return CalendarError(
        f"{text!r} is not a span: write a whole number and a unit, such as "
        f"'24 hours', '6 days', '2 months', '48 working hours' or '7 working days'"
    )
