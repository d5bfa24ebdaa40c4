from ticketcore.scenarios._checks import Expectation
from ticketcore.scenarios._expected import (
    Expected,
    ExpectedEvent,
    ExpectedTicket,
    ExpectedTimer,
)
from ticketcore.scenarios._file import scenario_schema
from ticketcore.scenarios._instants import local_instant
from ticketcore.scenarios._load import is_scenario, load_scenario, parse_scenario
from ticketcore.scenarios._run import ScenarioRun, StepResult, run_scenario, timeline_of
from ticketcore.scenarios._scenario import Scenario, Step
from ticketcore.scenarios._suite import ScenarioResult, check_scenario, find_scenarios

__all__ = [
    "Expectation",
    "Expected",
    "ExpectedEvent",
    "ExpectedTicket",
    "ExpectedTimer",
    "Scenario",
    "ScenarioResult",
    "ScenarioRun",
    "Step",
    "StepResult",
    "check_scenario",
    "find_scenarios",
    "is_scenario",
    "load_scenario",
    "local_instant",
    "parse_scenario",
    "run_scenario",
    "scenario_schema",
    "timeline_of",
]
