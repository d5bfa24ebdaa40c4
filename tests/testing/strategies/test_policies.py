"""Drawn policies load."""

from hypothesis import given

from ticketcore.policies import Policy, parse_policy, presets
from ticketcore.testing.strategies import policies, policy_texts


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
    """With `preset=False`, policies are drawn from files only."""
    assert "drawn" == policy.name
