from ticketcore.testing.stateful._backend import Backend, ConflictError
from ticketcore.testing.stateful._machine import TicketMachine
from ticketcore.testing.stateful._reference import ReferenceBackend

__all__ = ["Backend", "ConflictError", "ReferenceBackend", "TicketMachine"]
