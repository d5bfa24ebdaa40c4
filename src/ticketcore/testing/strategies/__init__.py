from ticketcore.testing.strategies._broken_policies import BrokenPolicy, broken_policies
from ticketcore.testing.strategies._calendars import calendars, opening_hours
from ticketcore.testing.strategies._commands import (
    accepted_commands,
    accepts_any_command,
    commands,
    interesting_instants,
    invalid_commands,
)
from ticketcore.testing.strategies._damaged_histories import DamagedHistory, damaged_histories
from ticketcore.testing.strategies._histories import histories, scenarios
from ticketcore.testing.strategies._instants import instants, zones
from ticketcore.testing.strategies._policies import policies, policy_texts
from ticketcore.testing.strategies._types import names, strategy_of
from ticketcore.testing.strategies._values import money, orders, spans

__all__ = [
    "BrokenPolicy",
    "DamagedHistory",
    "accepted_commands",
    "accepts_any_command",
    "broken_policies",
    "calendars",
    "commands",
    "damaged_histories",
    "histories",
    "instants",
    "interesting_instants",
    "invalid_commands",
    "money",
    "names",
    "opening_hours",
    "orders",
    "policies",
    "policy_texts",
    "scenarios",
    "spans",
    "strategy_of",
    "zones",
]
