from ticketcore.backtest._backtest import backtest, replay_tickets
from ticketcore.backtest._closings import ClosingAgreement, ClosingComparison
from ticketcore.backtest._filter import (
    FACTS,
    TicketFilter,
    check_recorded,
    declared_fields,
)
from ticketcore.backtest._job import Collector, ReplayJob
from ticketcore.backtest._parts import TicketPosition
from ticketcore.backtest._replay import Replay
from ticketcore.backtest._report import (
    BacktestReport,
    BrokenTicket,
    GuaranteeReport,
    RefusalReport,
    TimerReport,
)
from ticketcore.backtest._run import (
    RANGE_SIZE,
    Progress,
    SubmittedTask,
    WorkerPool,
    run_replay,
)

__all__ = [
    "FACTS",
    "RANGE_SIZE",
    "BacktestReport",
    "BrokenTicket",
    "ClosingAgreement",
    "ClosingComparison",
    "Collector",
    "GuaranteeReport",
    "Progress",
    "RefusalReport",
    "Replay",
    "ReplayJob",
    "SubmittedTask",
    "TicketFilter",
    "TicketPosition",
    "TimerReport",
    "WorkerPool",
    "backtest",
    "check_recorded",
    "declared_fields",
    "replay_tickets",
    "run_replay",
]
