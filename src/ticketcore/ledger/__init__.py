from ticketcore.ledger._ledger import Ledger
from ticketcore.ledger._moments import (
    AFTER,
    AT,
    COMMAND,
    Moment,
    moment_of,
    next_moment,
    superseded,
    wakes,
)
from ticketcore.ledger._order import OrderState, price_of

__all__ = [
    "AFTER",
    "AT",
    "COMMAND",
    "Ledger",
    "Moment",
    "OrderState",
    "moment_of",
    "next_moment",
    "price_of",
    "superseded",
    "wakes",
]
