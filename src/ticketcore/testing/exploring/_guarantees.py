"""Prove the guarantees of a policy by searches, or find the stories that break them.

The first search checks every `never`, since one step shows whether it is broken. Each `always` has
a search of its own, in which the state of a ticket includes what the guarantee asks for.
"""

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

import attrs

from ticketcore.guarantees import broken_guarantees
from ticketcore.policies import Guarantee
from ticketcore.testing.exploring._findings import Finding
from ticketcore.testing.exploring._search import ReachedState, StateSearch

Proof: TypeAlias = Literal["holds", "broken", "not proved"]
"""The result for one guarantee. It is not proved if a search stopped at its limit."""


@attrs.frozen(kw_only=True)
class CheckedGuarantee:
    """A guarantee with its proof, and the finding if it is broken or never asks for anything."""

    name: str
    proof: Proof
    finding: Finding | None = None


def check_guarantees(
    first_search: StateSearch, search_following: Callable[[Guarantee], StateSearch]
) -> Iterator[CheckedGuarantee]:
    """Check each guarantee, in the order of the policy file.

    *search_following* searches again and follows an `always` guarantee.
    """
    for guarantee in first_search.policy.guarantees:
        search = first_search if guarantee.always is None else search_following(guarantee)
        broken = search.broken.get(guarantee.name)
        if broken is not None:
            yield _broken(search, guarantee, broken)
        elif not search.complete:
            yield CheckedGuarantee(name=guarantee.name, proof="not proved")
        elif guarantee.always is not None and not search.was_owed:
            yield _never_owed(search, guarantee)
        else:
            yield CheckedGuarantee(name=guarantee.name, proof="holds")


def _broken(search: StateSearch, guarantee: Guarantee, broken: ReachedState) -> CheckedGuarantee:
    story = broken.story(search.policy)
    of_it = attrs.evolve(search.policy, guarantees=(guarantee,))
    violation = next(broken_guarantees(story.events(), of_it, broken.until or broken.ticket.at))
    finding = Finding(
        code="guarantee-broken", subject=guarantee.name, message=str(violation), story=story
    )
    return CheckedGuarantee(name=guarantee.name, proof="broken", finding=finding)


def _never_owed(search: StateSearch, guarantee: Guarantee) -> CheckedGuarantee:
    name = guarantee.name
    finding = Finding(
        code="guarantee-never-applies",
        subject=name,
        message=f'the condition of guarantee "{name}" holds for no ticket that was tried',
        story=next(iter(search.states.values())).story(search.policy),
    )
    return CheckedGuarantee(name=name, proof="holds", finding=finding)
