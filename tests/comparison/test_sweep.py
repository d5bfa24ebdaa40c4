"""A sweep replays all values in one pass; each point equals a comparison with its values."""

from pathlib import Path
from statistics import median

import pyarrow.parquet as pq
import pytest

from support.histories.comparisons import SLOW_FILE, record, stories
from ticketcore.comparison import Sweep, compare, outcomes, policy_variants, sweep, sweep_of
from ticketcore.errors import PolicyError, QueryError
from ticketcore.policies import load_policy, parse_policy

SPANS = ["20 hours", "30 hours", "120 hours"]
PARAMETERS = {"timer.silent.after": SPANS, "timer.answer.after": ["12 hours", "48 hours"]}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A history of eighty tickets, and a policy."""
    folder = tmp_path_factory.mktemp("sweep")
    history, policy = folder / "history.jsonl", folder / "slow.toml"
    record(history, list(stories(80, seed=4)))
    policy.write_text(SLOW_FILE, "utf-8")
    return history, policy


@pytest.fixture(scope="module")
def swept(shop: tuple[Path, Path]) -> Sweep:
    """Return a sweep over all combinations of two parameters."""
    return sweep(*shop, PARAMETERS, cost="5 * reopened + late + 10 * open_days", workers=1)


def test_all_combinations_are_tried(swept: Sweep) -> None:
    """A sweep tries all combinations of its parameters; the last parameter changes fastest."""
    assert [(first, second) for first in SPANS for second in PARAMETERS["timer.answer.after"]] == [
        tuple(point.values.values()) for point in swept.points
    ]


def test_each_point_is_that_of_a_comparison(shop: tuple[Path, Path], swept: Sweep) -> None:
    """Totals and intervals are those of `compare` for the changed policy."""
    history, policy = shop
    for point in swept.points[:3]:
        policies = [load_policy(policy), load_policy(policy, values=point.values)]
        with outcomes(history, policies, workers=1) as table:
            comparison = compare(table)
            closed = [
                row["other"]["closed_at"] - row["opened_at"]
                for row in table.rows("other.closed_at IS NOT NULL")
            ]
        for goal, change in point.totals.items():
            expected = getattr(comparison, goal)
            assert (expected.base, expected.other, expected.interval) == (
                change.base,
                change.other,
                change.interval,
            )
        assert point.open_days == pytest.approx(
            median(time.total_seconds() for time in closed) / 86400
        )


def test_a_point_is_dominated_if_another_is_better_and_nowhere_worse(swept: Sweep) -> None:
    """A point is dominated if another is better in a goal or in time open, and nowhere worse."""
    scores = [(*(c.other for c in p.totals.values()), p.open_days or 0) for p in swept.points]
    for point, score in zip(swept.points, scores, strict=True):
        better = any(
            other != score and not any(a > b for a, b in zip(other, score, strict=True))
            for other in scores
        )
        assert better == point.dominated
    assert {True, False} == {point.dominated for point in swept.points}


def test_the_best_value_is_chosen_on_the_first_orders(
    shop: tuple[Path, Path], swept: Sweep
) -> None:
    """The best value is chosen on the first orders and reported on the others."""
    history, policy = shop
    assert swept.choice is not None
    since = swept.choice.since
    costs = {}
    for point in swept.points:
        changed = load_policy(policy, values=point.values)
        with outcomes(history, [changed], workers=1) as table:
            rows = table.rows()
        began = {
            key: min(row["opened_at"] for row in rows if row["order_key"] == key)
            for key in {row["order_key"] for row in rows}
        }
        first = [row for row in rows if began[row["order_key"]] < since]
        days = [
            (row["base"]["closed_at"] - row["opened_at"]).total_seconds() / 86400
            for row in first
            if row["base"]["closed_at"]
        ]
        reopened = sum(row["base"]["reopened_by_people"] for row in first)
        late = sum(row["base"]["late"] for row in first)
        costs[tuple(point.values.items())] = 5 * reopened + late + 10 * sum(days) / len(days)
        if point.values == swept.choice.values:
            rest = [row for row in rows if began[row["order_key"]] >= since]
            assert swept.choice.totals["late"].other == sum(r["base"]["late"] for r in rest)
    best = min(costs, key=lambda values: costs[values])
    assert dict(best) == swept.choice.values
    assert costs[best] == pytest.approx(swept.choice.first[0])
    assert swept.choice.first[0] <= swept.choice.first[1]


def test_the_number_of_workers_does_not_matter(shop: tuple[Path, Path], swept: Sweep) -> None:
    """Two processes give the same sweep as one."""
    cost = "5 * reopened + late + 10 * open_days"
    assert swept == sweep(*shop, PARAMETERS, cost=cost, workers=2)


def test_without_tickets_nothing_is_chosen(shop: tuple[Path, Path], tmp_path: Path) -> None:
    """Without tickets nothing is chosen, all totals are 0, and the time open is None."""
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    found = sweep(empty, shop[1], {"timer.silent.after": ["20 hours"]}, workers=1)
    assert (0, None, None, None) == (
        found.tickets,
        found.open_days,
        found.choice,
        found.points[0].open_days,
    )


def test_parts_without_closings_cost_the_most(shop: tuple[Path, Path]) -> None:
    """A cost of NULL counts as the highest cost; of equal ones the present value is chosen."""
    found = sweep(*shop, {"timer.silent.after": SPANS}, cost="NULL", workers=1)
    assert found.choice is not None
    assert (float("inf"), "120 hours") == (
        found.choice.first[0],
        found.choice.values["timer.silent.after"],
    )


def test_wrong_names_and_values_are_errors(shop: tuple[Path, Path]) -> None:
    """A wrong goal, key, value or expression raises an error that says what would be right."""
    spans = {"timer.silent.after": ["20 hours"]}
    with pytest.raises(QueryError, match='no goal "reopend": did you mean "reopened"'):
        sweep(*shop, spans, goals=["reopend"])
    with pytest.raises(QueryError, match="silnt"):
        sweep(*shop, {"timer.silnt.after": ["20 hours"]})
    with pytest.raises(PolicyError, match="20 hurs"):
        sweep(*shop, {"timer.silent.after": ["20 hurs"]})
    with pytest.raises(QueryError, match="reopend"):
        sweep(*shop, spans, cost="reopend", workers=1)
    with pytest.raises(QueryError, match='unknown function "repeat"'):
        sweep(*shop, spans, cost="len(repeat('x', 2000000000))", workers=1)


def test_money_is_a_goal_for_each_currency(shop: tuple[Path, Path]) -> None:
    """Amounts of two currencies are never added: money is a goal for each currency."""
    history, policy = shop
    values = {"timer.silent.after": ["20 hours"]}
    goals = ["refund_eur", "refund_usd", "lost_eur", "lost_usd"]
    found = sweep(history, policy, values, goals=goals, cost="refund_eur - lost_usd", workers=1)
    [point] = found.points
    policies = [load_policy(policy), load_policy(policy, values=point.values)]
    with outcomes(history, policies, workers=1) as table:
        money = compare(table).money

    assert goals == list(point.totals)
    assert {
        f"{each.kind}_{each.currency.lower()}": (each.amount.base, each.amount.other)
        for each in money
        if each.payer == "*"
    } == {goal: (change.base, change.other) for goal, change in point.totals.items()}
    assert found.choice is not None
    assert found.choice.totals["refund_eur"].base < point.totals["refund_eur"].base


def test_a_goal_without_its_currency_is_refused(shop: tuple[Path, Path]) -> None:
    """A goal without its currency is refused, and so is a currency that no ticket has."""
    values = {"timer.silent.after": ["20 hours"]}
    with pytest.raises(QueryError, match='the goal "refund" lacks a currency: write "refund_eur"'):
        sweep(*shop, values, goals=["refund"])
    with pytest.raises(QueryError, match='orders have no currency "CHF": expected one of'):
        sweep(*shop, values, goals=["lost_chf"], workers=1)


def test_a_sweep_in_the_table_of_a_comparison_is_that_of_its_own_table(
    shop: tuple[Path, Path],
) -> None:
    """A sweep shares the table of a comparison, and each has the numbers of a table of its own.

    The first policy has other rules than the second one and its variants.
    """
    history, policy = shop
    base = parse_policy(SLOW_FILE.replace("[types.question]", "[types.question]\n[roles.lead]"))
    variants = policy_variants(policy, PARAMETERS)
    policies = [base, load_policy(policy), *variants.policies]
    with outcomes(history, policies, workers=1, lists=2) as table:
        shared, compared = sweep_of(table, variants, base="other"), compare(table)
        columns = [pq.read_schema(table.path).field(name).type for name in table.names]
        listed = [column.get_field_index("money") >= 0 for column in columns]
        assert [True, True, *(6 * [False])] == listed
    with outcomes(history, policies[:2], workers=1) as table:
        assert compare(table) == compared

    apart = sweep(history, policy, PARAMETERS, workers=1).to_json()
    assert f"{apart['policy']} ({policies[1].digest})" == shared.policy  # the base has its name
    assert _numbers(apart) == _numbers(shared.to_json() | {"policy": apart["policy"]})


def _numbers(value: object) -> object:
    """Return a value of JSON without conditions, which name the columns of their table."""
    if isinstance(value, dict):
        return {key: _numbers(below) for key, below in value.items() if key != "where"}
    return [_numbers(below) for below in value] if isinstance(value, list | tuple) else value
