"""The problems of policy texts, which are made of a few common lines."""

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import parse_policy

HEAD = 'name = "p"\neffective = 2026-01-01\n'
OPEN = '[types.request]\n[types.complaint]\n[[permission]]\ncommands = "open"\nby = "customer"\n'
TIMER = '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
NAMED = 'reasons = ["broken"]\n[categories.bills]\n[storefronts.de]\nzone = "Europe/Berlin"\n'
PARTIES = 'expected one of "customer", "support", "system", "vendor"'


def problems(text: str) -> list[str]:
    """Return the problems of a policy, without the name of its file."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    return [str(problem).removeprefix("policy.toml:") for problem in caught.value.problems]
