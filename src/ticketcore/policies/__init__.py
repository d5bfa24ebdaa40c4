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
    Evidence,
    Permission,
    Policy,
    RefundRules,
    Requirement,
    TicketType,
    TimerDefinition,
)
from ticketcore.policies._notifications import (
    NOTIFICATION_KINDS,
    TEMPLATE_FIELDS,
    AddressKind,
    Language,
    NotificationDefinition,
    NotificationKind,
    NotificationSettings,
    RecipientRole,
    Template,
)
from ticketcore.policies._placeholders import placeholders
from ticketcore.policies._read import policy_schema

__all__ = [
    "ANSWER_EFFECTS",
    "CONDITIONS",
    "NOTIFICATION_KINDS",
    "TEMPLATE_FIELDS",
    "AddressKind",
    "Advice",
    "Anchor",
    "CalendarDefinition",
    "Category",
    "ClosingRules",
    "Condition",
    "Effect",
    "Evidence",
    "Language",
    "NotificationDefinition",
    "NotificationKind",
    "NotificationSettings",
    "Permission",
    "Policy",
    "PolicyVersions",
    "RecipientRole",
    "RefundRules",
    "Requirement",
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
