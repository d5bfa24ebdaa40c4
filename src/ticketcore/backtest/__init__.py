from ticketcore.backtest._backtest import backtest
from ticketcore.backtest._closings import ClosingAgreement, ClosingComparison
from ticketcore.backtest._filter import FACTS, TicketFilter
from ticketcore.backtest._report import BacktestReport, BrokenTicket, RefusalReport, TimerReport
from ticketcore.backtest._run import RANGE_SIZE, Progress

__all__ = [
    "FACTS",
    "RANGE_SIZE",
    "BacktestReport",
    "BrokenTicket",
    "ClosingAgreement",
    "ClosingComparison",
    "Progress",
    "RefusalReport",
    "TicketFilter",
    "TimerReport",
    "backtest",
]
