"""Service metrics: answers in time, waiting times, solutions, refunds, cycles of timers."""

from ticketcore.metrics._answers import Answer, AnswerOutcome, AnswerTarget, answers
from ticketcore.metrics._cycles import CycleCounts, CycleOutcome, TimerCycle, timer_cycles
from ticketcore.metrics._measure import measure
from ticketcore.metrics._metrics import (
    DEFINITIONS,
    Grouping,
    Metrics,
    Ratio,
    Spread,
    to_record,
)
from ticketcore.metrics._timers import TIMER_DEFINITIONS, TimerMetrics, measure_timers

__all__ = [
    "DEFINITIONS",
    "TIMER_DEFINITIONS",
    "Answer",
    "AnswerOutcome",
    "AnswerTarget",
    "CycleCounts",
    "CycleOutcome",
    "Grouping",
    "Metrics",
    "Ratio",
    "Spread",
    "TimerCycle",
    "TimerMetrics",
    "answers",
    "measure",
    "measure_timers",
    "timer_cycles",
    "to_record",
]
