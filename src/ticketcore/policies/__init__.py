from ticketcore.policies._book import PolicyVersions
from ticketcore.policies._calendars import CalendarDefinition, Storefront
from ticketcore.policies._conditions import CONDITIONS, Condition
from ticketcore.policies._load import load_policy, parse_policy, preset_text, presets
from ticketcore.policies._model import (
    ANSWER_EFFECTS,
    Advice,
    Anchor,
    Category,
    ClosingRules,
    Effect,
    Permission,
    Policy,
    RefundRules,
    Requirement,
    TicketType,
    TimerDefinition,
)
from ticketcore.policies._notices import (
    KINDS,
    TEXT_FIELDS,
    Address,
    Kind,
    Language,
    NotificationDefinition,
    NotificationSettings,
    Role,
    Template,
)
from ticketcore.policies._placeholders import placeholders
from ticketcore.policies._read import policy_schema

__all__ = [
    "ANSWER_EFFECTS",
    "CONDITIONS",
    "KINDS",
    "TEXT_FIELDS",
    "Address",
    "Advice",
    "Anchor",
    "CalendarDefinition",
    "Category",
    "ClosingRules",
    "Condition",
    "Effect",
    "Kind",
    "Language",
    "NotificationDefinition",
    "NotificationSettings",
    "Permission",
    "Policy",
    "PolicyVersions",
    "RefundRules",
    "Requirement",
    "Role",
    "Storefront",
    "Template",
    "TicketType",
    "TimerDefinition",
    "load_policy",
    "parse_policy",
    "placeholders",
    "policy_schema",
    "preset_text",
    "presets",
]
