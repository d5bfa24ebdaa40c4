"""Find rules of a valid policy that its author may not have meant."""

from collections.abc import Iterator, Mapping
from typing import Final

from ticketcore._toml import quoted
from ticketcore.policies._checks._clocks import CHANGING, goes_on_from_its_start, stays
from ticketcore.policies._policy import Policy, PossibleMistake
from ticketcore.policies.conditions._conditions import OWN, Condition
from ticketcore.policies.tables._timers import TimerDefinition

# The commands by which people give a fact another value, and give it the first one again.
_CHANGED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "type": ("change-type", "review"),
    "category": ("classify",),
    "subcategory": ("classify",),
    "reason": ("classify",),
    "assigned_to": ("assign",),
    "tags": ("untag",),
}


def resumed_by_values(policy: Policy) -> Iterator[PossibleMistake]:
    """Yield a possible mistake for each timer that ends and comes back with the values of a fact.

    A breach that nothing meets may end with an answer on purpose, so it is only a possible
    mistake; with `met_by` or levels it is refused.
    """
    for place, timer in enumerate(policy.timers):
        if not goes_on_from_its_start(policy, timer):
            continue
        renewing = {"type"} if "type-set" in timer.anchors else set()
        for fact in _facts_that_end_it(timer):
            if fact not in renewing and _can_return(policy, fact):
                yield PossibleMistake(
                    ("timer", place),
                    f"timer {quoted(timer.name)} ends while {fact} has another value, and goes on "
                    f'from "{timer.since}" as if it had not ended: to leave that time out, name '
                    'the values under [pauses]; with from = "applied" a new count begins',
                )
                break


def unrecorded_after_closing(policy: Policy) -> Iterator[PossibleMistake]:
    """Yield a possible mistake if a final closing can come before news of the order's money."""
    kept_out = []
    if policy.refunds.requires_confirmation:
        kept_out.append("whether a pending refund succeeded")
    if policy.dispute_kinds:
        kept_out.append("what a bank reports about disputes")
    if kept_out and policy.closing.final_by:
        yield PossibleMistake(
            ("closing", "final_by"),
            "after a final closing every command is refused, so nobody can record "
            + " or ".join(kept_out),
        )


def _facts_that_end_it(timer: TimerDefinition) -> Iterator[str]:
    for when in (timer.when, timer.when.unless or Condition()):
        yield from (fact for fact in when.facts if not stays(when, fact))


def _can_return(policy: Policy, fact: str) -> bool:
    """Whether people can change a fact, and change it back."""
    if fact in CHANGING:
        return True
    if not fact.startswith(OWN):
        return any(policy.parties(command) for command in _CHANGED_BY.get(fact, ()))
    field = fact.removeprefix(OWN)
    return any(
        permission.by and (not permission.fields or field in permission.fields)
        for permission in policy.permissions
        if "set-field" in permission.commands
    )
