from ticketcore.policies._calendars import CalendarDefinition, Storefront
from ticketcore.policies._conditions import CONDITIONS, OWN, Condition, fact_getter, fact_of
from ticketcore.policies._fields import FIELD_CONTENT, FieldDefinition, TagRules
from ticketcore.policies._guarantees import Always, Guarantee, GuaranteeAnchor, Never
from ticketcore.policies._kinds import PARTIES_MEANT
from ticketcore.policies._levels import Level, LevelEffect, Role, TimerPause
from ticketcore.policies._load import (
    load_policy,
    parse_policy,
    policy_schema,
    policy_text,
    preset_text,
    presets,
)
from ticketcore.policies._matching import Other, Range, Tagging, Wanted, in_words, named_values
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
    placeholders,
)
from ticketcore.policies._permissions import Permission, Requirement
from ticketcore.policies._policy import Clocks, Policy
from ticketcore.policies._sections import (
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
from ticketcore.policies._starters import starter_files, starters
from ticketcore.policies._template_file import parse_templates
from ticketcore.policies._timer_kinds import ANSWER_EFFECTS, Anchor, Effect, Fact, Meeting
from ticketcore.policies._timers import (
    DEADLINE,
    SNOOZE,
    AfterReopening,
    TargetChange,
    TimerDefinition,
)
from ticketcore.policies._versions import PolicyVersions
from ticketcore.policies._windows import anchor_words, instant_of

__all__ = [
    "ANSWER_EFFECTS",
    "CONDITIONS",
    "DEADLINE",
    "FIELD_CONTENT",
    "NOTIFICATION_KINDS",
    "OWN",
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
    "GuaranteeAnchor",
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
    "TargetChange",
    "Template",
    "TicketType",
    "TimerDefinition",
    "TimerPause",
    "Wanted",
    "anchor_words",
    "fact_getter",
    "fact_of",
    "in_words",
    "instant_of",
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
