"""Conditions that can never hold under a policy, found without a search."""

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import Policy, parse_policy

HEAD = """
name = "p"
effective = 2026-01-01
[types.request]
[disputes.claim]
[[permission]]
commands = "open"
by = ["customer", "vendor"]
"""
TIMER = """
[[timer]]
name = "t"
from = "ANCHOR"
after = "1 hour"
effect = "warn"
when = { WHEN }
"""


def policy(when: str, more: str = "", anchor: str = "opened") -> Policy:
    """A policy whose timer has a condition."""
    text = HEAD.replace("\n[types", f"\n{more}\n[types", 1) if "=" in more[:20] else HEAD + more
    return parse_policy(text + TIMER.replace("WHEN", when).replace("ANCHOR", anchor))


def names(policy: Policy) -> tuple[str, ...]:
    """The names of the timers of a policy."""
    return tuple(timer.name for timer in policy.timers)


def problems(when: str, more: str = "", anchor: str = "opened") -> list[str]:
    """The problems of that policy, without their place."""
    with pytest.raises(PolicyError) as caught:
        policy(when, more, anchor)
    return [f"{p.path}: {p.message}" for p in caught.value.problems]


def permission(commands: str, by: str) -> str:
    """A further permission."""
    return f'[[permission]]\ncommands = "{commands}"\nby = "{by}"\n'


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (
            'waiting_for = "system"',
            "waiting_for: "
            'waiting_for = "system" can never hold here: '
            "a ticket can only wait for customer or vendor",
        ),
        (
            'waiting_for = ["support", "system"]',
            'waiting_for: waiting_for = ["support", "system"] can never hold here: '
            "a ticket can only wait for customer or vendor",
        ),
        (
            'handler = "support"',
            'handler: handler = "support" can never hold here: only vendor can handle a ticket',
        ),
        (
            'opened_by = "support"',
            'opened_by: opened_by = "support" can never hold here: '
            "only customer or vendor may open a ticket",
        ),
        (
            'requested_by = ["support", "system"]',
            'requested_by: requested_by = ["support", "system"] can never hold here: '
            "only customer or vendor may set a ticket's type",
        ),
        (
            "acknowledged = true",
            "acknowledged: acknowledged = true can never hold here: "
            "nobody may acknowledge a ticket, and no timer does",
        ),
        (
            "solved = true",
            "solved: solved = true can never hold here: nobody may reply to a ticket",
        ),
        (
            "answered = true",
            "answered: answered = true can never hold here: nobody but the customer may reply "
            "to a ticket or ask for information",
        ),
        (
            'status = "open", waiting_for = "customer"',
            'waiting_for: waiting_for = "customer" can never hold here: '
            "an open ticket waits for vendor",
        ),
        (
            'status = ["pending", "closed"], waiting_for = "vendor"',
            'waiting_for: waiting_for = "vendor" can never hold here: '
            "a ticket that waits for vendor is open",
        ),
        (
            'status = "pending", waiting_for = "vendor"',
            'waiting_for: waiting_for = "vendor" can never hold here: '
            "a ticket that waits for vendor is open",
        ),
        (
            'status = "closed"',
            'status: status = "closed" can never hold here: '
            'a timer that counts from "opened" stops when the ticket closes',
        ),
        (
            'status = { not = ["open", "pending"] }',
            'status: status = { not = ["open", "pending"] } can never hold here: '
            'a timer that counts from "opened" stops when the ticket closes',
        ),
        (
            'handler = { not = "vendor" }',
            'handler: handler = { not = "vendor" } can never hold here: '
            "only vendor can handle a ticket",
        ),
        (
            'opened_by = { not = ["customer", "vendor"] }',
            'opened_by: opened_by = { not = ["customer", "vendor"] } can never hold here: '
            "only customer or vendor may open a ticket",
        ),
        (
            'requested_by = { not = ["customer", "vendor"] }',
            'requested_by: requested_by = { not = ["customer", "vendor"] } can never hold here: '
            "only customer or vendor may set a ticket's type",
        ),
        (
            'type = { not = "request" }',
            'type: type = { not = "request" } can never hold here: no value is left',
        ),
    ],
)
def test_a_condition_that_never_holds(when: str, reason: str) -> None:
    """The problem names the condition as it is written, and why no ticket can be so."""
    assert [f"timer[0].when.{reason}"] == problems(when)


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ('waiting_for = ["vendor", "system"]', ""),
        ('waiting_for = "customer"', ""),
        ('waiting_for = "support"', permission("escalate", "vendor")),
        ('waiting_for = "support"', 'default_handler = "support"'),
        ('handler = "support"', TIMER.replace('"t"', '"e"').replace('"warn"', '"escalate"')),
        ('opened_by = "vendor"', ""),
        ('requested_by = "support"', permission("change-type", "support")),
        ('requested_by = "support"', permission("review", "support")),
        ("acknowledged = true", permission("acknowledge", "vendor")),
        ("acknowledged = true", TIMER.replace('"t"', '"a"').replace('"warn"', '"acknowledge"')),
        ("acknowledged = false", ""),
        ("solved = true", permission("reply", "customer")),
        ("solved = false, answered = false", ""),
        ("answered = true", permission("reply", "vendor")),
        ("answered = true", permission("request-info", "customer")),
        ('status = ["open", "pending"]', ""),
        ('status = "open", waiting_for = "vendor"', ""),
        ('status = "pending", waiting_for = "customer"', ""),
        ('status = ["open", "pending"], waiting_for = "customer"', ""),
        ("has_grace_period = false", ""),
    ],
)
def test_a_condition_that_can_hold(when: str, more: str) -> None:
    """A condition is accepted if a ticket can have one of its values, or a party can set one."""
    more = more.replace('from = "ANCHOR"', 'from = "opened"').replace("when = { WHEN }\n", "")

    assert ("t",) == names(policy(when, more))[-1:]


