"""Exploration: the presets are clean, and every broken policy is found out, with its story."""

from pathlib import Path

import pytest

from broken_policies import BROKEN
from ticketcore.policies import load_policy, parse_policy, presets
from ticketcore.simulation import load_scenario, run_scenario
from ticketcore.testing import explore
from ticketcore.testing.exploring._search import Place, Search
from ticketcore.testing.exploring._shape import Shapes


@pytest.mark.slow
@pytest.mark.parametrize("name", presets())
def test_nothing_is_wrong_with_the_presets(name: str) -> None:
    """Each rule can come into force, every ticket can end, and no money leaves twice."""
    found = explore(load_policy(name))

    assert () == tuple(map(str, found.findings))
    assert found.complete


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_policy_is_found_out(mistake: str, tmp_path: Path) -> None:
    """What is wrong is among the findings, by its code and name; its story runs as a scenario,
    and everything happens in it that the file expects."""
    text, problem, what = BROKEN[mistake]
    found = {(str(f.problem), f.what): f for f in explore(parse_policy(text)).findings}
    finding = found[problem, what]
    (tmp_path / "broken.toml").write_text(text)
    story = tmp_path / "story.toml"
    story.write_text(finding.scenario("broken.toml"))
    run = run_scenario(load_scenario(story))

    assert str(finding).startswith(f"{problem}: ")
    assert [] == [check for check in run.checks if not check.met]


def test_a_policy_without_a_mistake_has_no_findings() -> None:
    """The smallest policy that is right: a ticket is opened, and closed."""
    text = BROKEN["a warning comes after the closing"][0].replace("8 days", "5 days")
    found = explore(parse_policy(text))

    assert () == found.findings
    assert found.complete


def test_a_timer_that_others_keep_putting_off_is_not_called_silent() -> None:
    """A warning 30 days after the opening comes if people talk that long, though silence closes
    the ticket after 6: the exploration finds the talk."""
    closing = 'name = "end"\nwhen = {}\nfrom = "activity"'
    text = BROKEN["a warning comes after the closing"][0]
    text = text.replace('name = "end"\nwhen = {}\nfrom = "opened"', closing)
    text = text.replace("8 days", "30 days") + '[[allow]]\ndo = "reply"\nby = "customer"\n'

    assert () == explore(parse_policy(text)).findings


def test_an_exploration_that_meets_its_bound_says_so() -> None:
    """Beyond it nothing is known, so nothing is said to be a dead end."""
    found = explore(load_policy("office"), bound=2)

    assert not found.complete
    assert 2 == found.states
    assert "no-way-out" not in {finding.problem for finding in found.findings}


def test_more_than_the_cap_is_money_twice() -> None:
    """Were a refund to go above the cap, the search would keep the shortest story to it."""
    policy = load_policy("kaufland")
    search = Search(policy, 50, Shapes(policy)).run()

    assert search.double_payment is None
    assert all(isinstance(place, Place) for place in search.places.values())


def test_a_refund_falls_away_once_a_dispute_has_reimbursed_the_customer() -> None:
    """A timer pays no more than a vendor may: who has the money from the bank gets it once."""
    text = BROKEN["a warning comes after the closing"][0].replace(
        '"open"', '["open", "open-dispute"]'
    )
    claim = """
[disputes.claim]
ends = []
[[timer]]
name = "claim"
when = { dispute = "claim" }
from = "dispute"
after = "1 day"
effect = "concede"
"""
    text = text.replace('"close"', '"refund"') + claim
    found = explore(parse_policy(text)).findings

    assert "money-twice" not in {finding.problem for finding in found}
