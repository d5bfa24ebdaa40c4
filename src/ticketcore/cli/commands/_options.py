"""Options and arguments that several commands have, worded once."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

HistoryFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="HISTORY", help="History file (.jsonl or .jsonl.gz).")
]
PolicyName: TypeAlias = Annotated[
    str, typer.Argument(metavar="POLICY", help="Preset name or policy file.")
]
