"""Strategies for valid policies: the presets, and files put together from typical parts."""

from datetime import date
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

    Each has two types, a calendar, up to four timers of every effect but `lose-dispute`, partial
    or whole refunds, and two to eight permissions.
    """
    return policy_documents().map(dump)


@st.composite
def policy_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw policy files before they are written: the values that `tomllib.loads` would return."""
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
        "calendars": {"work": {"zone": draw(zones()), "hours": draw(_HOURS)}},
        "timer": [draw(_timers(f"timer-{n}")) for n in range(draw(st.integers(0, 4)))],
        "permission": [
            {"commands": "open", "by": draw(_parties())},
            *({"commands": name, "by": draw(_parties())} for name in draw(_permitted())),
        ],
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


def _permitted() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_PERMITTED), min_size=1, max_size=7, unique=True)


@st.composite
def _timers(draw: st.DrawFn, name: str) -> dict[str, Any]:
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
    return timer
