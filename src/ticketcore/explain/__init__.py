from ticketcore.explain._cycles import (
    ChangeKind,
    CycleChange,
    CycleExplanation,
    explain_ticket,
)
from ticketcore.explain._timer import TimerExplanation, explain_opening, explain_timer

__all__ = [
    "ChangeKind",
    "CycleChange",
    "CycleExplanation",
    "TimerExplanation",
    "explain_opening",
    "explain_ticket",
    "explain_timer",
]
