from ticketcore.testing.stateful._backend import Backend, ConflictError, ReferenceBackend
from ticketcore.testing.stateful._machine import TicketMachine

__all__ = ["Backend", "ConflictError", "ReferenceBackend", "TicketMachine"]
