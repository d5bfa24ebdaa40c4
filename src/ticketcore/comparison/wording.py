"""Numbers of a comparison as text, the same on the screen and in the report."""

from typing import Final

from ticketcore.comparison._report import Change, MoneyChange
from ticketcore.events import Money

DEADLINE_COUNTS: Final = {
    "cycles": "set",
    "met_in_time": "in time",
    "late": "late",
    "fired": "fired",
    "cancelled": "cancelled",
    "reopened": "reopened",
}
"""The counts of a timer's deadlines that tables show, with their titles."""

_DAY, _HOUR, _MINUTE = 86400, 3600, 60


def signed(number: int) -> str:
    """Return a number with its sign: ``+84``, ``-1,200``, ``0``."""
    return f"{number:+,}" if number else "0"


def share(part: int, whole: int) -> str:
    """Return a share with one decimal, and the count that it is of: ``33.1 % of 121``."""
    percent = f"{100 * part / whole:.1f} %" if whole else "-"
    return f"{percent} of {whole:,}"


def amount(minor: int, currency: str, *, sign: bool = False) -> str:
    """Return an amount with thousands separators: ``+1,049.00 USD``."""
    number, code = str(Money(abs(minor), currency)).split(" ")
    whole, point, decimals = number.partition(".")
    mark = "-" if minor < 0 else "+" if sign and minor else ""
    return f"{mark}{int(whole):,}{point}{decimals} {code}"


def total(goal: str, number: int, *, sign: bool = False) -> str:
    """Return the total of a goal: a count, or an amount of money for one such as ``lost_eur``."""
    currency = currency_of(goal)
    if currency is not None:
        return amount(number, currency, sign=sign)
    return signed(number) if sign else f"{number:,}"


def currency_of(goal: str) -> str | None:
    """Return the currency of a goal such as ``lost_eur``, or None for a count."""
    kind, _, currency = goal.rpartition("_")
    return currency.upper() if kind in ("refund", "lost") else None


def change_words(change: Change) -> str:
    """Return a change of a count: ``101 -> 185 (95 %: +67 to +103)``."""
    interval = f"{signed(change.interval.low)} to {signed(change.interval.high)}"
    return f"{change.base:,} -> {change.other:,} (95 %: {interval})"


def money_words(money: MoneyChange) -> str:
    """Return a change of money, with its interval and the tickets that gain and lose."""
    change, currency = money.amount, money.currency
    interval = " to ".join(
        amount(end, currency, sign=True) for end in (change.interval.low, change.interval.high)
    )
    totals = f"{amount(change.base, currency)} -> {amount(change.other, currency)}"
    tickets = ", ".join(
        f"{count.tickets:,} {word}"
        for count, word in (
            (change.more, "more"),
            (change.fewer, "less"),
            (money.earlier, "earlier"),
            (money.later, "later"),
        )
        if count.tickets
    )
    return f"{totals} (95 %: {interval}); tickets: {tickets or 'none'}"


def time_words(seconds: float) -> str:
    """Return a signed time in its two largest units: ``-3 d``, ``+2 h 5 min``."""
    rest = round(abs(seconds))
    parts = []
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s")):
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number} {unit}")
    if not parts:
        return "0 min"
    return f"{'-' if seconds < 0 else '+'}{' '.join(parts[:2])}"
