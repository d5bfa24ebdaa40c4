"""The core of a support-ticket system: events, a pure decider, business time, policies as data.

    command + ticket + policy  ->  events    decide
    ticket + policy + instant  ->  events    advance
    ticket + event             ->  ticket    evolve
    events                     ->  ticket    fold

The vocabulary stands in :mod:`ticketcore.events` and :mod:`ticketcore.commands`, business time in
:mod:`ticketcore.calendar`, what can go wrong in :mod:`ticketcore.errors`.
"""

from ticketcore.decide import advance, advise, decide, options
from ticketcore.events import Money, Order, Recorded
from ticketcore.policies import Policy, PolicyBook, load_policy, parse_policy
from ticketcore.ticket import Ticket, evolve, fold

__version__ = "0.1.0"

__all__ = [
    "Money",
    "Order",
    "Policy",
    "PolicyBook",
    "Recorded",
    "Ticket",
    "__version__",
    "advance",
    "advise",
    "decide",
    "evolve",
    "fold",
    "load_policy",
    "options",
    "parse_policy",
]
