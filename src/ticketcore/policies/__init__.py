from ticketcore.policies._kinds import PARTIES_MEANT
from ticketcore.policies._policy import Clocks, Policy
from ticketcore.policies.conditions._anchors import Anchor, TicketAnchor, anchor_words
from ticketcore.policies.conditions._conditions import CONDITIONS, Condition, fact_getter, fact_of
from ticketcore.policies.conditions._fields import FIELD_CONTENT, FieldDefinition, TagRules
from ticketcore.policies.conditions._matching import (
    Other,
    Range,
    Tagging,
    Wanted,
    in_words,
    named_values,
)
from ticketcore.policies.loading._load import (
    load_policy,
    parse_policy,
    policy_schema,
    policy_text,
    preset_text,
    presets,
)
from ticketcore.policies.loading._starters import starter_files, starters
from ticketcore.policies.loading._template_file import parse_templates
from ticketcore.policies.loading._versions import PolicyVersions
from ticketcore.policies.tables._calendars import CalendarDefinition, Storefront
from ticketcore.policies.tables._guarantees import Always, Guarantee, Never
from ticketcore.policies.tables._levels import Level, LevelEffect, Role, TimerPause
from ticketcore.policies.tables._notifications import (
    NOTIFICATION_KINDS,
    TEMPLATE_FIELDS,
    AddressKind,
    Language,
    NotificationDefinition,
    NotificationKind,
    NotificationSettings,
    RecipientRole,
    Template,
    placeholders,
)
from ticketcore.policies.tables._permissions import Permission, Requirement
from ticketcore.policies.tables._sections import (
    Advice,
    Category,
    ClosingRules,
    DisputeKind,
    Escalation,
    Evidence,
    OpeningRules,
    Profile,
    RefundRules,
    TicketType,
)
from ticketcore.policies.tables._timer_kinds import ANSWER_EFFECTS, Effect, Fact, Meeting
from ticketcore.policies.tables._timers import (
    DEADLINE,
    SNOOZE,
    AfterReopening,
    Target,
    TargetChange,
    TimerDefinition,
)

__all__ = [
    "ANSWER_EFFECTS",
    "CONDITIONS",
    "DEADLINE",
    "FIELD_CONTENT",
    "NOTIFICATION_KINDS",
    "PARTIES_MEANT",
    "SNOOZE",
    "TEMPLATE_FIELDS",
    "AddressKind",
    "Advice",
    "AfterReopening",
    "Always",
    "Anchor",
    "CalendarDefinition",
    "Category",
    "Clocks",
    "ClosingRules",
    "Condition",
    "DisputeKind",
    "Effect",
    "Escalation",
    "Evidence",
    "Fact",
    "FieldDefinition",
    "Guarantee",
    "Language",
    "Level",
    "LevelEffect",
    "Meeting",
    "Never",
    "NotificationDefinition",
    "NotificationKind",
    "NotificationSettings",
    "OpeningRules",
    "Other",
    "Permission",
    "Policy",
    "PolicyVersions",
    "Profile",
    "Range",
    "RecipientRole",
    "RefundRules",
    "Requirement",
    "Role",
    "Storefront",
    "TagRules",
    "Tagging",
    "Target",
    "TargetChange",
    "Template",
    "TicketAnchor",
    "TicketType",
    "TimerDefinition",
    "TimerPause",
    "Wanted",
    "anchor_words",
    "fact_getter",
    "fact_of",
    "in_words",
    "load_policy",
    "named_values",
    "parse_policy",
    "parse_templates",
    "placeholders",
    "policy_schema",
    "policy_text",
    "preset_text",
    "presets",
    "starter_files",
    "starters",
]
