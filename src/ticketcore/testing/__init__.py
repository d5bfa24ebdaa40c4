from ticketcore.testing._given import Given, Outcome, given
from ticketcore.testing._laws import LAWS, broken_laws
from ticketcore.testing._story import Story, Told
from ticketcore.testing._unchecked import UncheckedError
from ticketcore.testing.exploring import Exploration, Finding, Problem, explore

__all__ = [
    "LAWS",
    "Exploration",
    "Finding",
    "Given",
    "Outcome",
    "Problem",
    "Story",
    "Told",
    "UncheckedError",
    "broken_laws",
    "explore",
    "given",
]
