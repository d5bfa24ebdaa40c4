from ticketcore.explain._cycles import (
    ChangeKind,
    CycleExplanation,
    TimerChange,
    explain_ticket,
)
from ticketcore.explain._timer import TimerExplanation, explain_opening, explain_timer

__all__ = [
    "ChangeKind",
    "CycleExplanation",
    "TimerChange",
    "TimerExplanation",
    "explain_opening",
    "explain_ticket",
    "explain_timer",
]
