from ticketcore.cli.commands._backtest import backtest
from ticketcore.cli.commands._explain import explain
from ticketcore.cli.commands._forecast import forecast
from ticketcore.cli.commands._history import history
from ticketcore.cli.commands._metrics import metrics
from ticketcore.cli.commands._schema import schema
from ticketcore.cli.commands._simulate import simulate
from ticketcore.cli.commands._test import run_tests
from ticketcore.cli.commands.policy import policy
from ticketcore.cli.commands.workbench import (
    compare,
    cover,
    replay,
    report,
    sweep,
    tickets,
    workload,
)

__all__ = [
    "backtest",
    "compare",
    "cover",
    "explain",
    "forecast",
    "history",
    "metrics",
    "policy",
    "replay",
    "report",
    "run_tests",
    "schema",
    "simulate",
    "sweep",
    "tickets",
    "workload",
]
