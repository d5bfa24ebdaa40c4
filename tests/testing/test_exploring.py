"""Exploration: the presets are clean, and every broken policy is found out, with its story."""

from pathlib import Path
from unittest.mock import patch

import pytest

from support.broken_policies import BROKEN
from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money, Refunded
from ticketcore.policies import Policy, load_policy, parse_policy, presets
from ticketcore.scenarios import load_scenario, run_scenario
from ticketcore.testing import explore
from ticketcore.testing._asking import accepted
from ticketcore.ticket import Ticket, evolve


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
    assert [] == [check for check in run.expectations if not check.met]


def test_a_policy_without_a_mistake_has_no_findings() -> None:
    """The smallest policy that is right: a ticket is opened, and closed."""
    text = BROKEN["a warning comes after the closing"][0].replace("8 days", "5 days")
    found = explore(parse_policy(text))

    assert () == found.findings
    assert found.complete


def test_a_timer_that_others_keep_putting_off_is_not_called_silent() -> None:
    """A warning 30 days after the opening comes if people talk that long, though silence closes
    the ticket after 6: the exploration finds the talk."""
    closing = 'name = "end"\nwhen = {}\nfrom = "last-activity"'
    text = BROKEN["a warning comes after the closing"][0]
    text = text.replace('name = "end"\nwhen = {}\nfrom = "opened"', closing)
    text = (
        text.replace("8 days", "30 days") + '[[permission]]\ncommands = "reply"\nby = "customer"\n'
    )

    assert () == explore(parse_policy(text)).findings


def test_an_exploration_that_meets_its_bound_says_so() -> None:
    """Beyond it nothing is known, so nothing is said to be a dead end."""
    found = explore(load_policy("office"), bound=2)

    assert not found.complete
    assert 2 == found.states
    assert "no-way-out" not in {finding.problem for finding in found.findings}


def test_what_was_seen_in_part_is_not_called_never() -> None:
    """A timer that fires later, and a permission that is used later, are no findings."""
    found = explore(load_policy("clickbank"), bound=20)

    assert not found.complete
    assert () == found.findings


def test_a_bound_that_leaves_nothing_is_refused() -> None:
    """It would find nothing in any policy."""
    with pytest.raises(ValueError, match="the bound is 0"):
        explore(load_policy("office"), bound=0)


def _careless(
    ticket: Ticket | None, command: Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]] | RefusedError:
    """A decider that forgets what went back before."""
    result = accepted(ticket, command, policy)
    if not isinstance(result, RefusedError) or result.code != "nothing-to-refund":
        return result
    paid = Refunded(at=command.at, by=command.by, amount=Money(10_000, "USD"))
    return evolve(ticket, paid), (paid,)


def test_more_than_the_cap_is_money_twice() -> None:
    """Were the decider to refund twice, the exploration would tell the shortest story to it: an
    opening and two refunds."""
    policy = parse_policy(
        BROKEN["nothing and nobody closes a ticket"][0]
        + '[[permission]]\ncommands = "refund"\nby = "vendor"'
    )
    with patch("ticketcore.testing.exploring._search.accepted", _careless):
        (twice,) = (f for f in explore(policy).findings if f.problem == "money-twice")

    assert ["open", "refund", "refund"] == [command.NAME for command in twice.story.commands]


@pytest.mark.parametrize(
    ("when", "unused"),
    [
        ('{ waiting_for = "vendor" }', []),
        ('{ opened_by = "support" }', ["change-policy by support"]),
    ],
)
def test_changing_the_policy_is_a_permission_like_others(when: str, unused: list[str]) -> None:
    """It is used where a ticket comes to where it counts, and found out where none ever does."""
    text = BROKEN["nothing and nobody closes a ticket"][0]
    text += f'[[permission]]\ncommands = "change-policy"\nby = "support"\nwhen = {when}\n'
    findings = explore(parse_policy(text)).findings

    assert unused == [f.what for f in findings if f.problem == "permission-never-used"]


def test_a_refund_falls_away_once_a_dispute_has_reimbursed_the_customer() -> None:
    """A timer pays no more than a vendor may: who has the money from the bank gets it once."""
    text = BROKEN["a warning comes after the closing"][0].replace(
        '"open"', '["open", "open-dispute"]'
    )
    claim = """
[disputes.claim]
supersedes = []
[[timer]]
name = "claim"
when = { dispute_kind = "claim" }
from = "dispute-opened"
after = "1 day"
effect = "lose-dispute"
"""
    text = text.replace('"close"', '"refund"') + claim
    found = explore(parse_policy(text)).findings

    assert "money-twice" not in {finding.problem for finding in found}
