from ticketcore.metrics._answers import Answer, Target, answers
from ticketcore.metrics._groups import Grouping
from ticketcore.metrics._measure import measure
from ticketcore.metrics._metrics import DEFINITIONS, Figures, Ratio, Spread
from ticketcore.metrics._records import record

__all__ = [
    "DEFINITIONS",
    "Answer",
    "Figures",
    "Grouping",
    "Ratio",
    "Spread",
    "Target",
    "answers",
    "measure",
    "record",
]
