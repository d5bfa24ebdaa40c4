"""One sentence that sums up a comparison, and says no more than its numbers do."""

from collections.abc import Iterator
from typing import Final

from ticketcore._internal.terminal import time_words
from ticketcore.comparison import Change, Comparison
from ticketcore.comparison.wording import amount, share


def verdict(comparison: Comparison) -> str:
    """Return a sentence about the largest changes.

    A difference whose interval contains 0 is called one that may be chance. Closings that move the
    other way are named if they are at least a tenth of those that move most.
    """
    if not comparison.tickets:
        return "No ticket was replayed, so there is nothing to compare."
    if not comparison.changed.tickets:
        several = f"any of the {comparison.tickets:,} tickets"
        return f"Nothing changes on {'the ticket' if comparison.tickets == 1 else several}."
    sentence = "; ".join(_parts(comparison))
    return f"Under {comparison.other} instead of {comparison.base}, {sentence}."


_CLOSINGS: Final = {
    "earlier": "close earlier",
    "later": "close later",
    "only-base": "no longer close",
    "only-other": "close that would stay open otherwise",
}

_OPPOSITES: Final = {
    "earlier": "later",
    "later": "earlier",
    "only-base": "only-other",
    "only-other": "only-base",
}

_COUNTS: Final = (
    ("not_opened", "refused opening", "refused openings"),
    ("reopened", "closing that people reopen", "closings that people reopen"),
    ("late", "breached deadline", "breached deadlines"),
)


def _parts(comparison: Comparison) -> Iterator[str]:
    name = max(_CLOSINGS, key=lambda name: comparison.closings[name].tickets)
    count, median = comparison.closings[name], comparison.moves["0.5"]
    if count.tickets:
        moved = ""
        if median and name in ("earlier", "later"):
            moved = f", the median ticket by {time_words(median).lstrip('+-')}"
        portion = share(count.tickets, comparison.tickets)
        yield f"{portion} {_tickets(comparison)} {_CLOSINGS[name]}{moved}"
        against = _OPPOSITES[name]
        contrary = comparison.closings[against].tickets
        if contrary * 10 >= count.tickets:
            yield f"{share(contrary, comparison.tickets)} {_CLOSINGS[against]}"
    else:
        portion = share(comparison.changed.tickets, comparison.tickets)
        tickets = _tickets(comparison)
        yield f"something changes on {portion} {tickets}, but none closes at another time"
    for name, one, many in _COUNTS:
        change = getattr(comparison, name)
        number = abs(change.difference)
        if number:
            there, things = ("there is", one) if number == 1 else ("there are", many)
            direction = "more" if change.difference > 0 else "fewer"
            yield f"{there} {number:,} {direction} {things}{_doubt(change)}"
    for money in comparison.money:
        change = money.amount
        if money.payer == "*" and change.difference:
            direction = "more" if change.difference > 0 else "less"
            moved = amount(abs(change.difference), money.currency)
            what = "is refunded" if money.kind == "refund" else "is lost in disputes"
            yield f"{moved} {direction} {what}{_doubt(change)}"


def _tickets(comparison: Comparison) -> str:
    return "ticket" if comparison.tickets == 1 else "tickets"


def _doubt(change: Change) -> str:
    return " (which may be chance)" if change.interval.low <= 0 <= change.interval.high else ""
