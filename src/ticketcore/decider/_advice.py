"""Recommendations for unhappy customers (A3), and the check of a vendor's profile (A6)."""

from collections.abc import Mapping
from typing import Literal, assert_never

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore.decider._effects import refundable
from ticketcore.errors import FieldError
from ticketcore.ledger import Ledger
from ticketcore.policies import Evidence, Policy
from ticketcore.ticket import Ticket


@frozen(kw_only=True)
class Recommendation(Value):
    """The recommended action for an unhappy customer, with its reason and rule.

    *missing* names the facts to ask for.
    """

    action: Literal["refund", "ask", "answer"]
    reason: str
    rule: str | None
    missing: tuple[str, ...] = ()


@typed
def advise(ticket: Ticket, policy: Policy, ledger: Ledger | None = None) -> Recommendation:
    """Recommend a refund, a question or an answer (A3).

    Refund if the refundable amount is strictly below the policy's limit for its currency; ask if a
    fact that the policy lists is missing; answer otherwise. *ledger* has the other tickets of the
    order. Raises LedgerError for the ledger of another order.
    """
    rule = policy.advice.rule
    left = refundable(ticket, policy, ledger)
    below = policy.advice.refund_below.get(left.currency) if left else None
    if left and below and 0 < left.minor < below.minor:
        return Recommendation(action="refund", reason=f"{left} is below {below}", rule=rule)
    missing = tuple(fact for fact in policy.advice.ask_when_missing if not _has(ticket, fact))
    if missing:
        reason = f"missing: {', '.join(missing)}"
        return Recommendation(action="ask", reason=reason, rule=rule, missing=missing)
    reason = (
        "nothing can be refunded"
        if not left or not left.minor
        else (
            f"{left} is not below the limit of {below}" if below else f"{left} has no refund limit"
        )
    )
    return Recommendation(action="answer", reason=reason, rule=rule)


def _has(ticket: Ticket, fact: Evidence) -> bool:
    opened = ticket.opened
    match fact:
        case "order":
            return ticket.order is not None
        case "shipment":
            return ticket.order is not None and bool(ticket.order.shipments)
        case "reason":
            return bool(ticket.reason)
        case "text":
            return bool(opened.text)
        case _:
            assert_never(fact)


@typed
def check_profile(profile: Mapping[str, bool], policy: Policy) -> tuple[str, ...]:
    """Return the items of the policy's checklist (A6) that the vendor's profile lacks, in words.

    *profile* says for each item whether the vendor has it; items that it leaves out are missing.
    Raises FieldError for a value that is neither True nor False.
    """
    for item, value in profile.items():
        if not isinstance(value, bool):
            raise FieldError("check_profile", f"profile[{item!r}]", value, "True or False")
    return tuple(words for item, words in policy.profile.items.items() if not profile.get(item))
