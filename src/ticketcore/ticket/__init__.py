from ticketcore.ticket._fold import evolve, fold, replay
from ticketcore.ticket._json import dump_ticket, load_ticket
from ticketcore.ticket._ticket import Dispute, RefundRecord, RefundState, Status, Ticket

__all__ = [
    "Dispute",
    "RefundRecord",
    "RefundState",
    "Status",
    "Ticket",
    "dump_ticket",
    "evolve",
    "fold",
    "load_ticket",
    "replay",
]
