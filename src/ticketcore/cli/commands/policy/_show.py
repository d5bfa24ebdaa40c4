"""``ticketcore policy list``, ``show`` and ``diagram``: a policy as it is written."""

from pathlib import Path
from typing import Annotated

import typer

from ticketcore._internal.files import naming_file
from ticketcore.cli._common import check_output, say
from ticketcore.cli.commands._options import PolicyName


def list_policies() -> None:
    """List the presets, the policies that come with the library."""
    from ticketcore.policies import load_policy, presets

    names = presets()
    width = max(map(len, names))
    for name in names:
        say(f"{name.ljust(width)}  {load_policy(name).title}")


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
        check_output(output, name)
    drawing = diagrams.build_diagram(load_policy(name))
    text = diagrams.to_svg(drawing) if svg else diagrams.to_mermaid(drawing)
    if output is None:
        say(text, nl=False)
    else:
        with naming_file(output):
            output.write_text(text, encoding="utf-8")
