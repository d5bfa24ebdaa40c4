from ticketcore.ledger._ledger import Ledger, by_order, order_of
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
    "by_order",
    "moment_of",
    "next_moment",
    "order_of",
    "price_of",
    "superseded",
    "wakes",
]
