"""``ticketcore policy check``: find the mistakes and faults of policy files."""

from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore._internal.limits import MAX_EXPLORED_COMMANDS
from ticketcore.cli._common import FAILED, INVALID, counted, say, say_problems
from ticketcore.cli.commands._options import Watch

if TYPE_CHECKING:
    from ticketcore.policies import Policy


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
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a file has possible mistakes.")
    ] = False,
    watch: Watch = False,
) -> None:
    """Check policy files and report every mistake with its line and key.

    Below the summary of a valid file stand possible mistakes.

    Exits with 2 if a file has mistakes, with 1 if --explore finds a fault, or --strict a possible
    mistake.
    """
    from ticketcore.cli._watch import watch_files
    from ticketcore.errors import PolicyError
    from ticketcore.policies import load_policy, policy_places, possible_mistakes

    if watch:
        watch_files(files)
        return
    invalid, faults, doubts = False, 0, 0
    for file in files:
        try:
            checked = load_policy(file)
        except PolicyError as error:
            invalid = True
            say_problems(error.problems, len(error.problems))
            continue
        say(f"{file}: {checked.name} {checked.version}, {_contents(checked)}")
        if mistakes := possible_mistakes(checked):
            place_of = policy_places(file)
            for mistake in mistakes:
                say(f"{place_of(mistake.path)}: possible mistake: {mistake.message}")
            doubts += len(mistakes)
        if explore:
            faults += _explore(checked, file, max_states)
    if invalid or faults or (strict and doubts):
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
        at_states = result.states >= max_states
        commands = f"it tries {MAX_EXPLORED_COMMANDS:,} commands at most"
        line += "raise --max-states for the rest" if at_states else commands
    say(line)
    for name, proof in result.guarantees.items():
        say(f'{source}: guarantee "{name}": {proof}')
    if any(guarantee.always for guarantee in policy.guarantees):
        say(f"{source}: `always` was tried in January 2026 only; other months have other holidays")
    for finding in result.findings:
        say(f"\n{finding.scenario(source)}", nl=False)
    return count
