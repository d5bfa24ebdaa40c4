"""Hypothesis profiles, and tests that measure no coverage.

The profiles say how many examples a property tries.

`make test` uses `default`, which draws the same 50 examples each time. A change then passes or
fails by its effect, and coverage does not depend on chance. `thorough` draws 5,000 new examples:
`pytest --hypothesis-profile=thorough`, or HYPOTHESIS_PROFILE=thorough in the environment.
"""

import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, Phase, settings

# No deadline and no check of slow draws: the machine may be busy, and a whole story of a ticket
# takes long to draw.
settings.register_profile(
    "default",
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", settings.get_profile("default"), max_examples=5_000, derandomize=False
)
# Few examples, the same each time: whether a mutant is found does not depend on chance. mutmut
# runs the tests repeatedly in one process, each method on several instances of its class.
settings.register_profile(
    "mutation",
    settings.get_profile("default"),
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # a failure need not become smaller
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Do not measure coverage in a test with the mark `no_cover`: it would take twice as long.

    The other tests cover the library completely.
    """
    tracer = sys.gettrace()
    if item.get_closest_marker("no_cover"):
        sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
