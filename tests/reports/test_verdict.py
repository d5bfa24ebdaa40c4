"""The verdict says no more than the numbers."""

import attrs
import pytest

from support.histories.comparisons import FAST, SLOW, record, stories
from ticketcore.comparison import Comparison, ConfidenceInterval, compare, outcomes
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


@pytest.mark.parametrize(("median", "moved"), [(-7200.0, ", the median ticket by 2 h"), (0.0, "")])
def test_the_median_ticket_says_how_far_it_moves(
    comparison: Comparison, median: float, moved: str
) -> None:
    """The verdict says by how much the median ticket moves, unless it does not move."""
    moves = {**comparison.moves, "0.5": median}
    sentence = verdict(attrs.evolve(comparison, moves=moves))

    assert f"of 80 tickets close earlier{moved};" in sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("later", "100.0 % of 80 tickets close later, the median ticket by "),
        ("only-base", "100.0 % of 80 tickets no longer close;"),
        ("only-other", "100.0 % of 80 tickets close that would stay open otherwise;"),
    ],
)
def test_the_most_frequent_change_of_closings_comes_first(
    comparison: Comparison, name: str, words: str
) -> None:
    """Whether most tickets close earlier, later or under one policy only decides the verdict."""
    closings = {
        **comparison.closings,
        name: attrs.evolve(comparison.closings[name], tickets=80),
    }

    assert words in verdict(attrs.evolve(comparison, closings=closings))


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        (60, 6, "75.0 % of 80 tickets close earlier; 7.5 % of 80 close later; "),
        (60, 5, "75.0 % of 80 tickets close earlier; there"),
    ],
)
def test_closings_that_move_the_other_way_are_named(
    comparison: Comparison, earlier: int, later: int, words: str
) -> None:
    """The verdict names closings in both directions, unless few move the other way."""
    tickets = {"earlier": earlier, "later": later}
    closings = {
        name: attrs.evolve(count, tickets=tickets.get(name, 0))
        for name, count in comparison.closings.items()
    }
    moves = {**comparison.moves, "0.5": 0.0}
    sentence = verdict(attrs.evolve(comparison, closings=closings, moves=moves))

    assert words in sentence


@pytest.mark.parametrize(
    ("difference", "words"),
    [(5, "; there are 5 more refused openings;"), (-1, "; there is 1 fewer refused opening;")],
)
def test_openings_that_one_policy_refuses_are_named(
    comparison: Comparison, difference: int, words: str
) -> None:
    """The verdict says how many more or fewer openings are refused."""
    interval = ConfidenceInterval(difference, difference)
    refused = attrs.evolve(comparison.not_opened, difference=difference, interval=interval)

    assert words in verdict(attrs.evolve(comparison, not_opened=refused))


def test_a_difference_that_may_be_chance_is_called_so(comparison: Comparison) -> None:
    """A difference whose interval contains 0 is called a possible effect of chance."""
    unsure = attrs.evolve(comparison.reopened, difference=-3, interval=ConfidenceInterval(-9, 2))
    sentence = verdict(attrs.evolve(comparison, reopened=unsure))
    assert "there are 3 fewer closings that people reopen (which may be chance)" in sentence


def test_one_ticket_is_counted_as_one(comparison: Comparison) -> None:
    """The verdict about one ticket has the singular, whether its closing moves or not."""
    one = attrs.evolve(comparison, tickets=1, changed=attrs.evolve(comparison.changed, tickets=1))
    counts = {
        name: attrs.evolve(count, tickets=int(name == "earlier"))
        for name, count in comparison.closings.items()
    }
    assert "100.0 % of 1 ticket close" in verdict(attrs.evolve(one, closings=counts))
    none = {name: attrs.evolve(count, tickets=0) for name, count in counts.items()}
    assert "changes on 100.0 % of 1 ticket, but" in verdict(attrs.evolve(one, closings=none))


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
