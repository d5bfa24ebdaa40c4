"""How many examples the properties try.

`default` is what `make test` runs, the same examples each time: a change passes or fails by what
it does, and coverage does not hang on a draw. `thorough` draws anew, a hundred times as many:
`pytest --hypothesis-profile=thorough`, or HYPOTHESIS_PROFILE=thorough in the environment.
"""

import os

from hypothesis import HealthCheck, settings

# Examples are timed on machines that are busy with other things: no deadline, and no complaint
# that a whole life of a ticket takes long to draw.
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
# The same examples each time, and few: a mutant is killed by a test, or by no luck. mutmut runs
# the tests again and again in one process, a method each time on another instance of its class.
settings.register_profile(
    "mutation",
    settings.get_profile("default"),
    max_examples=15,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
