"""The rules that a recorded desk seems to follow, on the screen."""

from collections.abc import Mapping
from typing import Final

from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import percent
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.importers import InferredRule, Occasion

_OCCASIONS: Final[Mapping[Occasion, str]] = {
    "closing-solved": "closings by the system of solved tickets",
    "closing-silent": "closings by the system of tickets that were not solved",
    "warning": "warnings by the system",
}


def show_rule(out: Console, rule: InferredRule) -> bool:
    """Print how often each rule explains the record, and the best one as in a policy file.

    Return whether it explains the record; if not, it is not printed.
    """
    heading(out, f"{rule.count:,} {_OCCASIONS[rule.occasion]}")
    rows = [tuple(Text(head, "dim") for head in ("count", "share", "rule"))]
    rows += [
        (Text(f"{count:,}"), Text(percent(count, rule.count)), Text(label))
        for label, count in sorted(rule.shares, key=lambda share: -share[1])
    ]
    show_table(out, rows, right=(0, 1))
    out.print()
    if not rule.explains:
        why = "No rule explains half of them."
        if rule.agreeing * 2 >= rule.count:
            gap = "in the days before and after" if rule.run else "in the hour before"
            why = f"The best rule may be chance: {rule.beside:,} came {gap}, where it has a gap."
        line(out, Text(f"{why} Select tickets of one kind with --only."))
        return False
    for text in rule.to_toml().splitlines():
        line(out, Text(text))
    return True
