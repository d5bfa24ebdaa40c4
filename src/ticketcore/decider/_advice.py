"""Advice for the merchant (A3), and the check of a vendor's profile (A6)."""

from collections.abc import Mapping
from typing import Literal

import attrs

from ticketcore.decider._effects import refundable
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Advised:
    """What to do about an unhappy customer, why, and by which rule."""

    do: Literal["refund", "ask", "answer"]
    reason: str
    rule: str | None
    missing: tuple[str, ...] = ()


def advise(ticket: Ticket, policy: Policy) -> Advised:
    """Refund what is strictly below the policy's amount for its currency; ask for what is
    missing; answer otherwise."""
    rule = policy.advice.rule
    left = refundable(ticket)
    below = policy.advice.refund_below.get(left.currency) if left else None
    if left and below and 0 < left.minor < below.minor:
        return Advised(do="refund", reason=f"{left} is below {below}", rule=rule)
    missing = tuple(fact for fact in policy.advice.ask_when_missing if not _has(ticket, fact))
    if missing:
        reason = f"not known: {', '.join(missing)}"
        return Advised(do="ask", reason=reason, rule=rule, missing=missing)
    amount = "nothing" if left is None else str(left)
    limit = "no amount" if below is None else str(below)
    reason = f"{amount} can be refunded, simply refunded is below {limit}"
    return Advised(do="answer", reason=reason, rule=rule)


def _has(ticket: Ticket, fact: str) -> bool:
    opened = ticket.opened
    match fact:
        case "order":
            return opened.order is not None
        case "shipment":
            return opened.order is not None and bool(opened.order.shipments)
        case "reason":
            return bool(opened.reason)
        case _:
            return bool(opened.text)


def check_profile(profile: Mapping[str, bool], policy: Policy) -> tuple[str, ...]:
    """What the vendor's profile lacks of the policy's checklist (A6), in words.

    *profile* says for each item whether it is there; an item that it does not name is not.
    """
    return tuple(words for item, words in policy.profile.items.items() if not profile.get(item))
