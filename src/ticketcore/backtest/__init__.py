from ticketcore.backtest._backtest import RANGE_SIZE, Progress, backtest
from ticketcore.backtest._closings import ClosingAgreement, ClosingComparison
from ticketcore.backtest._report import BacktestReport, BrokenTicket, RefusalReport, TimerReport

__all__ = [
    "RANGE_SIZE",
    "BacktestReport",
    "BrokenTicket",
    "ClosingAgreement",
    "ClosingComparison",
    "Progress",
    "RefusalReport",
    "TimerReport",
    "backtest",
]
