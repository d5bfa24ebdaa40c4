"""``ticketcore test``: play many scenarios, and say which kept what they promised."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ticketcore.cli._app import BROKEN, FAILED, app, counted, say, writing

if TYPE_CHECKING:
    from ticketcore.scenarios import ScenarioResult

NONE_FOUND: Final = 5


@app.command("test")
def run_tests(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="DIRECTORY|FILE…", help="Scenario files, or where to look."),
    ],
    junit: Annotated[
        Path | None, typer.Option(help="Also write the results here, as JUnit XML.")
    ] = None,
) -> None:
    """Play scenario files and check what they expect.

    In directories, all files *.toml that are scenarios are played.

    Exits with 0 when all pass, 1 when one fails or expects nothing, 2 when a file is broken,
    5 when there is no scenario.
    """
    from time import perf_counter

    from ticketcore.scenarios import check_scenario, find_scenarios

    results, times = [], []
    for path in find_scenarios(paths):
        start = perf_counter()
        results.append(check_scenario(path))
        times.append(perf_counter() - start)
    if not results:
        say(f"no scenario found in {', '.join(map(str, paths))}", err=True)
    _show(results)
    if junit is not None:
        from ticketcore.cli._junit import write_junit

        with writing(junit):
            write_junit(junit, results, times)
    raise typer.Exit(_exit_code(results))


def _exit_code(results: "Sequence[ScenarioResult]") -> int:
    states = {result.state for result in results}
    if not states:
        return NONE_FOUND
    return BROKEN if "broken" in states else FAILED if "failed" in states else 0


def _show(results: "Sequence[ScenarioResult]") -> None:
    from rich.text import Text

    from ticketcore.cli._output import console, line, sign
    from ticketcore.timeline import single_line

    out = console()
    signs = {
        "passed": (sign(out, "✓", "ok"), "green"),
        "failed": (sign(out, "✗", "FAILED"), "bold red"),
        "broken": (sign(out, "!", "BROKEN"), "bold red"),
    }
    for result in results:
        line(out, Text.assemble(signs[result.state], f"  {result.path}"))
        for finding in result.findings:
            line(out, Text(f"   {single_line(finding)}", "red"))
    states = [result.state for result in results]
    counts = [f"{states.count(state)} {state}" for state in signs if state in states]
    checks = sum(result.expectations for result in results)
    line(
        out,
        Text(f"{', '.join(counts) or 'none'}; {counted(checks, 'expectation')} checked", "bold"),
    )
