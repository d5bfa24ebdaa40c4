"""Read the text of a recurrence rule, and check every part of it."""

import re
from datetime import date
from typing import Final, cast

from ticketcore.calendar.definition._recurrence import Frequency, Recurrence
from ticketcore.calendar.engine._messages import did_you_mean, quoted
from ticketcore.errors import CalendarError

_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_TIMES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "BYHOUR", "BYMINUTE", "BYSECOND")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS: Final = (
    "FREQ INTERVAL COUNT UNTIL BYMONTH BYWEEKNO BYYEARDAY BYMONTHDAY BYDAY BYEASTER BYSETPOS WKST"
).split()
_BY_DAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_UNTIL: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?", re.ASCII)


def parse_recurrence(rule: str) -> Recurrence:
    """Read a rule in upper case, without the property name `RRULE:`.

    UNTIL may hold an instant, of which only the date counts.

    Raises:
        CalendarError: a part is unknown, given twice, or has a value that is not allowed.

    """
    parts = _parts(rule)
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise _invalid(rule, f"FREQ must be one of {', '.join(_FREQUENCIES)}")
    found = Recurrence(
        frequency=cast(Frequency, frequency),
        interval=_positive(rule, parts, "INTERVAL") or 1,
        count=_positive(rule, parts, "COUNT"),
        until=_until(rule, parts),
        by_month=_numbers(rule, parts, "BYMONTH", range(1, 13)),
        by_week=_numbers(rule, parts, "BYWEEKNO", range(-53, 54)),
        by_year_day=_numbers(rule, parts, "BYYEARDAY", range(-366, 367)),
        by_month_day=_numbers(rule, parts, "BYMONTHDAY", range(-31, 32)),
        by_day=_by_day(rule, parts),
        by_easter=_numbers(rule, parts, "BYEASTER", range(-366, 367), zero=True),
        by_position=_numbers(rule, parts, "BYSETPOS", range(-366, 367)),
        week_start=_week_start(rule, parts),
    )
    _check_combination(rule, found)
    return found


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        key, _, value = part.partition("=")
        if key in parts:
            raise _invalid(rule, f"{key} is given twice")
        if key in _TIMES or (key == "FREQ" and value in _TIMES):
            raise CalendarError(
                f"closure {quoted(rule)} uses times of day, but closures cover whole dates: "
                f"use FREQ=DAILY or a longer period, and put times into hours"
            )
        if key not in _PARTS:
            hint = did_you_mean(key, _PARTS) or f"known are {', '.join(_PARTS)}"
            raise _invalid(rule, f"unknown part {quoted(part)}: {hint}")
        parts[key] = value
    return parts


def _positive(rule: str, parts: dict[str, str], key: str) -> int | None:
    """Return a whole number of at least 1, or None if the part is missing."""
    value = parts.get(key)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value) or int(value) < 1:
        raise _invalid(rule, f"{key} must be a whole number of at least 1, not {quoted(value)}")
    return int(value)


def _numbers(
    rule: str, parts: dict[str, str], key: str, allowed: range, *, zero: bool = False
) -> frozenset[int]:
    """Return the numbers of a list. Only *zero* allows the number 0."""
    found = set()
    for text in parts[key].split(",") if key in parts else ():
        number = int(text) if _NUMBER.fullmatch(text) else None
        if number is None or number not in allowed or not (number or zero):
            limits = f"{allowed[0]} to {allowed[-1]}"
            raise _invalid(rule, f"{key} takes numbers from {limits}, not {quoted(text)}")
        found.add(number)
    return frozenset(found)


def _by_day(rule: str, parts: dict[str, str]) -> frozenset[tuple[int, int]]:
    found = set()
    for text in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        match = _BY_DAY.fullmatch(text)
        position = int(match[1] or 0) if match else 0
        if match is None or abs(position) > 53 or (match[1] and not position):
            raise _invalid(rule, f"BYDAY takes days such as MO or -1FR, not {quoted(text)}")
        found.add((position, _WEEKDAYS.index(match[2])))
    return frozenset(found)


def _week_start(rule: str, parts: dict[str, str]) -> int:
    value = parts.get("WKST", "MO")
    if value not in _WEEKDAYS:
        raise _invalid(rule, f"WKST takes a day such as MO, not {quoted(value)}")
    return _WEEKDAYS.index(value)


def _until(rule: str, parts: dict[str, str]) -> date | None:
    if "UNTIL" not in parts:
        return None
    match = _UNTIL.fullmatch(parts["UNTIL"])
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise _invalid(rule, f"UNTIL takes a date such as 20301231, not {quoted(parts['UNTIL'])}")


def _check_combination(rule: str, found: Recurrence) -> None:
    """Refuse parts that RFC 5545 does not allow together."""
    yearly, monthly = found.frequency == "YEARLY", found.frequency == "MONTHLY"
    numbered = any(position for position, _ in found.by_day)
    limits = (found.by_month, found.by_week, found.by_year_day, found.by_month_day, found.by_day)
    wrong = [
        (
            found.count is not None and found.until is not None,
            "COUNT and UNTIL exclude each other",
        ),
        (found.by_week and not yearly, "BYWEEKNO needs FREQ=YEARLY"),
        (found.by_year_day and monthly, "BYYEARDAY cannot be used with FREQ=MONTHLY"),
        (
            found.by_month_day and found.frequency == "WEEKLY",
            "BYMONTHDAY cannot be used with FREQ=WEEKLY",
        ),
        (
            numbered and not (yearly or monthly),
            "a BYDAY with a number needs FREQ=MONTHLY or YEARLY",
        ),
        (numbered and found.by_week, "a BYDAY with a number cannot be used with BYWEEKNO"),
        (
            found.by_position and not any((*limits, found.by_easter)),
            "BYSETPOS needs another BY part",
        ),
    ]
    for applies, why in wrong:
        if applies:
            raise _invalid(rule, why)


def _invalid(rule: str, why: str) -> CalendarError:
    return CalendarError(f"closure {quoted(rule)} is not an RFC 5545 rule: {why}")
