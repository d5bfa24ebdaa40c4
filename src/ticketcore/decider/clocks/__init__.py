from ticketcore.decider.clocks._deadlines import due, target_of
from ticketcore.decider.clocks._plan import plan, schedule
from ticketcore.decider.clocks._step import Step

__all__ = ["Step", "due", "plan", "schedule", "target_of"]
