"""Valid policies: the presets, and files put together from the parts that policies have."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from ticketcore.policies import Policy, parse_policy, presets
from ticketcore.testing._loaded import loaded
from ticketcore.testing._toml import dump
from ticketcore.testing.strategies._calendars import openings_of_a_week
from ticketcore.testing.strategies._values import spans
from ticketcore.testing.strategies._zones import zones

# Long enough for the spans below: a calendar that opens for a minute a week takes 168 hours of
# open time beyond the dates that it reaches.
_HOURS = openings_of_a_week(minutes=30)
_OPENERS = ("customer", "vendor", "support")
_TYPES = ("request", "refund")
_EFFECTS = ("warn", "breach", "acknowledge", "refund", "cancel", "close", "escalate")
_ANCHORS = ("opened", "type-set", "waiting-since", "last-activity")
_CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "refund"},
    {"waiting_for": "vendor"},
    {"waiting_for": "customer"},
    {"answered": False},
    {"type": "request", "requested_by": ["customer", "support"]},
)
_PERMISSIONS = (
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
)


def policies(*, preset: bool | None = None) -> st.SearchStrategy[Policy]:
    """Policies that load: a preset or a drawn one, as likely; *preset* True or False for one sort.

    A drawn one is `parse_policy` of :func:`policy_texts`.
    """
    known = st.sampled_from(presets()).map(loaded)
    drawn = policy_texts().map(parse_policy)
    if preset is None:
        return st.one_of(known, drawn)
    return known if preset else drawn


def policy_texts() -> st.SearchStrategy[str]:
    """Policy files (TOML) without a mistake: two types, a calendar, up to four timers of every
    effect but `concede`, refunds in part or whole, and two to eight permissions."""
    return policy_documents().map(dump)


@st.composite
def policy_documents(draw: st.DrawFn) -> dict[str, Any]:
    """A policy file before it is written: what `tomllib.loads` would make of it."""
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
            *({"commands": do, "by": draw(_parties())} for do in draw(_permitted())),
        ],
        "refunds": {"partial": draw(st.booleans()), "requires_confirmation": draw(st.booleans())},
        "closing": {"per_party": draw(st.booleans()), "reply_reopens": draw(_reopeners())},
    }


def _parties() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_OPENERS), min_size=1, unique=True)


def _reopeners() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_OPENERS), max_size=2, unique=True)


def _permitted() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_PERMISSIONS), min_size=1, max_size=7, unique=True)


@st.composite
def _timers(draw: st.DrawFn, name: str) -> dict[str, Any]:
    span = draw(spans(days=21))
    timer = {
        "name": name,
        "from": draw(st.sampled_from(_ANCHORS)),
        "after": str(span),
        "effect": draw(st.sampled_from(_EFFECTS)),
        "when": draw(st.sampled_from(_CONDITIONS)),
    }
    if span.working or draw(st.booleans()):
        timer["calendar"] = "work"
        timer["boundary"] = draw(st.sampled_from(["close", "next-open"]))
        if draw(st.booleans()):
            timer["roll"] = "forward"
    return timer
