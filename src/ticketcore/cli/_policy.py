"""``ticketcore policy``: check policy files, and show what they say."""

import typer

from ticketcore.cli._app import group

policy = group("policy", "Check policy files, and show what they say.")


@policy.command("list")
def list_() -> None:
    """List the policies that come with the library."""
    from ticketcore.policies import load_policy, presets

    names = presets()
    width = max(map(len, names))
    for name in names:
        typer.echo(f"{name.ljust(width)}  {load_policy(name).title}")
