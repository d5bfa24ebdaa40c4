"""An answer in time meets the timers of a preset; whatever else ends them cancels them."""

from typing import Any, TypeAlias

import pytest

from support.builders import LocalStory
from ticketcore.events import Money, Order
from ticketcore.policies import load_policy, presets

Step: TypeAlias = tuple[str, str, str, dict[str, Any]]

MONDAY = "2026-01-12 10:00"
LATER = "2026-01-12 11:00"
ORDER = Order(
    number="A-1",
    sold_at=LocalStory("kaufland", "UTC").instant("2026-01-05 10:00"),
    amount=Money(4_900, "EUR"),
    billing="recurring",
)
PORTAL = {"channel": "portal", "subject": "a", "text": "b"}
OPENINGS: dict[str, dict[str, Any]] = {
    "kaufland": {"storefront": "de", "order": ORDER},
    "webshippy": {"category": "orders", "subcategory": "status", "account": "acme", **PORTAL},
    "office": {"category": "servers", **PORTAL},
    "clickbank": {"type": "technical", "order": ORDER},
    "refund": {"type": "refund", "order": ORDER},
    "cancellation": {"type": "cancellation", "order": ORDER},
    "amazon-pay": {"order": ORDER},
    "help-desk": {},
}


def ends(name: str, *steps: Step) -> dict[str, tuple[str, str | None]]:
    """Return how timers ended, with the causes, after steps on a new ticket."""
    policy = name if name in presets() else "clickbank"
    at = "2026-01-10 10:00" if name == "office" else MONDAY  # a Saturday
    story = LocalStory(policy, "UTC").open(at, **OPENINGS[name])
    for command, instant, by, fields in steps:
        story.do(command, instant, by, **fields)
    return {
        each.timer.name: (each.outcome, each.cause)
        for each in story.until("2026-01-14 12:00").ticket.ended_timers
    }


def step(command: str, by: str, at: str = LATER, **fields: Any) -> Step:
    """Return a command an hour after the opening."""
    return command, at, by, fields


DISPUTE = step("open-dispute", "customer", MONDAY, dispute="D", kind="claim")
ANSWERED = "met", "replied"
CASES: list[tuple[str, tuple[Step, ...], dict[str, tuple[str, str | None]]]] = [
    ("kaufland", (step("reply", "vendor"),), {"response": ANSWERED}),
    ("kaufland", (step("reply", "vendor", interim=True),), {}),
    (
        "kaufland",
        (step("escalate", "vendor", reason="account", text="x"),),
        {"response": ("cancelled", None)},
    ),
    ("kaufland", (step("close", "vendor"),), {"response": ("met", "closed")}),
    ("webshippy", (step("reply", "support", "2026-01-12 10:05"),), {"expected-answer": ANSWERED}),
    (
        "webshippy",
        (step("request-info", "support", text="which?"),),
        {"expected-answer": ("met", "info-requested")},
    ),
    (
        "webshippy",
        (step("withdraw", "customer", reason="found it"),),
        {"expected-answer": ("cancelled", "closed")},
    ),
    (
        "office",
        (step("acknowledge", "support", "2026-01-10 12:00"),),
        {"examination": ("met", "acknowledged")},
    ),
    ("office", (), {"examination": ("met", "acknowledged")}),
    (
        "clickbank",
        (step("reply", "vendor"),),
        {
            "vendor-silent-first": ANSWERED,
            "vendor-silent-second": ANSWERED,
            "vendor-silent-close": ANSWERED,
        },
    ),
    ("refund", (), {"refund": ("met", "fully-refunded")}),
    ("refund", (step("close", "customer"),), {"refund": ("cancelled", "closed")}),
    ("cancellation", (), {"cancellation": ("met", "cancelled")}),
    (
        "amazon-pay",
        (DISPUTE, step("answer-dispute", "vendor", dispute="D", text="sent")),
        {"claim": ("met", "dispute-answered")},
    ),
    (
        "help-desk",
        (step("reply", "support"), step("reply", "customer", "2026-01-12 12:00")),
        {"first-reply": ANSWERED, "silence": ANSWERED},
    ),
]


@pytest.mark.parametrize(("name", "steps", "ended"), CASES)
def test_a_timer_ends_as_its_rule_means(
    name: str, steps: tuple[Step, ...], ended: dict[str, tuple[str, str | None]]
) -> None:
    """An answer counts as met; a call for support, a closing or a withdrawal does not."""
    assert ended == ends(name, *steps)


@pytest.mark.parametrize("name", presets())
def test_every_timer_that_records_lateness_says_what_meets_it(name: str) -> None:
    """Every timer that records lateness has `met_by`."""
    unsaid = [
        timer.name
        for timer in load_policy(name).timers
        if timer.effect in ("breach", "acknowledge", "refund", "cancel") and not timer.met_by
    ]

    assert [] == unsaid
