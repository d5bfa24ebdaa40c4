from ticketcore.decider.clocks._deadlines import Count, Target, due, pauses_since, target_of
from ticketcore.decider.clocks._levels import level_instants
from ticketcore.decider.clocks._plan import plan, schedule
from ticketcore.decider.clocks._step import Step
from ticketcore.decider.clocks._usage import Usage, usage

__all__ = [
    "Count",
    "Step",
    "Target",
    "Usage",
    "due",
    "level_instants",
    "pauses_since",
    "plan",
    "schedule",
    "target_of",
    "usage",
]
