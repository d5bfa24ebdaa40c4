from ticketcore.backtest._backtest import RANGE_SIZE, Progress, backtest
from ticketcore.backtest._closings import Closings
from ticketcore.backtest._report import BacktestReport, BrokenTicket, RefusalReport, TimerReport

__all__ = [
    "RANGE_SIZE",
    "BacktestReport",
    "BrokenTicket",
    "Closings",
    "Progress",
    "RefusalReport",
    "TimerReport",
    "backtest",
]
