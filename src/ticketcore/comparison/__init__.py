from ticketcore.comparison._bootstrap import DRAWS, Interval
from ticketcore.comparison._columns import OUTCOME_COLUMNS, TICKET_COLUMNS, Column
from ticketcore.comparison._compare import compare, holds
from ticketcore.comparison._outcomes import Outcomes, Written, outcomes, write_outcomes
from ticketcore.comparison._report import (
    Assumption,
    Change,
    Comparison,
    Count,
    DeadlineCounts,
    Group,
    MoneyChange,
    TimerChange,
)

__all__ = [
    "DRAWS",
    "OUTCOME_COLUMNS",
    "TICKET_COLUMNS",
    "Assumption",
    "Change",
    "Column",
    "Comparison",
    "Count",
    "DeadlineCounts",
    "Group",
    "Interval",
    "MoneyChange",
    "Outcomes",
    "TimerChange",
    "Written",
    "compare",
    "holds",
    "outcomes",
    "write_outcomes",
]
