"""The parts of a comparison, as values and as JSON."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import attrs

from ticketcore.comparison._bootstrap import ConfidenceInterval
from ticketcore.events import format_instant
from ticketcore.metrics import CycleCounts


@attrs.frozen(kw_only=True)
class Count:
    """A number of tickets, and the condition in SQL that lists them."""

    tickets: int
    where: str


@attrs.frozen(kw_only=True)
class Change:
    """A total under both policies, and *difference*, that of *other* less that of *base*.

    *interval* holds 95 % of the bootstrap's differences. *more* and *fewer* are the tickets that
    have more or less under the other policy.
    """

    base: int
    other: int
    difference: int
    interval: ConfidenceInterval
    more: Count
    fewer: Count


@attrs.frozen(kw_only=True)
class MoneyChange:
    """Money that moved: refunds or money of lost disputes, in minor units of *currency*.

    *kind* is ``refund`` or ``lost``. *payer* is the timer that moved it, an empty text for people,
    or ``*`` for all together. *earlier* and *later* count tickets on which this money moves in
    both, for the first time at another instant.
    """

    kind: str
    currency: str
    payer: str
    amount: Change
    earlier: Count
    later: Count


@attrs.define
class DeadlineCounts(CycleCounts):
    """The deadlines of a timer, counted by their outcomes.

    *reopened* counts closings after which a person acted as on an open ticket.
    """

    reopened: int = 0


@attrs.frozen(kw_only=True)
class TimerChange:
    """The deadlines of one timer under both policies; None where a policy lacks the timer."""

    timer: str
    effect: str
    base: DeadlineCounts | None
    other: DeadlineCounts | None


@attrs.frozen(kw_only=True)
class Group:
    """The tickets with one value of a field. Pairs are totals under base and other."""

    value: str | None
    tickets: int
    changed: int
    reopened: tuple[int, int]
    late: tuple[int, int]
    where: str


@attrs.frozen(kw_only=True)
class Assumption:
    """An assumption of the replay, and the changed tickets that depend on it."""

    text: str
    changed: Count


@attrs.frozen(kw_only=True)
class Comparison:
    """Two policies compared on one history.

    *tickets* and *orders* count what was replayed; a ticket without an order counts as one.
    *broken* tickets were left out. *first* and *last* are the first opening and the last action of
    a person, in UTC. *closings* counts tickets that close ``earlier``, ``later``, at the ``same``
    instant, under one policy only, or stay ``open``; *moves* has quantiles of the difference, in
    seconds. *currencies* are those of the orders. *groups* holds a breakdown for each field that
    was asked for. *examples* are the tickets that differ most, *random_examples* further ones
    drawn at random from all that change.
    """

    base: str
    other: str
    tickets: int
    orders: int
    broken: int
    first: datetime | None
    last: datetime | None
    changed: Count
    closings: Mapping[str, Count]
    moves: Mapping[str, float | None]
    reopened: Change
    late: Change
    refused: Change
    not_opened: Change
    currencies: tuple[str, ...]
    money: tuple[MoneyChange, ...]
    timers: tuple[TimerChange, ...]
    groups: Mapping[str, tuple[Group, ...]]
    examples: tuple[str, ...]
    random_examples: tuple[str, ...]
    assumptions: tuple[Assumption, ...]

    def to_json(self) -> dict[str, object]:
        """Return the comparison as JSON values, instants as in histories."""
        return as_json(self)

    def numbers(self) -> dict[str, int]:
        """Return the numbers that a condition for CI may name.

        A total, such as ``reopened``, is the difference; ``reopened_base`` and ``reopened_other``
        are those under each policy. Money is in minor units, such as ``refund_usd``; each currency
        of the orders has its numbers, also where no money moves.
        """
        named = {"tickets": self.tickets, "broken": self.broken, "changed": self.changed.tickets}
        named |= {name.replace("-", "_"): count.tickets for name, count in self.closings.items()}
        for name in TOTALS:
            named |= _numbers_of(name, getattr(self, name))
        moved = {(m.kind, m.currency): m.amount for m in self.money if m.payer == "*"}
        for currency in self.currencies:
            for kind in ("refund", "lost"):
                named |= _numbers_of(f"{kind}_{currency.lower()}", moved.get((kind, currency)))
        return named


TOTALS: Mapping[str, str] = {
    "reopened": "{}.reopened_by_people",
    "late": "{}.late",
    "refused": "{}.refused",
    "not_opened": "(NOT {}.opened)::int",
}
"""The totals of a comparison, as SQL over the column of a policy."""


_MONEY_NUMBER: Final = re.compile(r"\b(?:refund|lost)_[a-z]{3}(?:_base|_other)?\b", re.IGNORECASE)


def money_names(text: str) -> set[str]:
    """Return the names of money that an SQL expression uses, such as ``refund_usd_base``.

    Only the tickets decide which currencies there are.
    """
    return {name.lower() for name in _MONEY_NUMBER.findall(text)}


def currencies_of(texts: Iterable[str]) -> set[str]:
    """Return the currencies of the money that SQL expressions use, such as USD."""
    names = [name for text in texts for name in money_names(text)]
    return {name.split("_")[1].upper() for name in names}


def _numbers_of(name: str, change: Change | None) -> dict[str, int]:
    """Return the three numbers of a change, or zeros without one."""
    base, other = (0, 0) if change is None else (change.base, change.other)
    return {name: other - base, f"{name}_base": base, f"{name}_other": other}


def as_json(report: attrs.AttrsInstance) -> dict[str, object]:
    """Return a report as JSON values, instants as in histories."""

    def plain(_: object, __: object, value: object) -> object:
        return format_instant(value) if isinstance(value, datetime) else value

    return attrs.asdict(report, value_serializer=plain)
