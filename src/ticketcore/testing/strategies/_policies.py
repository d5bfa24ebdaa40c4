"""Strategies for valid policies: the presets, and files put together from typical parts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, get_args

from hypothesis import strategies as st

from ticketcore.policies import Anchor, Effect, Policy, parse_policy, presets
from ticketcore.testing._policy_facts import load_cached
from ticketcore.testing._toml_writer import dump
from ticketcore.testing.strategies._calendars import hours_of_a_week
from ticketcore.testing.strategies._instants import zones
from ticketcore.testing.strategies._values import spans

# Half an hour a week is enough for the spans below. In a calendar that opens for a minute a week,
# 168 hours of open time end beyond the dates that the library supports.
_HOURS = hours_of_a_week(minutes=30)
_OPENERS = ("customer", "vendor", "support")
_EFFECTS: tuple[Effect, ...] = tuple(
    x for x in get_args(Effect) if x not in ("assign", "set-field", "tag", "lose-dispute")
)
_ANCHORS: tuple[Anchor, ...] = ("opened", "type-set", "waiting-since", "last-activity")
# Each can hold whoever the default handler is, and whoever may open a ticket.
_WHENS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "refund"},
    {"waiting_for": ["vendor", "support"]},
    {"waiting_for": "customer"},
    {"answered": False},
    {"type": "request", "requested_by": ["customer", "support", "vendor"]},
    {"type": "request", "opened_by": ["customer", "support", "vendor"]},
)
_SECTIONS: dict[str, dict[str, Any]] = {
    "fields": {
        "priority": {"choices": ["low", "high"], "default": "low"},
        "note": {"type": "text", "personal": True},
        "weight": {"type": "number"},
        "budget": {"type": "money"},
        "birthday": {"type": "date"},
        "delivered-at": {"type": "instant"},
        "urgent": {"type": "yes-no", "default": False},
    },
    "tags": {"values": ["late", "vip"]},
    "categories": {"faults": {"subcategories": ["noise", "smell"]}, "questions": {}},
    "disputes": {"claim": {}, "chargeback": {"supersedes": ["claim"]}},
    "pauses": {"customer-owes": {"when": {"waiting_for": "customer"}}},
}
"""Sections that a drawn policy has or has not."""

_OF_SECTIONS = {
    "fields": ("set-field",),
    "tags": ("tag", "untag"),
    "categories": ("classify",),
    "disputes": ("open-dispute", "answer-dispute", "correct-dispute", "resolve-dispute"),
}
"""The commands that need a section."""

_PERMITTED = (
    "reply",
    "close",
    "change-type",
    "reopen",
    "withdraw",
    "refund",
    "cancel",
    "escalate",
    "hand-back",
    "acknowledge",
    "assign",
    "request-info",
    "request-review",
    "review",
    "mark-duplicate",
    "reschedule",
    "set-deadline",
    "snooze",
    "unsnooze",
    "add-note",
    "add-shipment",
    "confirm-refund",
    "fail-refund",
    "correct-order",
    "link",
    "share",
    "unshare",
    "split",
    "unmark-duplicate",
)

_MEETINGS: dict[str, Any] = {
    "reply": {"event": "replied"},
    "close": "closed",
    "assign": "assigned",
    "acknowledge": "acknowledged",
}
"""The event with which a command may meet a timer, by the command."""

_LEVELS: tuple[dict[str, Any], ...] = (
    {"name": "half", "used": "50 %", "effect": "warn"},
    {"name": "soon", "used": "99 %", "effect": "tag", "tags": ["vip"]},
    {"name": "again", "past_due": "1 hour", "effect": "warn"},
)


def policies(*, preset: bool | None = None) -> st.SearchStrategy[Policy]:
    """Draw policies that load: presets and drawn ones, equally often.

    *preset* is True for presets only, False for drawn policies only. A drawn policy is
    `parse_policy` of :func:`policy_texts`.
    """
    presets_only = st.sampled_from(presets()).map(load_cached)
    drawn_only = policy_texts().map(parse_policy)
    if preset is None:
        return st.one_of(presets_only, drawn_only)
    return presets_only if preset else drawn_only


def policy_texts() -> st.SearchStrategy[str]:
    """Draw policy files (TOML) without a mistake.

    Each has two types, a calendar, up to four timers, which can have levels, pauses and an event
    that meets them, partial or whole refunds, and two or more permissions: of every command but
    `change-policy`. Many have fields of all kinds, tags, categories and disputes. The effects
    `assign`, `set-field` and `lose-dispute`, guarantees, notifications and texts are not drawn.
    """
    return policy_documents().map(dump)


@st.composite
def policy_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw policy files before they are written: the values that `tomllib.loads` would return."""
    sections = {name: section for name, section in _SECTIONS.items() if draw(st.booleans())}
    if "fields" in sections:
        names = draw(st.sets(st.sampled_from(sorted(sections["fields"])), min_size=1))
        sections["fields"] = {name: sections["fields"][name] for name in sorted(names)}
    permissions = [
        {"commands": name, "by": draw(_parties())} for name in draw(_permitted(sections))
    ]
    meetings = [
        _MEETINGS[each["commands"]] for each in permissions if each["commands"] in _MEETINGS
    ]
    numbers = range(draw(st.integers(0, 4)))
    timers = [draw(_timers(f"timer-{n}", sections, meetings)) for n in numbers]
    if not any("pauses" in timer for timer in timers):
        sections.pop("pauses", None)  # a pause that no timer names is a mistake
    return {
        "name": "drawn",
        "effective": date(2024, 1, 1),
        "default_handler": draw(st.sampled_from(["vendor", "support"])),
        "zone": "UTC",
        "default_type": "request",
        "types": {
            "request": {},
            "refund": {"order": True, "windows": {"customer": "60 days"}},
        },
        **sections,
        "calendars": {"work": {"zone": draw(zones()), "hours": draw(_HOURS)}},
        "timer": timers,
        "permission": [{"commands": "open", "by": draw(_parties())}, *permissions],
        "refunds": {
            "partial": draw(st.booleans()),
            "requires_confirmation": draw(st.booleans()),
        },
        "closing": {"per_party": draw(st.booleans()), "reply_reopens": draw(_reopening_parties())},
    }


