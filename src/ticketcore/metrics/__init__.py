"""Service metrics: answers in time, waiting times, solutions and refunds."""

from ticketcore.metrics._answers import Answer, AnswerOutcome, AnswerTarget, answers
from ticketcore.metrics._measure import GROUPINGS, measure
from ticketcore.metrics._metrics import DEFINITIONS, Grouping, Metrics, Ratio, Spread, to_record

__all__ = [
    "DEFINITIONS",
    "GROUPINGS",
    "Answer",
    "AnswerOutcome",
    "AnswerTarget",
    "Grouping",
    "Metrics",
    "Ratio",
    "Spread",
    "answers",
    "measure",
    "to_record",
]
