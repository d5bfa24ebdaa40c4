from ticketcore.comparison import wording
from ticketcore.comparison._bootstrap import DRAWS, ConfidenceInterval
from ticketcore.comparison._columns import OUTCOME_COLUMNS, TICKET_COLUMNS, Column
from ticketcore.comparison._compare import check_condition, compare, holds
from ticketcore.comparison._conditions import CONDITION_FUNCTIONS
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
    currencies_of,
)
from ticketcore.comparison._sweep import (
    Choice,
    Point,
    PolicyVariants,
    Sweep,
    policy_variants,
    sweep,
    sweep_of,
)
from ticketcore.comparison._tally import Tally
from ticketcore.comparison._workload import DAYS, HourOfWeek, workload

__all__ = [
    "CONDITION_FUNCTIONS",
    "DAYS",
    "DRAWS",
    "OUTCOME_COLUMNS",
    "TICKET_COLUMNS",
    "Assumption",
    "Change",
    "Choice",
    "Column",
    "Comparison",
    "ConfidenceInterval",
    "Count",
    "DeadlineCounts",
    "Group",
    "HourOfWeek",
    "MoneyChange",
    "Outcomes",
    "Point",
    "PolicyVariants",
    "Sweep",
    "Tally",
    "TimerChange",
    "Written",
    "check_condition",
    "compare",
    "currencies_of",
    "holds",
    "outcomes",
    "policy_variants",
    "sweep",
    "sweep_of",
    "wording",
    "workload",
    "write_outcomes",
]
