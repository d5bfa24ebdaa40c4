from ticketcore.ticket._fold import evolve, fold, replay
from ticketcore.ticket._ticket import Dispute, RefundRecord, RefundState, Status, Ticket

__all__ = [
    "Dispute",
    "RefundRecord",
    "RefundState",
    "Status",
    "Ticket",
    "evolve",
    "fold",
    "replay",
]