def _parties() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_OPENERS), min_size=1, unique=True)


def _reopening_parties() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_OPENERS), max_size=2, unique=True)


def _permitted(sections: Iterable[str]) -> st.SearchStrategy[list[str]]:
    more = [name for section in sections for name in _OF_SECTIONS.get(section, ())]
    known = st.sampled_from((*_PERMITTED, *more))
    few = st.lists(known, min_size=1, max_size=7, unique=True)
    return few | st.just([*_PERMITTED, *more])


@st.composite
def _timers(
    draw: st.DrawFn, name: str, sections: Mapping[str, Any], meetings: Sequence[Any]
) -> dict[str, Any]:
    span = draw(spans(days=21))
    timer = {
        "name": name,
        "from": draw(st.sampled_from(_ANCHORS)),
        "after": str(span),
        "effect": draw(st.sampled_from(_EFFECTS)),
        "when": draw(st.sampled_from(_WHENS)),
    }
    if (timer["effect"], timer["from"], span.amount) == ("escalate", "waiting-since", 0):
        timer["from"] = "opened"  # it would set itself off again at once
    rolls = draw(st.booleans())
    if rolls:
        timer["roll"] = "forward"
    if span.working or rolls:
        timer["calendar"] = "work"
    if span.kind == "open time":
        timer["boundary"] = draw(st.sampled_from(["close", "next-open"]))
    if "pauses" in sections and draw(st.booleans()):
        timer["pauses"] = ["customer-owes"]
    if "waiting_for" in timer["when"]:
        return timer  # its end is an end too: it would be a mistake with levels or another end
    if draw(st.booleans()) and meetings:
        timer["met_by"] = [draw(st.sampled_from(meetings))]
    if timer["effect"] in ("warn", "breach") and span.amount and draw(st.booleans()):
        known = st.sampled_from(_levels(sections))
        timer["level"] = draw(st.lists(known, min_size=1, unique_by=itemgetter("name")))
    return timer


def _levels(sections: Iterable[str]) -> list[dict[str, Any]]:
    return [level for level in _LEVELS if level["effect"] != "tag" or "tags" in sections]
