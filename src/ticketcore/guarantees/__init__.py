from ticketcore.guarantees._monitor import (
    Owed,
    Violation,
    after_event,
    broken_guarantees,
    is_never,
)

__all__ = [
    "Owed",
    "Violation",
    "after_event",
    "broken_guarantees",
    "is_never",
]
