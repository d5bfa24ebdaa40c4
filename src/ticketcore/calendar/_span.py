"""Spans as policies write them: `48 working hours`, `7 working days`, `6 days`, `24 hours`.

A new unit takes two steps: its name in `Unit`, and its length in `_length_of`. The type checker
reports a unit without a length.
"""

import re
from datetime import timedelta
from typing import Final, Literal, NamedTuple, TypeAlias, assert_never, get_args

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar.engine._instants import NO_TIME
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

Unit: TypeAlias = Literal["second", "minute", "hour", "day", "week", "month", "year"]
Kind: TypeAlias = Literal["elapsed", "calendar", "open time", "open days"]


class _Length(NamedTuple):
    """The length of one unit: a fixed time, or a number of days and months of the calendar."""

    time: timedelta = NO_TIME
    days: int = 0
    months: int = 0


def _length_of(unit: Unit) -> _Length:
    match unit:
        case "second":
            return _Length(time=timedelta(seconds=1))
        case "minute":
            return _Length(time=timedelta(minutes=1))
        case "hour":
            return _Length(time=timedelta(hours=1))
        case "day":
            return _Length(days=1)
        case "week":
            return _Length(days=7)
        case "month":
            return _Length(months=1)
        case "year":
            return _Length(months=12)
        case _:
            assert_never(unit)


_UNITS: Final[dict[str, Unit]] = {unit: unit for unit in get_args(Unit)}
_LENGTHS: Final = {unit: _length_of(unit) for unit in _UNITS.values()}
_WORKING: Final = frozenset(
    unit for unit, length in _LENGTHS.items() if length.time or length == _Length(days=1)
)
_TEXT: Final = re.compile(
    r"(?P<amount>\d{1,99}) (?P<working>working )?(?P<unit>[a-z]+?)s?", re.ASCII
)

# Other ways to write a span, for suggestions in messages.
_ISO: Final = r"p(?:([0-9]{1,9})([ymwd])|t([0-9]{1,9})([hms]))"
_ISO_DATE: Final = {"y": "year", "m": "month", "w": "week", "d": "day"}
_ISO_TIME: Final = {"h": "hour", "m": "minute", "s": "second"}
_LOOSE: Final = r"(\d{1,9})[ -]?(?:(business|working|work|office|open)[ -]?)?([a-z]+)\.?"
_SYNONYMS: Final = {
    **_ISO_DATE,
    **_ISO_TIME,
    **dict.fromkeys(("sec", "secs"), "second"),
    **dict.fromkeys(("min", "mins"), "minute"),
    **dict.fromkeys(("hr", "hrs"), "hour"),
    **dict.fromkeys(("wk", "wks"), "week"),
    **dict.fromkeys(("mth", "mths", "mo"), "month"),
    **dict.fromkeys(("yr", "yrs"), "year"),
}


@frozen
class Span(Value):
    """An amount of time. The unit decides how it is counted.

    | kind | units | counts |
    |---|---|---|
    | `"elapsed"` | seconds, minutes, hours | elapsed time, in UTC |
    | `"calendar"` | days, weeks, months, years | dates, to the same local time |
    | `"open time"` | working seconds, minutes, hours | open time of a calendar |
    | `"open days"` | working days | working dates, to the same local time or the next opening |

    `delta` is the elapsed or open time. `days` and `months` are calendar days and months; `days`
    also holds working days.

    Raises:
        CalendarError: the amount is negative, or the unit is unknown or has no working form.

    """

    amount: int
    unit: Unit
    working: bool = False
    kind: Kind = attrs.field(init=False, eq=False, repr=False)
    delta: timedelta = attrs.field(init=False, eq=False, repr=False)
    days: int = attrs.field(init=False, eq=False, repr=False)
    months: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        is_typed = type(self.amount) is int and type(self.unit) is str
        known = _WORKING if self.working else _LENGTHS
        if not is_typed or self.unit not in known or self.amount < 0:
            raise _not_a_span(str(self))
        length = _LENGTHS[self.unit]
        # Computed once, so that a deadline costs only the arithmetic.
        object.__setattr__(self, "kind", _kind(bool(length.time), self.working))
        object.__setattr__(self, "delta", self._multiply(length.time))
        object.__setattr__(self, "days", length.days * self.amount)
        object.__setattr__(self, "months", length.months * self.amount)

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read a span such as `48 working hours` or `1 day`.

        Raises:
            CalendarError: the text is not a span. The message suggests the right form of common
                ways to write one, such as `48h`, `3 business days` or `PT1H`.

        """
        if not isinstance(text, str):
            raise _not_a_span(text)
        match = _TEXT.fullmatch(" ".join(text.split()))
        unit = _UNITS.get(match["unit"]) if match else None
        if match is None or unit is None:
            raise _not_a_span(text)
        working = match["working"] is not None
        if working and unit not in _WORKING:
            raise _not_a_span(text)
        return cls(int(match["amount"]), unit, working=working)

    def __str__(self) -> str:
        """Return the form that `parse` reads."""
        unit = self.unit if self.amount == 1 else f"{self.unit}s"
        return f"{self.amount} working {unit}" if self.working else f"{self.amount} {unit}"

    def _multiply(self, time: timedelta) -> timedelta:
        try:
            return time * self.amount
        except OverflowError:
            raise CalendarError(
                f"the span {self} is too long: it ends after the year 9999"
            ) from None


def _kind(fixed: bool, working: bool) -> Kind:
    if fixed:
        return "open time" if working else "elapsed"
    return "open days" if working else "calendar"


def _not_a_span(value: object) -> CalendarError:
    suggestion = _suggestion(value) if isinstance(value, str) else None
    return CalendarError(
        f"{quoted(value)} is not a span: did you mean {quoted(suggestion)}?"
        if suggestion
        else f"{quoted(value)} is not a span: write a whole number and a unit, such as "
        f'"24 hours", "6 days", "2 months", "48 working hours" or "7 working days"'
    )


def _suggestion(text: str) -> str | None:
    """Return the span that was probably meant, or None."""
    text = " ".join(text.casefold().split())
    if match := re.fullmatch(_ISO, text):
        days, date_unit, hours, time_unit = match.groups()
        amount, working = days or hours, False
        word = _ISO_DATE[date_unit] if date_unit else _ISO_TIME[time_unit]
    elif match := re.fullmatch(_LOOSE, text):
        amount, prefix, word = match.groups()
        working = prefix is not None
    else:
        return None
    unit = _UNITS.get(_SYNONYMS.get(word) or _nearest_unit(word))
    if unit is None or (working and unit not in _WORKING):
        return None
    return str(Span(int(amount), unit, working=working))


def _nearest_unit(word: str) -> str:
    """Return the unit with the most similar name, or an empty text."""
    from difflib import get_close_matches

    near = get_close_matches(word.removesuffix("s"), _UNITS, n=1)
    return near[0] if near else ""
