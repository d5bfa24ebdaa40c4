from ticketcore.policies._book import PolicyBook
from ticketcore.policies._calendars import CalendarRule, Storefront
from ticketcore.policies._conditions import FACTS, When
from ticketcore.policies._load import load_policy, parse_policy, preset_text, presets
from ticketcore.policies._model import (
    ANSWER_EFFECTS,
    Advice,
    Allow,
    Anchor,
    Category,
    ClosingRules,
    Effect,
    Need,
    Policy,
    RefundRules,
    TicketType,
    TimerRule,
)

__all__ = [
    "ANSWER_EFFECTS",
    "FACTS",
    "Advice",
    "Allow",
    "Anchor",
    "CalendarRule",
    "Category",
    "ClosingRules",
    "Effect",
    "Need",
    "Policy",
    "PolicyBook",
    "RefundRules",
    "Storefront",
    "TicketType",
    "TimerRule",
    "When",
    "load_policy",
    "parse_policy",
    "preset_text",
    "presets",
]
