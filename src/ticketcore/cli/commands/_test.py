"""``ticketcore test``: run scenario files and check their expectations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._common import FAILED, INVALID, NONE_FOUND, check_output, counted, say
from ticketcore.cli.commands._options import JUnitFile, Watch

if TYPE_CHECKING:
    from ticketcore.scenarios import ScenarioResult


def run_tests(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|DIRECTORY", help="Scenario files, or directories to search."),
    ],
    junit: JUnitFile = None,
    watch: Watch = False,
) -> None:
    """Run scenario files and check their expectations, and the guarantees of their policies.

    Searches directories for *.toml files that are scenarios.

    Exits with 0 if all pass, 1 if one fails, expects nothing or breaks a guarantee, 2 if a file is
    invalid, 5 if no scenario is found.
    """
    from time import perf_counter

    from ticketcore.cli._watch import watch_files
    from ticketcore.scenarios import check_scenario, find_scenarios

    if watch:
        watch_files(paths)
        return
    found = list(find_scenarios(paths))
    if junit is not None:
        check_output(junit, *found, option="--junit")
    results, seconds = [], []
    for path in found:
        start = perf_counter()
        results.append(check_scenario(path))
        seconds.append(perf_counter() - start)
    if not results:
        say(f"no scenario found in {', '.join(map(str, paths))}", err=True)
    _show(results)
    if junit is not None:
        from ticketcore.cli.views._junit import write_junit

        write_junit(junit, results, seconds)
    raise typer.Exit(_exit_code(results))


def _exit_code(results: "Sequence[ScenarioResult]") -> int:
    states = {result.state for result in results}
    if not states:
        return NONE_FOUND
    return INVALID if "broken" in states else FAILED if "failed" in states else 0


def _show(results: "Sequence[ScenarioResult]") -> None:
    from rich.text import Text

    from ticketcore.cli._screen import console, line, symbol
    from ticketcore.timeline import single_line

    out = console()
    symbols = {
        "passed": (symbol(out, "✓", "ok"), "green"),
        "failed": (symbol(out, "✗", "FAILED"), "bold red"),
        "broken": (symbol(out, "!", "BROKEN"), "bold red"),
    }
    for result in results:
        line(out, Text.assemble(symbols[result.state], f"  {result.path}"))
        for finding in result.findings:
            line(out, Text(f"   {single_line(finding)}", "red"))
    states = [result.state for result in results]
    counts = [f"{states.count(state)} {state}" for state in symbols if state in states]
    expectations = counted(sum(result.expectations for result in results), "expectation")
    line(out, Text(f"{', '.join(counts) or 'none'}; {expectations} checked", "bold"))
