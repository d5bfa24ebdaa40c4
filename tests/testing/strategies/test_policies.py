"""Drawn policies load."""

from typing import get_args

import pytest
from hypothesis import Phase, find, given, settings

from ticketcore.commands import COMMANDS
from ticketcore.events import FieldKind
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


@pytest.mark.parametrize(
    "part",
    [
        *(f'type = "{kind}"' for kind in get_args(FieldKind)),
        *(f'commands = "{name}"' for name in COMMANDS if name != "change-policy"),
        "choices = ",
        "pauses = ",
        "met_by = ",
        "used = ",
        "past_due = ",
    ],
)
def test_every_part_is_drawn(part: str) -> None:
    """Fields of every kind and parts of timers are drawn; every command but one is permitted."""
    undisturbed = settings(phases=[Phase.generate], max_examples=2_000)
    assert part in find(policy_texts(), lambda text: part in text, settings=undisturbed)
