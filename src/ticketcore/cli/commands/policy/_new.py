"""``ticketcore policy new``: write a small policy to begin with."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ticketcore._internal.files import naming_file
from ticketcore.cli._common import say


class Like(StrEnum):
    """The kinds of desks, spelled out so that --help does not have to import them."""

    COMPLAINTS = "complaints"
    HELP_DESK = "help-desk"
    MARKETPLACE = "marketplace"
    OFFICE = "office"
    REFUNDS = "refunds"


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the policy, such as my-desk.")
    ],
    like: Annotated[
        Like, typer.Option(metavar="KIND", help=f"The kind of desk: {', '.join(Like)}.")
    ],
    folder: Annotated[Path, typer.Option(help="Folder for the files.")] = Path(),
) -> None:
    """Write a small policy and a scenario for it, to be changed.

    Exits with 2 if one of the files exists.
    """
    from ticketcore.policies import starter_files

    files = {folder / file: text for file, text in starter_files(like.value, name).items()}
    for path in files:
        if path.exists():
            message = f"{path} exists: choose another name or folder"
            raise typer.BadParameter(message, param_hint="NAME")
    for path, text in files.items():
        with naming_file(path):
            path.write_text(text, encoding="utf-8")
        say(f"wrote {path}")
    policy, scenario = files
    say(f"\nticketcore policy check --explore {policy}\nticketcore test {scenario}")
