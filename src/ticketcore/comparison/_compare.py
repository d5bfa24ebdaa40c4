"""Compare two policies on one table of outcomes: the differences, with their intervals.

Every number is a query. A count comes with the condition that lists its tickets, a difference with
its interval (see `ticketcore.comparison._bootstrap`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ticketcore._toml import nearest, quoted
from ticketcore.backtest import FACTS, declared_fields
from ticketcore.comparison._bootstrap import interval_of
from ticketcore.comparison._outcomes import Outcomes
from ticketcore.comparison._refusals import refuse_other_types
from ticketcore.comparison._report import (
    TOTALS,
    Assumption,
    Change,
    Comparison,
    Count,
    DeadlineCounts,
    Group,
    MoneyChange,
    TimerChange,
    money_names,
)
from ticketcore.errors import QueryError
from ticketcore.policies import OWN, Policy, PolicyVersions

_EXAMPLES: Final = 5
_SEED: Final = 1  # with it, a ticket's number alone decides whether it is drawn
_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_CLOSINGS: Final = ("earlier", "later", "same", "only-base", "only-other", "open")

ASSUMPTIONS: Final[Mapping[str, str]] = {
    "people act as they did in the record, whatever the policy does": (
        "last_action_at >= {other}.differs_at"
    ),
    "nobody acts after the last recorded action, and every pending timer fires": (
        "greatest(base.last_event_at, {other}.last_event_at) > last_action_at"
    ),
    "a ticket on which somebody acts after the policy has closed it is reopened for them": (
        "base.reopened_by_replay + {other}.reopened_by_replay > 0"
    ),
    "an action that the policy does not allow is left out": ("base.refused + {other}.refused > 0"),
    "a ticket of a type that the policy does not declare has the default type": (
        "base.type_overridden OR {other}.type_overridden"
    ),
    "the history holds all tickets of each order": (
        "order_number IS NOT NULL AND base.money IS DISTINCT FROM {other}.money"
    ),
}
"""The assumptions of a comparison, and which of the changed tickets depend on each, in SQL."""


def compare(
    outcomes: Outcomes, other: str = "other", *, by: Iterable[str] | None = None
) -> Comparison:
    """Return what differs under the policy of the column *other* from ``base``.

    *by* names the fields by which tickets are grouped; without it these are type and storefront,
    if there are several. Raises QueryError for an unknown field or column.
    """
    if other not in outcomes.names[1:]:
        raise QueryError(f'no policy "{other}": {nearest(other, outcomes.names[1:])}')
    outcomes.pair(other)
    return _Comparing(outcomes, other).comparison(by)


class _Comparing:
    def __init__(self, outcomes: Outcomes, other: str) -> None:
        self._outcomes = outcomes
        self._other = other

    def comparison(self, by: Iterable[str] | None) -> Comparison:
        """Return the whole comparison."""
        outcomes, place = self._outcomes, self._outcomes.names.index(self._other)
        [(tickets, orders, first, last)] = outcomes.query(
            "SELECT count(*), count(DISTINCT order_key), min(opened_at), max(last_action_at) "
            "FROM outcomes"
        )
        return Comparison(
            base=outcomes.labels[0],
            other=outcomes.labels[place],
            tickets=tickets,
            orders=orders,
            broken=outcomes.written.broken,
            first=first,
            last=last,
            changed=self._count("changed"),
            closings={name: self._count(f"closing = '{name}'") for name in _CLOSINGS},
            moves=self._moves(),
            **{name: self._change(total) for name, total in TOTALS.items()},
            currencies=outcomes.currencies(),
            money=tuple(self._money()),
            timers=tuple(self._timers(outcomes.policies[0], outcomes.policies[place])),
            groups={name: tuple(self._groups(name)) for name in self._fields(by)},
            examples=self._examples(self._extremes()),
            random_examples=self._random_examples(),
            assumptions=tuple(self._assumptions()),
        )

    def _count(self, where: str) -> Count:
        return Count(tickets=self._outcomes.count(where), where=where)

    def _moves(self) -> dict[str, float | None]:
        wanted = ", ".join(f"quantile_cont(moved, {share})" for share in _QUANTILES)
        [row] = self._outcomes.query(f"SELECT {wanted} FROM outcomes")
        return {str(share): value for share, value in zip(_QUANTILES, row, strict=True)}

    def _change(self, total: str) -> Change:
        return change_of(self._outcomes, self._other, total)

    def _money(self) -> Iterator[MoneyChange]:
        moved = " UNION ALL ".join(
            f"SELECT unnest({name}.money) AS moved FROM outcomes" for name in ("base", self._other)
        )
        found = self._outcomes.query(
            "SELECT DISTINCT moved.kind, moved.currency, "
            f"unnest(['*', coalesce(moved.timer, '')]) AS payer FROM ({moved}) "
            "ORDER BY moved.kind, moved.currency, payer <> '*', payer"
        )
        for kind, currency, payer in found:
            asked = f"'{kind}', '{currency}', {_quoted(payer)}"
            first = [f"first_paid({name}, {asked})" for name in ("base", self._other)]
            yield MoneyChange(
                kind=kind,
                currency=currency,
                payer=payer,
                amount=self._change(f"paid({{}}, {asked})"),
                earlier=self._count(f"{first[1]} < {first[0]}"),
                later=self._count(f"{first[1]} > {first[0]}"),
            )

    def _timers(
        self, base: Policy | PolicyVersions, other: Policy | PolicyVersions
    ) -> Iterator[TimerChange]:
        """Yield all timers of both policies, in the order of their files."""
        effects = _effects(base), _effects(other)
        counts = self._deadline_counts("base"), self._deadline_counts(self._other)
        for timer, effect in (effects[0] | effects[1]).items():
            before, after = (
                count[timer] if timer in known else None
                for count, known in zip(counts, effects, strict=True)
            )
            yield TimerChange(timer=timer, effect=effect, base=before, other=after)

    def _deadline_counts(self, name: str) -> Mapping[str, DeadlineCounts]:
        counts: defaultdict[str, DeadlineCounts] = defaultdict(DeadlineCounts)
        for timer, outcome, verdict, number in self._outcomes.query(
            "SELECT d.timer, d.outcome, d.verdict, count(*) FROM "
            f"(SELECT unnest({name}.deadlines) AS d FROM outcomes) GROUP BY ALL"
        ):
            counts[timer].add(outcome, number)
            counts[timer].reopened += number * (verdict == "reopened")
        return counts

    def _fields(self, by: Iterable[str] | None) -> Sequence[str]:
        if by is None:
            return [name for name in ("type", "storefront") if len(self._groups(name)) > 1]
        known = {*FACTS, *declared_fields(self._outcomes.policies), *self._recorded_fields()}
        for name in by:
            if name not in known and not (name.startswith(OWN) and self._is_empty()):
                hint = nearest(name, sorted(known))
                raise QueryError(f"tickets have no field {quoted(name)}: {hint}")
        return tuple(by)

    def _recorded_fields(self) -> list[str]:
        names = self._outcomes.query("SELECT DISTINCT unnest(map_keys(fields)) FROM outcomes")
        return [OWN + name for (name,) in names]

    def _is_empty(self) -> bool:
        """Return whether there are no tickets, so that nobody knows which fields they have."""
        return not self._outcomes.written.rows

    def _groups(self, field: str) -> list[Group]:
        """Return the groups; those whose reopened and late tickets differ most come first."""
        pairs = [
            f"sum({TOTALS[total].format(name)})"
            for total in ("reopened", "late")
            for name in ("base", self._other)
        ]
        column = _column(field)
        rows = self._outcomes.query(
            f"SELECT {column}, count(*), count(*) FILTER (changed), {', '.join(pairs)} "
            f"FROM outcomes GROUP BY {column} ORDER BY abs({pairs[1]} - {pairs[0]}) DESC, "
            f"abs({pairs[3]} - {pairs[2]}) DESC, count(*) DESC, {column}"
        )
        return [
            Group(
                value=value,
                tickets=tickets,
                changed=changed,
                reopened=(int(r[0]), int(r[1])),
                late=(int(r[2]), int(r[3])),
                where=f"{column} IS NULL" if value is None else f"{column} = {_quoted(value)}",
            )
            for value, tickets, changed, *r in rows
        ]

    def _extremes(self) -> str:
        """Return the order: tickets reopened or late under one policy only, then by their move."""
        return (
            f"{self._other}.reopened_by_people = base.reopened_by_people, "
            f"{self._other}.late = base.late, abs(moved) DESC NULLS LAST, ticket"
        )

    def _examples(self, order: str) -> tuple[str, ...]:
        """Return the first changed tickets in the given order."""
        rows = self._outcomes.query(
            f"SELECT ticket FROM outcomes WHERE changed ORDER BY {order} LIMIT {_EXAMPLES}"
        )
        return tuple(ticket for (ticket,) in rows)

    def _random_examples(self) -> tuple[str, ...]:
        """Return changed tickets in the order of a checksum, without those that differ most."""
        rows = self._outcomes.query(
            f"SELECT ticket FROM (SELECT ticket, row_number() OVER (ORDER BY {self._extremes()}) "
            f"AS place FROM outcomes WHERE changed) WHERE place > {_EXAMPLES} "
            f"ORDER BY md5('{_SEED} ' || ticket), ticket LIMIT {_EXAMPLES}"
        )
        return tuple(ticket for (ticket,) in rows)

    def _assumptions(self) -> Iterator[Assumption]:
        for text, condition in ASSUMPTIONS.items():
            where = f"changed AND ({condition.format(other=self._other)})"
            yield Assumption(text=text, changed=self._count(where))


def change_of(
    outcomes: Outcomes, other: str, total: str, where: str = "true", *, base: str = "base"
) -> Change:
    """Return a total under the columns *base* and *other*, over tickets that meet a condition.

    *total* is SQL with ``{}`` in place of the column, as in `TOTALS`.
    """
    before, after = total.format(base), total.format(other)
    [(sum_before, sum_after)] = outcomes.query(
        f"SELECT coalesce(sum({before}), 0), coalesce(sum({after}), 0) "
        f"FROM outcomes WHERE ({where})"
    )
    differences = outcomes.query(
        f"SELECT difference, count(*) FROM (SELECT sum({after} - {before}) AS difference "
        f"FROM outcomes WHERE ({where}) GROUP BY order_key) GROUP BY ALL"
    )
    more, fewer = (
        f"{after} {sign} {before}" if where == "true" else f"{after} {sign} {before} AND ({where})"
        for sign in "><"
    )
    return Change(
        base=int(sum_before),
        other=int(sum_after),
        difference=int(sum_after) - int(sum_before),
        interval=interval_of({int(value): count for value, count in differences}),
        more=Count(tickets=outcomes.count(more), where=more),
        fewer=Count(tickets=outcomes.count(fewer), where=fewer),
    )


def _effects(policy: Policy | PolicyVersions) -> dict[str, str]:
    return {timer.name: timer.effect for version in policy.versions for timer in version.timers}


def _column(field: str) -> str:
    """Return the SQL of a fact, or of one of the policy's own fields."""
    name = field.removeprefix(OWN)
    return field if name == field else f"fields[{_quoted(name)}]"


def _quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def holds(outcomes: Outcomes, comparison: Comparison, condition: str) -> bool:
    """Return whether a condition holds for :meth:`Comparison.numbers`, such as "reopened > 100".

    Raises QueryError for a wrong condition.
    """
    return _holds(outcomes, comparison.numbers(), condition)


def check_condition(outcomes: Outcomes, comparison: Comparison, condition: str) -> None:
    """Raise QueryError for a condition that :func:`holds` refuses, whatever the numbers are.

    Money may have any currency, so a comparison of no tickets is enough to check a condition.
    """
    money = dict.fromkeys(money_names(condition), 0)
    _holds(outcomes, money | comparison.numbers(), condition)


def _holds(outcomes: Outcomes, numbers: Mapping[str, int], condition: str) -> bool:
    columns = ", ".join(f"{number}::bigint AS {name}" for name, number in numbers.items())
    wanted = outcomes.condition(condition, names=numbers)
    [(result, kind)] = outcomes.query(f"SELECT {wanted}, typeof({wanted}) FROM (SELECT {columns})")
    refuse_other_types(kind)
    return bool(result)
