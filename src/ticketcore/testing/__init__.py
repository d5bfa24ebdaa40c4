from ticketcore.testing._given import ActionResult, GivenTicket, given
from ticketcore.testing._invariants import INVARIANTS, violations
from ticketcore.testing._order_invariants import ORDER_INVARIANTS, order_violations
from ticketcore.testing._story import StoryStep, TicketStory
from ticketcore.testing._unchecked import UncheckedError
from ticketcore.testing.exploring import Exploration, Finding, FindingCode, Proof, explore

__all__ = [
    "INVARIANTS",
    "ORDER_INVARIANTS",
    "ActionResult",
    "Exploration",
    "Finding",
    "FindingCode",
    "GivenTicket",
    "Proof",
    "StoryStep",
    "TicketStory",
    "UncheckedError",
    "explore",
    "given",
    "order_violations",
    "violations",
]
