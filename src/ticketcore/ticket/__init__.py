from ticketcore.ticket._fold import evolve, fold, fold_each
from ticketcore.ticket._json import dump_ticket, load_ticket
from ticketcore.ticket._ticket import (
    Dispute,
    EndedCycle,
    FiredLevel,
    Pause,
    RefundRecord,
    RefundState,
    Status,
    Ticket,
)
from ticketcore.ticket._timers import in_order, with_passed, with_stopped

__all__ = [
    "Dispute",
    "EndedCycle",
    "FiredLevel",
    "Pause",
    "RefundRecord",
    "RefundState",
    "Status",
    "Ticket",
    "dump_ticket",
    "evolve",
    "fold",
    "fold_each",
    "in_order",
    "load_ticket",
    "with_passed",
    "with_stopped",
]
