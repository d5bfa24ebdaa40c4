from ticketcore.decider._advice import Advised, advise, check_profile
from ticketcore.decider._closing import reviewed_type
from ticketcore.decider._decide import advance, decide, elapse, step
from ticketcore.decider._effects import refundable
from ticketcore.decider._opening import opened_event
from ticketcore.decider._options import Option, options
from ticketcore.decider._planning import due, plan, reschedule
from ticketcore.decider._refusing import permit

__all__ = [
    "Advised",
    "Option",
    "advance",
    "advise",
    "check_profile",
    "decide",
    "due",
    "elapse",
    "opened_event",
    "options",
    "permit",
    "plan",
    "refundable",
    "reschedule",
    "reviewed_type",
    "step",
]
