from ticketcore.testing.stateful._backend import Backend, ReferenceBackend
from ticketcore.testing.stateful._machine import TicketMachine
from ticketcore.testing.stateful._orders import OrderBackend, OrderMachine, ReferenceOrderBackend

__all__ = [
    "Backend",
    "OrderBackend",
    "OrderMachine",
    "ReferenceBackend",
    "ReferenceOrderBackend",
    "TicketMachine",
]
