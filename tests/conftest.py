"""Profiles of Hypothesis: the number of examples of each property.

`default` is the profile of `make test`. It draws the same examples each time, so that neither a
result nor the coverage depends on chance. `thorough` draws a hundred times as many new ones:
`pytest --hypothesis-profile=thorough`, or HYPOTHESIS_PROFILE=thorough in the environment.
"""

import os

from hypothesis import HealthCheck, settings

# Machines are busy with other work, and whole histories take long to draw: no deadline.
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
# Few examples, the same each time: a mutant survives or not without chance. mutmut runs the tests
# many times in one process, each method with a new instance of its class.
settings.register_profile(
    "mutation",
    settings.get_profile("default"),
    max_examples=15,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
