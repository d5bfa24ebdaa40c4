"""The service with all of its methods."""

import attrs

from ticketcore._internal.arguments import checks_arguments
from ticketcore.service._base import Transaction
from ticketcore.service._commands import Commands
from ticketcore.service._erasure import Erasing
from ticketcore.service._followers import Following
from ticketcore.service._moving import Moving
from ticketcore.service._timers import Timers


@checks_arguments("clock")  # see `ServiceBase`
@attrs.frozen(kw_only=True)
class TicketService(
    Commands[Transaction],
    Timers[Transaction],
    Following[Transaction],
    Moving[Transaction],
    Erasing[Transaction],
):
    """Tickets in a *store*, under the *policies* of a host, with the host's *clock*.

    The first argument of each method is a transaction that the caller has begun and ends: a
    `sqlalchemy.Connection`, or what `MemoryStore.begin` gives. Asynchronous code calls the same
    methods through `run_sync`. *clock* returns the present instant as an aware datetime.

    >>> service = TicketService(
    ...     store=store, policies=versions, clock=lambda: datetime.now(UTC)
    ... )
    >>> with engine.begin() as db:
    ...     answer = service.handle(db, "00123456789", command)
    """
