"""The verdict says no more than the numbers."""

import attrs
import pytest

from support.comparisons import FAST, SLOW, record, stories
from ticketcore.comparison import Comparison, Interval, compare, outcomes
from ticketcore.reports import verdict


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Return a comparison of two policies on eighty tickets."""
    path = tmp_path_factory.mktemp("verdict") / "history.jsonl"
    record(path, list(stories(80, seed=1)))
    with outcomes(path, [SLOW, FAST], workers=1) as table:
        return compare(table)


def test_the_largest_changes_are_named(comparison: Comparison) -> None:
    """The verdict names the largest changes first, each with its direction."""
    sentence = verdict(comparison)
    earlier = comparison.closings["earlier"].tickets
    assert sentence.startswith("Under fast 2026-01-01 instead of slow 2026-01-01, ")
    assert f"{earlier / 80:.1%}".replace("%", " %") + " of 80 tickets close earlier" in sentence
    assert (
        f"there are {comparison.reopened.difference} more closings that people reopen" in sentence
    )
    assert "more is refunded" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(("median", "moved"), [(-7200.0, "by 2 h"), (0.0, "at the same time")])
def test_the_median_ticket_says_how_far_it_moves(
    comparison: Comparison, median: float, moved: str
) -> None:
    """The verdict says by how much the median ticket moves."""
    moves = {**comparison.moves, "0.5": median}
    sentence = verdict(attrs.evolve(comparison, moves=moves))

    assert f"of 80 tickets close earlier, the median ticket {moved};" in sentence


def test_a_difference_that_may_be_chance_is_called_so(comparison: Comparison) -> None:
    """A difference whose interval contains 0 is called a possible effect of chance."""
    unsure = attrs.evolve(comparison.reopened, difference=-3, interval=Interval(-9, 2))
    sentence = verdict(attrs.evolve(comparison, reopened=unsure))
    assert "there are 3 fewer closings that people reopen (which may be chance)" in sentence


def test_no_difference_is_not_mentioned(comparison: Comparison) -> None:
    """The verdict does not mention equal totals."""
    same = attrs.evolve(comparison.late, difference=0)
    closings = {
        name: attrs.evolve(count, tickets=0) for name, count in comparison.closings.items()
    }
    less = [
        attrs.evolve(each, amount=attrs.evolve(each.amount, difference=-1))
        for each in comparison.money
        if each.payer == "*"
    ]
    sentence = verdict(
        attrs.evolve(comparison, late=same, reopened=same, closings=closings, money=tuple(less))
    )
    assert "but none closes at another time; 0.01 EUR less is lost in disputes" in sentence
    assert "breached" not in sentence
