"""Find scenario files, and run and check each of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.files import read_file
from ticketcore.errors import ScenarioError, TicketcoreError
from ticketcore.scenarios._load import is_scenario, load_scenario
from ticketcore.scenarios._run import run_scenario

ResultState: TypeAlias = Literal["passed", "failed", "broken"]


@attrs.frozen(kw_only=True)
class ScenarioResult:
    """The result of one scenario file.

    *expectations* is the number of expectations. *findings* are lines that say which of them
    failed and what was found instead, or why the file is broken.
    """

    path: Path
    name: str
    state: ResultState
    expectations: int = 0
    findings: tuple[str, ...] = ()


def find_scenarios(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files among *paths*, and all scenarios in the directories among them.

    Directories are searched recursively, in the order of the names. Files there that are not
    scenarios, such as policies, are skipped. Raises OSError for a path that cannot be read.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*.toml")):
            if file.is_file() and is_scenario(read_file(file)):
                yield file


@typed
def check_scenario(path: Path) -> ScenarioResult:
    """Run a scenario file and check what it expects. A scenario that expects nothing fails."""
    try:
        scenario = load_scenario(path)
        run = run_scenario(scenario)
    except ScenarioError as error:
        return _broken(path, *map(str, error.problems))
    except TicketcoreError as error:
        return _broken(path, str(error))
    findings = tuple(f"{failure.expected}; found: {failure.found}" for failure in run.failures)
    if not run.expectations:
        findings = (
            "the scenario checks nothing: add an [expect] table, or an expected refusal to a step",
        )
    return ScenarioResult(
        path=path,
        name=scenario.name,
        state="failed" if findings else "passed",
        expectations=len(run.expectations),
        findings=findings,
    )


def _broken(path: Path, *findings: str) -> ScenarioResult:
    return ScenarioResult(path=path, name=path.stem, state="broken", findings=findings)
