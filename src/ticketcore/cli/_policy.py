"""``ticketcore policy``: check policy files, and show what they say."""

from pathlib import Path
from typing import Annotated

import typer

from ticketcore.cli._app import BROKEN, FAILED, counted, group, say

policy = group("policy", "Check policy files, and show what they say.")


@policy.command("list")
def list_policies() -> None:
    """List the policies that come with the library."""
    from ticketcore.policies import load_policy, presets

    names = presets()
    width = max(map(len, names))
    for name in names:
        say(f"{name.ljust(width)}  {load_policy(name).title}")


@policy.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Policy files, or presets.")],
    explore: Annotated[
        bool,
        typer.Option(
            "--explore", help="Try out all that can happen; print each fault as a scenario."
        ),
    ] = False,
    bound: Annotated[
        int, typer.Option(min=1, help="Of so many states of a ticket at most.")
    ] = 20_000,
) -> None:
    """Check policy files: every mistake of every file at once, each with its place.

    Exits with 2 when there is any, and with 1 when an exploration finds a fault.
    """
    from ticketcore.errors import PolicyError
    from ticketcore.policies import load_policy

    broken, found = False, 0
    for file in files:
        try:
            good = load_policy(file)
        except PolicyError as error:
            broken = True
            for problem in error.problems:
                say(str(problem), err=True)
            continue
        parts = {"type": good.types, "timer": good.timers, "permission": good.permissions}
        held = ", ".join(counted(len(part), name) for name, part in parts.items())
        say(f"{file}: {good.name} {good.version}, {held}")
        if explore:
            from ticketcore.cli._explore import explored

            found += explored(good, file, bound)
    if broken or found:
        raise typer.Exit(BROKEN if broken else FAILED)


@policy.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A preset, or a policy file.")],
    toml: Annotated[bool, typer.Option("--toml", help="Print the file itself.")] = False,
) -> None:
    """Show a policy: its types, timers, permissions, limits and calendars, with their rules."""
    from ticketcore.policies import load_policy, preset_text, presets

    rules = load_policy(name)
    if toml:
        text = preset_text(name) if name in presets() else Path(name).read_text(encoding="utf-8")
        typer.echo(text, nl=False)  # to be copied, so as it is
        return
    from ticketcore.cli._output import console
    from ticketcore.cli._policy_view import show_policy

    show_policy(console(), rules)
