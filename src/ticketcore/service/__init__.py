"""The service: a store, policies and a clock, put together.

It handles commands, runs due timers, gives new events to followers, moves tickets to other
policies, and erases persons. Each call works in a transaction of the caller.
"""

from ticketcore.service._base import PolicySource
from ticketcore.service._commands import Handled
from ticketcore.service._erasure import Erasure, Mention
from ticketcore.service._moving import DeadlineChange, MovedPage, TicketMove
from ticketcore.service._service import TicketService
from ticketcore.service._timers import DueRun

__all__ = [
    "DeadlineChange",
    "DueRun",
    "Erasure",
    "Handled",
    "Mention",
    "MovedPage",
    "PolicySource",
    "TicketMove",
    "TicketService",
]
