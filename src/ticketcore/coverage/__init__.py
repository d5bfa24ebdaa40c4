from ticketcore.coverage._coverage import Coverage, TicketUses, Use, measure_coverage
from ticketcore.coverage._marked import MarkedLine, marked_text
from ticketcore.coverage._parts import PartKind, PolicyPart, parts_of, used_parts

__all__ = [
    "Coverage",
    "MarkedLine",
    "PartKind",
    "PolicyPart",
    "TicketUses",
    "Use",
    "marked_text",
    "measure_coverage",
    "parts_of",
    "used_parts",
]
