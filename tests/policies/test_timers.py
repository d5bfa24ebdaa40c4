"""Which timers apply to a ticket: found once for tickets with the same facts."""

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
    """A new ticket of a type."""
    return decide_and_apply(None, Open(at=AT, by="customer", type=kind), policy)[0]


def names(policy: Policy, kind: str) -> list[str]:
    """The spans of the timers that apply to a new ticket of a type."""
    return [str(rule.after) for rule in policy.timer_definitions(opened(policy, kind))]


def test_a_timer_without_conditions_applies_to_every_ticket() -> None:
    """Where no timer asks for a fact, there is none to tell tickets apart by."""
    policy = parse_policy(HEAD + SILENT + 'after = "2 hours"')
    assert [["2 hours"], ["2 hours"]] == [names(policy, kind) for kind in ("printer", "mouse")]


def test_of_timers_with_one_name_the_first_that_applies_counts() -> None:
    """A printer has the timer for printers, anything else the one that follows."""
    printers = SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n'
    policy = parse_policy(HEAD + printers + SILENT + 'after = "2 hours"')
    assert [["1 hour"], ["2 hours"]] == [names(policy, kind) for kind in ("printer", "mouse")]


def test_timers_are_found_once_for_tickets_with_the_same_facts() -> None:
    """The second ticket of a type costs no more than a look."""
    policy = parse_policy(HEAD + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    first, second = (policy.timer_definitions(opened(policy, "printer")) for _ in range(2))
    assert first is second


def test_types_without_end_do_not_fill_the_memory() -> None:
    """Where a type can be any text, what is remembered of them stays bounded, and right."""
    policy = parse_policy(HEAD + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    kept = []
    for number in range(1500):
        assert [] == names(policy, f"machine {number}")
        kept.append(len(policy._timers))
    assert ["1 hour"] == names(policy, "printer")
    assert 1024 == max(kept)


def test_activity_may_be_that_of_some_parties() -> None:
    """Of those who are named the last counts; where none has done anything, the opening."""
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
def test_whose_activity_is_checked(timer: str, problem: str) -> None:
    """C17: what the system does is none, and no other instant is anybody's."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(HEAD + timer + 'after = "1 hour"\n')
    assert [problem in str(one) for one in caught.value.problems] == [True], str(caught.value)
