"""The timers that apply to a ticket, cached for tickets with equal facts."""

from datetime import UTC, datetime, timedelta

import pytest

from ticketcore.commands import Open
from ticketcore.decider import decide_and_apply, plan
from ticketcore.errors import PolicyError
from ticketcore.events import Replied
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket, fold

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
HEAD = """
name = "shop"
effective = 2026-01-01
default_handler = "support"
zone = "UTC"
any_type = true
[[permission]]
commands = "open"
by = "customer"
"""
SILENT = """
[[timer]]
name = "silent"
from = "last-activity"
effect = "warn"
"""


def opened(policy: Policy, kind: str) -> Ticket:
    """Return a new ticket of a type."""
    return decide_and_apply(None, Open(at=AT, by="customer", type=kind), policy)[0]


def names(policy: Policy, kind: str) -> list[str]:
    """Return the spans of the timers that apply to a new ticket of a type."""
    return [str(rule.after) for rule in policy.timer_definitions(opened(policy, kind))]


def test_a_timer_without_conditions_applies_to_every_ticket() -> None:
    """A policy whose timers have no conditions treats all tickets alike."""
    policy = parse_policy(HEAD + SILENT + 'after = "2 hours"')
    assert [["2 hours"], ["2 hours"]] == [names(policy, kind) for kind in ("printer", "mouse")]


def test_the_first_timer_of_a_name_that_applies_counts() -> None:
    """A printer has the timer for printers, any other ticket the timer after it."""
    printers = SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n'
    policy = parse_policy(HEAD + printers + SILENT + 'after = "2 hours"')
    assert [["1 hour"], ["2 hours"]] == [names(policy, kind) for kind in ("printer", "mouse")]


def test_timers_are_found_once_for_tickets_with_the_same_facts() -> None:
    """A second ticket of the same type gets the cached timers."""
    policy = parse_policy(HEAD + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    first, second = (policy.timer_definitions(opened(policy, "printer")) for _ in range(2))
    assert first is second


def test_the_cache_of_timers_is_bounded() -> None:
    """If a type can be any text, the cache keeps at most 1024 entries and stays correct."""
    policy = parse_policy(HEAD + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    kept = []
    for number in range(1500):
        assert [] == names(policy, f"machine {number}")
        kept.append(len(policy._timers))
    assert ["1 hour"] == names(policy, "printer")
    assert 1024 == max(kept)


def test_activity_may_be_that_of_some_parties() -> None:
    """The last activity of the named parties counts, or the opening before they act."""
    policy = parse_policy(
        HEAD + SILENT + 'after = "1 hour"\nactivity_by = ["customer", "support"]\n'
    )
    ticket = opened(policy, "printer")
    hour = timedelta(hours=1)
    assert [AT + hour] == [timer.due for timer in plan(ticket, policy, AT)]

    for minute, by in enumerate(("vendor", "customer", "support", "vendor"), 1):
        at = AT + minute * timedelta(minutes=1)
        ticket = fold([Replied(at=at, by=by, text="?")], ticket)  # type: ignore[arg-type]
    assert [AT + timedelta(minutes=3) + hour] == [t.due for t in plan(ticket, policy, ticket.at)]
    assert AT == opened(policy, "mouse").last_active(["vendor"])


@pytest.mark.parametrize(
    ("timer", "problem"),
    [
        (
            SILENT.replace("last-activity", "opened") + 'activity_by = "customer"\n',
            'timer[0].activity_by: only works with from = "last-activity"',
        ),
        (
            SILENT + 'activity_by = "system"\n',
            'timer[0].activity_by: unknown "system"; '
            'expected one of "customer", "support", "vendor"',
        ),
    ],
)
def test_activity_by_is_checked(timer: str, problem: str) -> None:
    """C17: the system has no activity; other anchors have no parties."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(HEAD + timer + 'after = "1 hour"\n')
    assert [problem in str(one) for one in caught.value.problems] == [True], str(caught.value)
