"""Many scenario files, each found, played and judged."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from ticketcore.errors import ScenarioError, TicketcoreError
from ticketcore.scenarios._load import is_scenario, load_scenario
from ticketcore.scenarios._run import run_scenario

ResultState: TypeAlias = Literal["passed", "failed", "broken"]


@attrs.frozen(kw_only=True)
class ScenarioResult:
    """How one scenario file fared. *expectations* counts its expectations; *findings* says, in lines,
    which of them failed and what was found, or why the file is broken."""

    path: Path
    name: str
    state: ResultState
    expectations: int = 0
    findings: tuple[str, ...] = ()


def find_scenarios(paths: Iterable[Path]) -> Iterator[Path]:
    """The files among *paths*, and the scenarios in the directories among them and below, in
    the order of their names. Files that are no scenarios, such as policies, are left out there.

    Raises OSError for a path that cannot be read.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*.toml")):
            if is_scenario(file.read_bytes()):
                yield file


def check_scenario(path: Path) -> ScenarioResult:
    """Play one scenario file. One that expects nothing has failed: it can prove nothing."""
    try:
        scenario = load_scenario(path)
        run = run_scenario(scenario)
    except ScenarioError as error:
        findings = tuple(map(str, error.problems))
        return ScenarioResult(path=path, name=path.stem, state="broken", findings=findings)
    except TicketcoreError as error:
        return ScenarioResult(path=path, name=path.stem, state="broken", findings=(str(error),))
    state: ResultState = "failed" if run.failures or not run.expectations else "passed"
    findings = tuple(
        f"{expectation.expected}; found: {expectation.found}" for expectation in run.failures
    )
    if not run.expectations:
        findings = ("nothing is expected: add an [expect], or an expected refusal to a step",)
    return ScenarioResult(
        path=path,
        name=scenario.name,
        state=state,
        expectations=len(run.expectations),
        findings=findings,
    )
