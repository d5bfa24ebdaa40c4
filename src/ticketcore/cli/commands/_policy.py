"""``ticketcore policy``: check, show and draw policy files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._common import (
    FAILED,
    INVALID,
    counted,
    refuse_overwriting,
    say,
    say_problems,
    writing,
)
from ticketcore.cli.commands._options import PolicyName

if TYPE_CHECKING:
    from ticketcore.policies import Policy

policy: typer.Typer = typer.Typer(no_args_is_help=True, help="Check, show and draw policy files.")


@policy.command("list")
def list_policies() -> None:
    """List the presets, the policies that come with the library."""
    from ticketcore.policies import load_policy, presets

    names = presets()
    width = max(map(len, names))
    for name in names:
        say(f"{name.ljust(width)}  {load_policy(name).title}")


@policy.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="POLICY", help="Policy files or preset names.")
    ],
    explore: Annotated[
        bool,
        typer.Option(
            "--explore",
            help="Also explore all reachable ticket states; print each fault as a scenario.",
        ),
    ] = False,
    max_states: Annotated[
        int, typer.Option(min=1, help="Stop after exploring this many ticket states.")
    ] = 20_000,
) -> None:
    """Check policy files and report every mistake with its line and key.

    Exits with 2 if a file has mistakes, with 1 if --explore finds a fault.
    """
    from ticketcore.errors import PolicyError
    from ticketcore.policies import load_policy

    invalid, faults = False, 0
    for file in files:
        try:
            checked = load_policy(file)
        except PolicyError as error:
            invalid = True
            say_problems(error.problems, len(error.problems))
            continue
        say(f"{file}: {checked.name} {checked.version}, {_contents(checked)}")
        if explore:
            faults += _explore(checked, file, max_states)
    if invalid or faults:
        raise typer.Exit(INVALID if invalid else FAILED)


def _contents(policy: "Policy") -> str:
    types = "any type" if policy.any_type else counted(len(policy.types), "type")
    timers = counted(len(policy.timers), "timer")
    return f"{types}, {timers}, {counted(len(policy.permissions), 'permission')}"


def _explore(policy: "Policy", source: str, max_states: int) -> int:
    """Explore a policy, print each finding as a scenario file, and return their number.

    *source* is the policy's name or path, which the scenarios name.
    """
    from ticketcore.testing import explore

    result = explore(policy, max_states=max_states)
    count = len(result.findings)
    line = f"{source}: {counted(result.states, 'state')} explored, "
    line += counted(count, "finding") if count else "no findings"
    if not result.complete:
        line += "; stopped at the limit and reported over-refunds and guarantees only: "
        line += "raise --max-states for the rest"
    say(line)
    for name, proof in result.guarantees.items():
        say(f'{source}: guarantee "{name}": {proof}')
    for finding in result.findings:
        say(f"\n{finding.scenario(source)}", nl=False)
    return count


@policy.command()
def show(
    name: PolicyName,
    toml: Annotated[bool, typer.Option("--toml", help="Print the TOML file unchanged.")] = False,
) -> None:
    """Show a policy's types, timers, permissions, limits and calendars, with rule ids."""
    from ticketcore.policies import load_policy, preset_text, presets

    loaded = load_policy(name)
    if toml:
        text = preset_text(name) if name in presets() else Path(name).read_text(encoding="utf-8")
        typer.echo(text, nl=False)  # to be copied, so control characters are not escaped
        return
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._policy import show_policy

    show_policy(console(), loaded)


@policy.command("diagram")
def draw(
    name: PolicyName,
    svg: Annotated[bool, typer.Option("--svg", help="Write SVG instead of Mermaid text.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write. Default: standard output."),
    ] = None,
) -> None:
    """Draw a policy as a state diagram: commands, timers and their rule ids."""
    from ticketcore import diagrams
    from ticketcore.policies import load_policy

    if output is not None:
        refuse_overwriting(output, name)
    drawing = diagrams.build_diagram(load_policy(name))
    text = diagrams.to_svg(drawing) if svg else diagrams.to_mermaid(drawing)
    if output is None:
        say(text, nl=False)
    else:
        with writing(output):
            output.write_text(text, encoding="utf-8")
