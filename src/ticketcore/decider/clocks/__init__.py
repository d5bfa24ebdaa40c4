from ticketcore.decider.clocks._deadlines import due, target_of
from ticketcore.decider.clocks._plan import plan, schedule
from ticketcore.decider.clocks._step import Step
from ticketcore.decider.clocks._usage import Usage, usage

__all__ = ["Step", "Usage", "due", "plan", "schedule", "target_of", "usage"]
