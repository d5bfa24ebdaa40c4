from ticketcore.testing.strategies._broken_policies import BrokenPolicy, broken_policies
from ticketcore.testing.strategies._calendars import calendars, opening_hours
from ticketcore.testing.strategies._commands import (
    commands,
    fitting,
    grants_something,
    misfit_commands,
    moments,
)
from ticketcore.testing.strategies._damage import DamagedHistory, damaged_histories
from ticketcore.testing.strategies._histories import histories, scenarios
from ticketcore.testing.strategies._policies import policies, policy_texts
from ticketcore.testing.strategies._values import money, orders, spans
from ticketcore.testing.strategies._zones import instants, zones

__all__ = [
    "BrokenPolicy",
    "DamagedHistory",
    "broken_policies",
    "calendars",
    "commands",
    "damaged_histories",
    "fitting",
    "grants_something",
    "histories",
    "instants",
    "misfit_commands",
    "moments",
    "money",
    "opening_hours",
    "orders",
    "policies",
    "policy_texts",
    "scenarios",
    "spans",
    "zones",
]
