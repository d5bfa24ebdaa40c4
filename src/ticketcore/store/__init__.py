"""Stores of tickets: in memory, and in SQL databases (`ticketcore.store.sql`)."""

from ticketcore.store._memory import MemoryStore, MemoryTransaction
from ticketcore.store._order import Append, LockedOrder, TicketRow, order_key
from ticketcore.store._store import Lease, Receipt, SetAside, Store

__all__ = [
    "Append",
    "Lease",
    "LockedOrder",
    "MemoryStore",
    "MemoryTransaction",
    "Receipt",
    "SetAside",
    "Store",
    "TicketRow",
    "order_key",
]
