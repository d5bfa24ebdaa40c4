"""The core of a support-ticket system: events, a pure decider, business time, policies as data.

    command + ticket + policy  ->  events    decide
    ticket + policy + instant  ->  events    advance
    ticket + event             ->  ticket    evolve
    events                     ->  ticket    fold

The events are in :mod:`ticketcore.events`, the commands in :mod:`ticketcore.commands`, business
time in :mod:`ticketcore.calendar`, and all errors in :mod:`ticketcore.errors`.
"""

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
