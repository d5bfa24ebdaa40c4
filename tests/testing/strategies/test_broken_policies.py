"""A policy with a drawn mistake is refused for that mistake."""

import pytest
from hypothesis import given

from ticketcore.errors import PolicyError
from ticketcore.policies import parse_policy
from ticketcore.testing.strategies import BrokenPolicy, broken_policies


@given(broken_policies())
def test_broken_policies_are_refused_for_their_mistake(broken: BrokenPolicy) -> None:
    """A broken policy is refused at the key path of its mistake."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(broken.text)

    assert broken.path in {
        problem.path for problem in refused.value.problems if broken.mentions in str(problem)
    }
