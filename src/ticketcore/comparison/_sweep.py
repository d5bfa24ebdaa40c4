"""Try values of a policy's parameters on one history: the curve, and the best value.

All values are replayed in one pass. Each point is compared with the policy as it is, paired by
order. A point is dominated if another one is at least as good in every goal, and better in one.

The best value is chosen on the orders that began in the first part of the period, and reported on
the others: a value that was chosen on some tickets looks better on them than it is.
"""

import itertools
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.limits import MAX_COMBINATIONS
from ticketcore._toml import nearest
from ticketcore.backtest import Progress, TicketFilter, WorkerPool, check_recorded
from ticketcore.comparison._compare import change_of
from ticketcore.comparison._outcomes import Outcomes, outcomes
from ticketcore.comparison._report import TOTALS, Change, as_json, currencies_of, money_names
from ticketcore.errors import QueryError
from ticketcore.policies import Policy, load_policy

_MONEY: Final[Mapping[str, str]] = {"refund": "{}.refunded", "lost": "{}.lost"}
_MONEY_GOAL: Final = re.compile(f"({'|'.join(_MONEY)})_[a-z]{{3}}")

_OPEN_DAYS: Final = "epoch({}.closed_at - opened_at) / 86400"


@attrs.frozen(kw_only=True)
class Point:
    """One combination of *values*, by parameter, compared with the policy as it is.

    *totals* has a change for each goal. *as_is* is true if the policy has these values.
    *open_days* is the median time, in days, until a ticket closes for the last time. *dominated*
    is true if another point is better in one goal, or has a lower median, and is worse in none.
    """

    values: Mapping[str, str]
    totals: Mapping[str, Change]
    open_days: float | None
    as_is: bool
    dominated: bool


@attrs.frozen(kw_only=True)
class Choice:
    """The values with the least *cost* in the first part, and how they do in the second.

    *cost* is the expression that was minimized, *first* its value in the first part, for these
    values and for the policy as it is. *totals* are those of the orders that began at *since* or
    later, in UTC.
    """

    values: Mapping[str, str]
    cost: str
    first: tuple[float, float]
    since: datetime
    totals: Mapping[str, Change]


@attrs.frozen(kw_only=True)
class Sweep:
    """The results of a sweep. *open_days* is the median under the policy as it is.

    *broken_examples* says why some of the *broken* tickets cannot be read or replayed.
    """

    policy: str
    tickets: int
    orders: int
    broken: int
    broken_examples: tuple[str, ...]
    open_days: float | None
    points: tuple[Point, ...]
    choice: Choice | None

    def to_json(self) -> dict[str, object]:
        """Return the sweep as JSON values, instants as in histories."""
        return as_json(self)


