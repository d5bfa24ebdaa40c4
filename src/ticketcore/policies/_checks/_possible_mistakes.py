"""Find rules of a valid policy that its author may not have meant."""

from collections.abc import Iterator, Mapping
from typing import Final

from ticketcore._toml import quoted
from ticketcore.policies._checks._clocks import goes_on_from_its_start
from ticketcore.policies._policy import Policy
from ticketcore.policies.conditions._conditions import OWN, Condition

# The commands by which people give a fact another value, and give it the first one again.
_CHANGED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "type": ("change-type", "review"),
    "category": ("classify",),
    "subcategory": ("classify",),
    "reason": ("classify",),
    "assigned_to": ("assign",),
    "tags": ("untag",),
}


def resumed_by_values(policy: Policy) -> Iterator[str]:
    """Yield a sentence for each timer that ends and comes back with the values of a fact."""
    for timer in policy.timers:
        if not goes_on_from_its_start(policy, timer):
            continue
        renewing = {"type"} if "type-set" in timer.anchors else set()
        for fact in (*timer.when.facts, *(timer.when.unless or Condition()).facts):
            if fact not in renewing and _can_return(policy, fact):
                yield (
                    f"timer {quoted(timer.name)} ends while {fact} has another value, and goes on "
                    f'from "{timer.since}" as if it had not ended: to leave that time out, name '
                    'the values under [pauses]; with from = "applied" a new count begins'
                )
                break


def _can_return(policy: Policy, fact: str) -> bool:
    """Whether people can change a fact, and change it back."""
    if not fact.startswith(OWN):
        return any(policy.parties(command) for command in _CHANGED_BY.get(fact, ()))
    field = fact.removeprefix(OWN)
    return any(
        permission.by and (not permission.fields or field in permission.fields)
        for permission in policy.permissions
        if "set-field" in permission.commands
    )
