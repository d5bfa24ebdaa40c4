from ticketcore.testing.stateful._backend import Backend, ReferenceBackend
from ticketcore.testing.stateful._machine import TicketMachine
from ticketcore.testing.stateful._order_backend import OrderBackend, ReferenceOrderBackend
from ticketcore.testing.stateful._orders import OrderMachine

__all__ = [
    "Backend",
    "OrderBackend",
    "OrderMachine",
    "ReferenceBackend",
    "ReferenceOrderBackend",
    "TicketMachine",
]
