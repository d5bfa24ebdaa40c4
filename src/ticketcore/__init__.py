"""The core of a support-ticket system: events, a pure decider, business time, policies as data.

    command + ticket + policy  ->  events    decide
    ticket + policy + instant  ->  events    advance
    ticket + event             ->  ticket    evolve
    events                     ->  ticket    fold

The vocabulary stands in :mod:`ticketcore.events` and :mod:`ticketcore.commands`, business time in
:mod:`ticketcore.calendar`, what can go wrong in :mod:`ticketcore.errors`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticketcore.decider import advance, advise, available_commands, decide
    from ticketcore.events import Money, Order, Recorded
    from ticketcore.policies import Policy, PolicyVersions, load_policy, parse_policy
    from ticketcore.ticket import Ticket, evolve, fold

__version__ = "0.1.0"

__all__ = [
    "Money",
    "Order",
    "Policy",
    "PolicyVersions",
    "Recorded",
    "Ticket",
    "__version__",
    "advance",
    "advise",
    "available_commands",
    "decide",
    "evolve",
    "fold",
    "load_policy",
    "parse_policy",
]

# Each name is imported when it is first asked for: who needs only the calendar waits for no other
# room, and the many small classes of the vocabulary take a while to make.
_ROOMS = {
    "decider": ("advance", "advise", "decide", "available_commands"),
    "events": ("Money", "Order", "Recorded"),
    "policies": ("Policy", "PolicyVersions", "load_policy", "parse_policy"),
    "ticket": ("Ticket", "evolve", "fold"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = found  # from now on it is found without coming here
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
