from ticketcore.decide._advice import Advised, advise, check_profile
from ticketcore.decide._decide import advance, decide, elapse, step
from ticketcore.decide._effects import refundable
from ticketcore.decide._opening import opened_event
from ticketcore.decide._options import Option, options
from ticketcore.decide._planning import due, plan
from ticketcore.decide._refusing import permit

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
    "step",
]
