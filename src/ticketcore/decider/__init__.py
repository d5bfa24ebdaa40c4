from ticketcore.decider._advice import Recommendation, advise, check_profile
from ticketcore.decider._authorization import authorize
from ticketcore.decider._available import AvailableCommand, available_commands, sample_commands
from ticketcore.decider._decide import (
    Decision,
    advance,
    advance_ticket,
    decide,
    decide_and_apply,
    decide_in_parts,
    follow_up,
)
from ticketcore.decider._effects import refundable
from ticketcore.decider._moves import check_move
from ticketcore.decider._orders import OrderAdvance, advance_order
from ticketcore.decider._windows import Window, reopening_window, window_of
from ticketcore.decider.clocks import PlanStep, Usage, due, plan, schedule, target_of, usage
from ticketcore.decider.handlers._endings import reviewed_type
from ticketcore.decider.handlers._money import refund_cap
from ticketcore.decider.handlers._opening import opened_event

__all__ = [
    "AvailableCommand",
    "Decision",
    "OrderAdvance",
    "PlanStep",
    "Recommendation",
    "Usage",
    "Window",
    "advance",
    "advance_order",
    "advance_ticket",
    "advise",
    "authorize",
    "available_commands",
    "check_move",
    "check_profile",
    "decide",
    "decide_and_apply",
    "decide_in_parts",
    "due",
    "follow_up",
    "opened_event",
    "plan",
    "refund_cap",
    "refundable",
    "reopening_window",
    "reviewed_type",
    "sample_commands",
    "schedule",
    "target_of",
    "usage",
    "window_of",
]
