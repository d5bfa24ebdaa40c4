from ticketcore.simulation._backtest import RANGE_SIZE, backtest
from ticketcore.simulation._backtest_closings import Closings
from ticketcore.simulation._backtest_report import (
    BacktestReport,
    BrokenTicket,
    RefusalReport,
    TimerReport,
)
from ticketcore.simulation._run import Moment, Run, run_scenario
from ticketcore.simulation._scenario import Expected, ExpectedEvent, ExpectedTimer, Scenario, Step
from ticketcore.simulation._scenario_checks import Check
from ticketcore.simulation._scenario_instants import local_instant
from ticketcore.simulation._scenario_load import is_scenario, load_scenario, parse_scenario
from ticketcore.simulation._servicenow import ImportReport, import_servicenow
from ticketcore.simulation._timeline import Entry, Timeline, timeline

__all__ = [
    "RANGE_SIZE",
    "BacktestReport",
    "BrokenTicket",
    "Check",
    "Closings",
    "Entry",
    "Expected",
    "ExpectedEvent",
    "ExpectedTimer",
    "ImportReport",
    "Moment",
    "RefusalReport",
    "Run",
    "Scenario",
    "Step",
    "Timeline",
    "TimerReport",
    "backtest",
    "import_servicenow",
    "is_scenario",
    "load_scenario",
    "local_instant",
    "parse_scenario",
    "run_scenario",
    "timeline",
]