@typed
def sweep(
    history: str | os.PathLike[str],
    policy: str | Path,
    parameters: Mapping[str, Sequence[str]],
    *,
    goals: Sequence[str] = ("reopened", "late"),
    cost: str | None = None,
    workers: int | WorkerPool | None = None,
    tickets: TicketFilter | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Replay *history* under *policy*, a preset or file, with every combination of values.

    *parameters* maps keys, such as ``timer.resolved.after``, to the values to try. *goals* are
    totals of which less is better: ``reopened``, ``late``, ``refused``, ``not_opened``, and money
    in minor units by currency, as in ``refund_eur`` and ``lost_usd``. *cost* is an SQL expression
    over the names of all goals and ``open_days``, the mean time until the last closing; without it
    the first goal is minimized. Raises PolicyError for a value that the policy cannot have, and
    QueryError for an unknown key or goal, a wrong expression, or more than 1,000 combinations; the
    other arguments and errors are those of :func:`ticketcore.backtest.backtest`.
    """
    for goal in goals:
        if not _MONEY_GOAL.fullmatch(goal):
            _check_goal(goal, (*TOTALS, "refund_eur", "lost_eur"))
    variants = policy_variants(policy, parameters)
    wanted = goals[0] if cost is None else cost

    def check(table: Outcomes) -> None:
        check_cost(table, wanted)
        check_recorded(history, currencies=currencies_of([*goals, wanted]))

    with outcomes(
        history,
        [variants.policy, *variants.policies],
        workers=workers,
        tickets=tickets,
        lists=0,
        progress=progress,
        check=check,
    ) as table:
        return sweep_of(table, variants, goals=goals, cost=cost)


@attrs.frozen(kw_only=True)
class PolicyVariants:
    """A policy as it is, and with each combination of values, by parameter."""

    policy: Policy
    combinations: tuple[Mapping[str, str], ...]
    policies: tuple[Policy, ...]


@typed
def policy_variants(policy: str | Path, parameters: Mapping[str, Sequence[str]]) -> PolicyVariants:
    """Return *policy* with every combination of values. The errors are those of :func:`sweep`."""
    if math.prod(map(len, parameters.values())) > MAX_COMBINATIONS:
        message = "the values have more than {:,} combinations: give fewer values at once"
        raise QueryError(message.format(MAX_COMBINATIONS))
    combinations = tuple(
        dict(zip(parameters, values, strict=True))
        for values in itertools.product(*parameters.values())
    )
    return PolicyVariants(
        policy=load_policy(policy),
        combinations=combinations,
        policies=tuple(load_policy(policy, values=values) for values in combinations),
    )


@typed
def sweep_of(
    table: Outcomes,
    variants: PolicyVariants,
    *,
    base: str = "base",
    goals: Sequence[str] = ("reopened", "late"),
    cost: str | None = None,
) -> Sweep:
    """Return the sweep of a table whose last policies are *variants* of that in the column *base*.

    *goals*, *cost* and the errors are those of :func:`sweep`.
    """
    return _Sweeping(table, variants, base, goals).sweep(goals[0] if cost is None else cost)


def _check_goal(goal: str, known: Iterable[str]) -> None:
    if goal in _MONEY:
        raise QueryError(f'the goal "{goal}" lacks a currency: write "{goal}_eur" for euros')
    if goal not in known:
        raise QueryError(f'there is no goal "{goal}": {nearest(goal, known)}')


def check_cost(table: Outcomes, cost: str) -> None:
    """Raise QueryError for a cost that a sweep refuses; money may have any currency."""
    names = sorted({*TOTALS, "open_days", *money_names(cost)})
    zeros = ", ".join(f"0 AS {name}" for name in names)
    table.query(f"SELECT {table.condition(cost, names=names)}::double FROM (SELECT {zeros})")


def _goals_of(table: Outcomes) -> Iterator[tuple[str, str]]:
    """Yield the goals that the tickets have, each with its SQL for the column of a policy."""
    yield from TOTALS.items()
    for currency in table.currencies():
        for kind, column in _MONEY.items():
            sql = f"(CASE WHEN currency = '{currency}' THEN {column} ELSE 0 END)"
            yield f"{kind}_{currency.lower()}", sql


class _Sweeping:
    def __init__(
        self, table: Outcomes, variants: PolicyVariants, base: str, goals: Sequence[str]
    ) -> None:
        self._table = table
        self._variants = variants
        self._base = base
        self._names = table.names[-len(variants.policies) :]
        self._known = dict(_goals_of(table))
        for goal in goals:
            _check_goal(goal, self._known)
        self._goals = goals

    def sweep(self, cost: str) -> Sweep:
        """Return all points, and the one that was chosen."""
        [(tickets, orders)] = self._table.query(
            "SELECT count(*), count(DISTINCT order_key) FROM outcomes"
        )
        return Sweep(
            policy=self._table.labels[self._table.names.index(self._base)],
            tickets=tickets,
            orders=orders,
            broken=self._table.written.broken,
            broken_examples=self._table.written.broken_examples,
            open_days=self._open_days(self._base),
            points=tuple(self._points()),
            choice=self._choice(cost),
        )

    def _open_days(self, name: str) -> float | None:
        [(days,)] = self._table.query(f"SELECT median({_OPEN_DAYS.format(name)}) FROM outcomes")
        return None if days is None else float(days)

    def _totals(self, name: str, where: str = "true") -> dict[str, Change]:
        return {
            goal: change_of(self._table, name, self._known[goal], where, base=self._base)
            for goal in self._goals
        }

    def _points(self) -> Iterator[Point]:
        totals = [self._totals(name) for name in self._names]
        medians = [self._open_days(name) for name in self._names]
        scores = [
            (*(change.other for change in point.values()), days or 0.0)
            for point, days in zip(totals, medians, strict=True)
        ]
        variants = self._variants
        for values, policy, point, days, score in zip(
            variants.combinations, variants.policies, totals, medians, scores, strict=True
        ):
            yield Point(
                values=values,
                totals=point,
                open_days=days,
                as_is=policy.digest == variants.policy.digest,
                dominated=any(_dominates(other, score) for other in scores),
            )

    def _choice(self, cost: str) -> Choice | None:
        """Choose the least cost among the orders that began before the median order.

        Of equal ones, the values of the policy as it is come first.
        """
        [(since,)] = self._table.query(
            "SELECT quantile_disc(began, 0.5) FROM "
            "(SELECT min(opened_at) AS began FROM outcomes GROUP BY order_key)"
        )
        if since is None:
            return None
        before = f"order_began(order_key) < '{since}'"
        costs = [self._cost(name, cost, before) for name in self._names]
        variants = self._variants
        changes = [policy.digest != variants.policy.digest for policy in variants.policies]
        _, _, best = min(zip(costs, changes, range(len(costs)), strict=True))
        return Choice(
            values=variants.combinations[best],
            cost=cost,
            first=(costs[best], self._cost(self._base, cost, before)),
            since=since,
            totals=self._totals(self._names[best], f"order_began(order_key) >= '{since}'"),
        )

    def _cost(self, name: str, cost: str, where: str) -> float:
        sums = ", ".join(f"sum({sql.format(name)}) AS {goal}" for goal, sql in self._known.items())
        days = _OPEN_DAYS.format(name)
        expression = self._table.condition(cost, names=[*self._known, "open_days"])
        [(value,)] = self._table.query(
            f"SELECT {expression}::double FROM (SELECT {sums}, avg({days}) AS open_days "
            f"FROM outcomes WHERE {where})"
        )
        return float("inf") if value is None else float(value)


def _dominates(one: Sequence[float], other: Sequence[float]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))
