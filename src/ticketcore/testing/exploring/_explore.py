"""Everything that can happen under a policy, tried out."""

import attrs

from ticketcore.policies import Policy
from ticketcore.testing.exploring._findings import Finding, findings
from ticketcore.testing.exploring._search import Search
from ticketcore.testing.exploring._shape import Shapes


@attrs.frozen(kw_only=True)
class Exploration:
    """What an exploration found. *states* is how many shapes of a ticket it told apart;
    *complete* is False where there were more than its bound."""

    policy: Policy
    findings: tuple[Finding, ...]
    states: int
    complete: bool


def explore(policy: Policy, *, bound: int = 20_000) -> Exploration:
    """Try all that people may do and clocks may bring, breadth first, under one policy.

    Every command by every party, a moment after what happened last, and just before, at and just
    after each timer, on every ticket that the policy tells apart from those before; up to *bound*
    of them. Finds types, timers and permissions that never come into force, timers that something
    always ends before they fire, open tickets that cannot be closed any more, and money that goes
    back twice. With more than *bound* only the last can be told. Reads no clock, and takes
    seconds. Raises ValueError for a bound below 1.
    """
    if bound < 1:
        raise ValueError(f"the bound is {bound}: give a number from 1")
    search = Search(policy, bound, Shapes(policy)).run()
    found = findings(search, lambda watched: Search(policy, bound, Shapes(policy, watched)).run())
    return Exploration(
        policy=policy,
        findings=tuple(found),
        states=len(search.places),
        complete=search.complete,
    )
