from ticketcore.scenarios._checks import Check
from ticketcore.scenarios._instants import local_instant
from ticketcore.scenarios._load import is_scenario, load_scenario, parse_scenario
from ticketcore.scenarios._run import Moment, Run, run_scenario, timeline
from ticketcore.scenarios._scenario import Expected, ExpectedEvent, ExpectedTimer, Scenario, Step
from ticketcore.scenarios._schema import scenario_schema
from ticketcore.scenarios._suite import Verdict, find_scenarios, judge

__all__ = [
    "Check",
    "Expected",
    "ExpectedEvent",
    "ExpectedTimer",
    "Moment",
    "Run",
    "Scenario",
    "Step",
    "Verdict",
    "find_scenarios",
    "is_scenario",
    "judge",
    "load_scenario",
    "local_instant",
    "parse_scenario",
    "run_scenario",
    "scenario_schema",
    "timeline",
]
