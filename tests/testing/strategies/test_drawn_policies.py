"""Drawn policies load; policies with a drawn mistake are refused for it."""

import pytest
from hypothesis import given

from ticketcore.errors import PolicyError
from ticketcore.policies import Policy, parse_policy, presets
from ticketcore.testing.strategies import BrokenPolicy, broken_policies, policies, policy_texts


@given(policies(preset=True))
def test_presets_can_be_drawn(policy: Policy) -> None:
    """`preset=True` draws presets only."""
    assert policy.name in presets()


@given(policy_texts())
def test_drawn_texts_load(text: str) -> None:
    """A drawn policy file has no mistake."""
    assert "drawn" == parse_policy(text).name


@given(policies(preset=False))
def test_policies_can_be_drawn_without_presets(policy: Policy) -> None:
    """`preset=False` draws policies from drawn files only."""
    assert "drawn" == policy.name


@given(broken_policies())
def test_broken_policies_are_refused_for_their_mistake(broken: BrokenPolicy) -> None:
    """The problem is reported at the key path, and its text mentions the value."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(broken.text)

    assert broken.path in {
        problem.path for problem in refused.value.problems if broken.mentions in str(problem)
    }
