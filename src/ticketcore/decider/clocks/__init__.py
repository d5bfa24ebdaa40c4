from ticketcore.decider.clocks._deadlines import TimerCount, due, target_of
from ticketcore.decider.clocks._levels import level_instants
from ticketcore.decider.clocks._plan import plan, schedule
from ticketcore.decider.clocks._step import PlanStep
from ticketcore.decider.clocks._usage import Usage, count_of, usage

__all__ = [
    "PlanStep",
    "TimerCount",
    "Usage",
    "count_of",
    "due",
    "level_instants",
    "plan",
    "schedule",
    "target_of",
    "usage",
]
