"""The handlers of commands, and the checks for commands that would change nothing.

A handler is a function of ticket, command, policy, the permission that allows the command, and
the other tickets of the order, to events. Permissions are checked before; a handler refuses what
depends on the command's own values.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from ticketcore.commands import Command
from ticketcore.events import Event
from ticketcore.ledger import COMMAND, OrderState
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket

C = TypeVar("C", bound=Command)
Others: TypeAlias = tuple[Ticket, ...]
"""The other tickets of the order."""

Handler: TypeAlias = Callable[[Ticket, C, Policy, Permission, Others], tuple[Event, ...]]
NoOpCheck: TypeAlias = Callable[[Ticket, C], bool]

HANDLERS: dict[
    type[Command], Callable[[Ticket, Any, Policy, Permission, Others], tuple[Event, ...]]
] = {}
NO_OP_CHECKS: dict[type[Command], Callable[[Ticket, Any], bool]] = {}


def handles(command: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Register a function as the handler of *command*."""

    def register(handler: Handler[C]) -> Handler[C]:
        HANDLERS[command] = handler
        return handler

    return register


def no_op_if(command: type[C]) -> Callable[[NoOpCheck[C]], NoOpCheck[C]]:
    """Register a function that says whether *command* would change nothing.

    It makes a command that is sent twice take effect once.
    """

    def register(check: NoOpCheck[C]) -> NoOpCheck[C]:
        NO_OP_CHECKS[command] = check
        return check

    return register


def order_state(ticket: Ticket, command: Command, others: Others) -> OrderState:
    """Return the state of the order for a command about money.

    Raises OrderNotAdvancedError or NewerHistoryError as `OrderState.at_turn` does.
    """
    return OrderState.at_turn(ticket, others, (command.at, COMMAND))


def caused_by(command: Command) -> dict[str, Any]:
    """Return the fields that an event takes over from the command that causes it."""
    return {
        "at": command.at,
        "by": command.by,
        "actor": command.actor,
        "command_id": command.command_id,
    }
