"""Numbers of a comparison as text, the same on the screen and in the report."""

from collections import Counter
from typing import Final

from ticketcore._internal.terminal import percent
from ticketcore.comparison._report import Change, Comparison, MoneyChange
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

MONEY_KINDS: Final = {"refund": "refunded", "lost": "lost in disputes"}
"""The kinds of money that moves, in words."""


def signed(number: int) -> str:
    """Return a number with its sign: ``+84``, ``-1,200``, ``0``."""
    return f"{number:+,}" if number else "0"


def share(part: int, whole: int) -> str:
    """Return a share with one decimal, and the count that it is of: ``33.1 % of 121``."""
    return f"{percent(part, whole)} of {whole:,}"


def amount(minor: int, currency: str, *, sign: bool = False) -> str:
    """Return an amount with thousands separators: ``+1,049.00 USD``."""
    return f"{_minor(minor, currency, sign=sign)} {currency}"


def _minor(minor: int, currency: str, *, sign: bool = False) -> str:
    """Return an amount without its currency."""
    whole, point, decimals = str(Money(abs(minor), currency)).split(" ")[0].partition(".")
    mark = "-" if minor < 0 else "+" if sign and minor else ""
    return f"{mark}{int(whole):,}{point}{decimals}"


def total(goal: str, number: int) -> str:
    """Return the total of a goal: a count, or an amount of money for one such as ``lost_eur``."""
    currency = currency_of(goal)
    figures = figure(goal, number)
    return figures if currency is None else f"{figures} {currency}"


def figure(goal: str, number: int, *, sign: bool = False) -> str:
    """Return the total of a goal, an amount without its currency."""
    currency = currency_of(goal)
    if currency is not None:
        return _minor(number, currency, sign=sign)
    return signed(number) if sign else f"{number:,}"


def currency_of(goal: str) -> str | None:
    """Return the currency of a goal such as ``lost_eur``, or None for a count."""
    kind, _, currency = goal.rpartition("_")
    return currency.upper() if kind in ("refund", "lost") else None


def change_words(change: Change) -> str:
    """Return a change of a count: ``101 -> 185 (95 %: +67 to +103)``."""
    interval = f"{signed(change.interval.low)} to {signed(change.interval.high)}"
    return f"{change.base:,} -> {change.other:,} (95 %: {interval})"


def shown_money(comparison: Comparison) -> tuple[MoneyChange, ...]:
    """Return the money that tables show: no total where one payer moves all of it."""
    rows = Counter((money.kind, money.currency) for money in comparison.money)
    return tuple(
        money
        for money in comparison.money
        if money.payer != "*" or rows[money.kind, money.currency] > 2  # the total and one payer
    )


def money_title(money: MoneyChange) -> str:
    """Return what money it is and who moves it: ``refunded by the timer silence``."""
    without_timer = "by people" if money.kind == "refund" else "by a decision"
    payer = {"*": "in all", "": without_timer}.get(money.payer, f"by the timer {money.payer}")
    return f"{MONEY_KINDS[money.kind]} {payer}"


def money_words(money: MoneyChange) -> str:
    """Return the totals of money, with the interval and the tickets that gain and lose.

    The figures lack their currency.
    """
    change = money.amount
    base, other = (_minor(minor, money.currency) for minor in (change.base, change.other))
    low, high = (
        _minor(minor, money.currency, sign=True)
        for minor in (change.interval.low, change.interval.high)
    )
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
    return f"{base} -> {other} (95 %: {low} to {high}); tickets: {tickets or 'none'}"
