from ticketcore.decider._advice import Advised, advise, check_profile
from ticketcore.decider._closing import reviewed_type
from ticketcore.decider._decide import advance, advance_ticket, decide, decide_and_apply
from ticketcore.decider._effects import refundable
from ticketcore.decider._opening import opened_event
from ticketcore.decider._options import AvailableCommand, available_commands
from ticketcore.decider._planning import due, plan, reschedule
from ticketcore.decider._refusing import authorize

__all__ = [
    "Advised",
    "AvailableCommand",
    "advance",
    "advance_ticket",
    "advise",
    "authorize",
    "available_commands",
    "check_profile",
    "decide",
    "decide_and_apply",
    "due",
    "opened_event",
    "plan",
    "refundable",
    "reschedule",
    "reviewed_type",
]
