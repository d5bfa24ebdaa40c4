from ticketcore.testing._given import ActionResult, GivenTicket, given
from ticketcore.testing._invariants import INVARIANTS, violations
from ticketcore.testing._order_invariants import ORDER_INVARIANTS, order_violations
from ticketcore.testing._story import StoryStep, TicketStory
from ticketcore.testing._unchecked import UncheckedError
from ticketcore.testing.exploring import (
    DifferenceKind,
    Exploration,
    Finding,
    FindingCode,
    PolicyComparison,
    PolicyDifference,
    Proof,
    compare_policies,
    explore,
)

__all__ = [
    "INVARIANTS",
    "ORDER_INVARIANTS",
    "ActionResult",
    "DifferenceKind",
    "Exploration",
    "Finding",
    "FindingCode",
    "GivenTicket",
    "PolicyComparison",
    "PolicyDifference",
    "Proof",
    "StoryStep",
    "TicketStory",
    "UncheckedError",
    "compare_policies",
    "explore",
    "given",
    "order_violations",
    "violations",
]
