"""An exploration has no findings about the presets, and finds every fault of a broken policy."""

from pathlib import Path

import pytest

from support.broken.policies import BROKEN
from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money, Refunded
from ticketcore.policies import Policy, load_policy, parse_policy, presets
from ticketcore.scenarios import load_scenario, run_scenario
from ticketcore.testing import explore
from ticketcore.testing._candidates import try_command
from ticketcore.testing.exploring import _search
from ticketcore.ticket import Ticket, evolve

CLOSES_BEFORE_WARNING = BROKEN["a warning that comes after the closing"].text
NEVER_CLOSES = BROKEN["a ticket that no one and no timer closes"].text


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.no_cover] if name == "amazon-pay" else [])
        for name in presets()
    ],
)
def test_presets_have_no_findings(name: str) -> None:
    """Every rule of a preset can apply, every ticket can be closed, no refund exceeds the cap."""
    exploration = explore(load_policy(name))

    assert () == tuple(map(str, exploration.findings))
    assert exploration.complete


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_found_with_a_story_that_shows_it(fault: str, tmp_path: Path) -> None:
    """A fault of a policy is found with its code, its subject and a story that shows it."""
    broken = BROKEN[fault]
    findings = {
        (str(finding.code), finding.subject): finding
        for finding in explore(parse_policy(broken.text)).findings
    }
    finding = findings[broken.code, broken.subject]
    (tmp_path / "broken.toml").write_text(broken.text)
    story = tmp_path / "story.toml"
    story.write_text(finding.scenario("broken.toml"))
    run = run_scenario(load_scenario(story))

    assert str(finding).startswith(f"{broken.code}: ")
    assert () == run.failures


def test_a_policy_without_a_fault_has_no_findings() -> None:
    """A policy that opens, warns and closes a ticket is correct."""
    exploration = explore(parse_policy(CLOSES_BEFORE_WARNING.replace("8 days", "5 days")))

    assert () == exploration.findings
    assert exploration.complete


def test_a_refund_that_only_the_vendor_may_declare_failed_is_no_fault() -> None:
    """A refund that only the vendor may declare failed is not a fault."""
    faulty = BROKEN["a refund that the customer may declare failed"].text
    text = faulty.replace('"fail-refund"\nby = ["customer"]', '"fail-refund"\nby = ["vendor"]')

    assert text != faulty
    assert () == explore(parse_policy(text)).findings


def test_a_timer_is_not_silent_if_activity_can_postpone_the_closing() -> None:
    """A warning after 30 days can fire if activity postpones the closing after 6 days."""
    closing = 'name = "end"\nwhen = {}\nfrom = "last-activity"'
    text = CLOSES_BEFORE_WARNING.replace('name = "end"\nwhen = {}\nfrom = "opened"', closing)
    text = text.replace("8 days", "30 days")
    text += '[[permission]]\ncommands = "reply"\nby = "customer"\n'

    assert () == explore(parse_policy(text)).findings


def test_an_exploration_that_reaches_its_limit_is_incomplete() -> None:
    """An exploration that reaches its limit reports no ticket as impossible to close."""
    exploration = explore(load_policy("office"), max_states=2)

    assert not exploration.complete
    assert 2 == exploration.states
    assert "cannot-be-closed" not in {finding.code for finding in exploration.findings}


def test_an_incomplete_exploration_does_not_report_what_never_happens() -> None:
    """An incomplete exploration does not report timers or permissions as unused."""
    exploration = explore(load_policy("clickbank"), max_states=20)

    assert not exploration.complete
    assert () == exploration.findings


def test_an_exploration_tries_a_limited_number_of_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exploration tries a limited number of commands, over all states."""
    monkeypatch.setattr(_search, "MAX_EXPLORED_COMMANDS", 50)
    exploration = explore(load_policy("clickbank"))

    assert not exploration.complete
    assert exploration.states < 376


def test_a_limit_below_one_is_refused() -> None:
    """An exploration with a limit below one raises ValueError."""
    with pytest.raises(ValueError, match="max_states is 0: it must be at least 1"):
        explore(load_policy("office"), max_states=0)


def _refund_again(
    ticket: Ticket | None, command: Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]] | RefusedError:
    """Decide as the library does, but forget earlier refunds."""
    result = try_command(ticket, command, policy)
    if not isinstance(result, RefusedError) or result.code != "nothing-to-refund":
        return result
    paid = Refunded(at=command.at, by=command.by, amount=Money(10_000, "USD"))
    return evolve(ticket, paid), (paid,)


def test_a_refund_above_the_cap_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refund above the cap is found with the shortest story: open, refund, refund."""
    policy = parse_policy(NEVER_CLOSES + '[[permission]]\ncommands = "refund"\nby = "vendor"')
    monkeypatch.setattr("ticketcore.testing.exploring._search.try_command", _refund_again)
    (finding,) = (f for f in explore(policy).findings if f.code == "over-refund")

    assert ["open", "refund", "refund"] == [command.NAME for command in finding.story.commands]


@pytest.mark.parametrize(
    ("when", "unused"),
    [
        ('{ waiting_for = "vendor" }', []),
        ('{ status = "closed" }', ["change-policy by support"]),
    ],
)
def test_a_permission_to_change_the_policy_is_checked(when: str, unused: list[str]) -> None:
    """A permission to change the policy is reported if no ticket can reach its condition."""
    permission = '[[permission]]\ncommands = "change-policy"\nby = "support"\n'
    findings = explore(parse_policy(f"{NEVER_CLOSES}{permission}when = {when}\n")).findings

    assert unused == [f.subject for f in findings if f.code == "permission-never-used"]


def test_a_lost_dispute_after_a_refund_is_not_an_over_refund() -> None:
    """After a lost dispute no timer refunds: the bank has reimbursed the customer."""
    text = CLOSES_BEFORE_WARNING.replace('"open"', '["open", "open-dispute"]')
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
    findings = explore(parse_policy(text.replace('"close"', '"refund"') + claim)).findings

    assert "over-refund" not in {finding.code for finding in findings}


def test_a_window_that_a_timer_opens_is_tried_at_its_instant() -> None:
    """A permission that opens at a timer's due instant is tried at that instant."""
    policy = parse_policy(
        'name = "p"\neffective = 2026-01-01\nzone = "UTC"\ntypes.question = {}\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 day"\neffect = "close"\n'
        '[[timer]]\nname = "w"\nfrom = "last-activity"\nafter = "2 days"\neffect = "warn"\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "2 days"\n'
    )

    assert ["cannot-be-closed"] == [finding.code for finding in explore(policy).findings]
