from ticketcore.simulation._backtest import RANGE_SIZE, Progress, backtest
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
from ticketcore.simulation._scenario_schema import scenario_schema
from ticketcore.simulation._scenario_suite import Verdict, find_scenarios, judge
from ticketcore.simulation._servicenow import ImportReport, import_servicenow
from ticketcore.simulation._timeline import Entry, Timeline, rule_of, timeline
from ticketcore.simulation._timeline_words import local_time, plain

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
    "Progress",
    "RefusalReport",
    "Run",
    "Scenario",
    "Step",
    "Timeline",
    "TimerReport",
    "Verdict",
    "backtest",
    "find_scenarios",
    "import_servicenow",
    "is_scenario",
    "judge",
    "load_scenario",
    "local_instant",
    "local_time",
    "parse_scenario",
    "plain",
    "rule_of",
    "run_scenario",
    "scenario_schema",
    "timeline",
]