def test_a_field_without_a_default_may_have_no_value() -> None:
    """A condition that excludes all values holds without one, which a default makes impossible."""
    field = '[fields.team]\nchoices = ["first", "second"]\n'
    when = 'fields.team = { not = ["first", "second"] }'

    assert ("t",) == names(policy(when, field))
    assert [
        f"timer[0].when.fields.team: {when} can never hold here: no value is left"
    ] == problems(when, field + 'default = "first"\n')


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (
            'status = ["open", "pending"]',
            'status: status = ["open", "pending"] can never hold here: '
            'a timer that counts from "closed" runs only while the ticket is closed',
        ),
        (
            'waiting_for = "vendor"',
            'waiting_for: waiting_for = "vendor" can never hold here: '
            "a closed ticket waits for nobody",
        ),
    ],
)
def test_a_timer_of_closed_tickets(when: str, reason: str) -> None:
    """A timer of closed tickets runs from the closing to the reopening."""
    assert [f"timer[0].when.{reason}"] == problems(when, anchor="closed")
    assert ("t",) == names(policy('status = "closed"', anchor="closed"))


@pytest.mark.parametrize("status", ["open", "pending", "closed"])
def test_a_timer_of_disputes_runs_whatever_the_status(status: str) -> None:
    """A timer of disputes may have any status in its `when`: disputes outlive the closing."""
    timer = TIMER.replace('"warn"', '"lose-dispute"').replace("ANCHOR", "dispute-opened")
    when = f'dispute_kind = "claim", status = "{status}"'
    text = HEAD + permission("open-dispute", "support") + timer.replace("WHEN", when)

    assert ("t",) == names(parse_policy(text))


def test_a_timer_of_disputes_that_nobody_may_open() -> None:
    """A timer of disputes is a mistake if no permission lets anybody report a dispute."""
    timer = TIMER.replace('"warn"', '"lose-dispute"').replace("ANCHOR", "dispute-opened")
    with pytest.raises(PolicyError) as caught:
        parse_policy(HEAD + timer.replace("WHEN", 'dispute_kind = "claim"'))

    assert [
        'timer[0].when.dispute_kind: dispute_kind = "claim" can never hold here: '
        "nobody may open a dispute"
    ] == [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    "table",
    [
        '[[permission]]\ncommands = "close"\nby = "vendor"\nwhen = { opened_by = "support" }\n',
        '[[notification]]\nname = "n"\non = "closed"\nto = "vendor"\n'
        'when = { opened_by = "support" }\n',
    ],
)
def test_permissions_and_notifications_have_conditions_too(table: str) -> None:
    """Conditions of permissions and notifications are checked like those of timers."""
    with pytest.raises(PolicyError, match="only customer or vendor may open a ticket"):
        parse_policy(HEAD + table)


def test_without_anybody_who_may_open_there_is_one_problem() -> None:
    """The consequences of a mistake are not reported."""
    text = HEAD.replace('"open"', '"reply"') + TIMER.replace("WHEN", 'opened_by = "vendor"')
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.replace("ANCHOR", "opened"))

    assert ["permission"] == [problem.path for problem in caught.value.problems]
