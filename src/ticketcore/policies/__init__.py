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
from ticketcore.policies._notices import (
    KINDS,
    TEXT_FIELDS,
    Address,
    Kind,
    Language,
    NoticeRule,
    NoticeRules,
    Role,
    TextModule,
)
from ticketcore.policies._placeholders import placeholders
from ticketcore.policies._read import policy_schema

__all__ = [
    "ANSWER_EFFECTS",
    "FACTS",
    "KINDS",
    "TEXT_FIELDS",
    "Address",
    "Advice",
    "Allow",
    "Anchor",
    "CalendarRule",
    "Category",
    "ClosingRules",
    "Effect",
    "Kind",
    "Language",
    "Need",
    "NoticeRule",
    "NoticeRules",
    "Policy",
    "PolicyBook",
    "RefundRules",
    "Role",
    "Storefront",
    "TextModule",
    "TicketType",
    "TimerRule",
    "When",
    "load_policy",
    "parse_policy",
    "placeholders",
    "policy_schema",
    "preset_text",
    "presets",
]
