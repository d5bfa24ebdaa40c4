"""``ticketcore policy diagram``: the state diagram of a policy."""

from pathlib import Path
from typing import Annotated

import typer

from ticketcore.cli._app import refuse_overwriting, say, writing
from ticketcore.cli._policy import policy


@policy.command("diagram")
def draw(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A preset, or a policy file.")],
    svg: Annotated[
        bool, typer.Option("--svg", help="Draw it, instead of text for Mermaid.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
) -> None:
    """Draw a policy's states: who may do what, and what its timers do when, with the rules."""
    from ticketcore import diagrams
    from ticketcore.policies import load_policy

    if output is not None:
        refuse_overwriting(output, name)
    drawn = diagrams.build_diagram(load_policy(name))
    text = diagrams.to_svg(drawn) if svg else diagrams.to_mermaid(drawn)
    if output is None:
        say(text, nl=False)
    else:
        with writing(output):
            output.write_text(text, encoding="utf-8")
