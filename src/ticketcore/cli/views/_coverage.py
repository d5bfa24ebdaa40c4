"""The coverage of a policy on the screen: each part with its uses, or the marked file."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.coverage import Coverage, MarkedLine
from ticketcore.timeline import single_line

_MARKS: Final = {
    "scenario": ("+", "green"),
    "history": ("~", "yellow"),
    "unused": ("-", "red"),
    None: (" ", ""),
}


def show_coverage(out: Console, coverage: Coverage) -> None:
    """Print each part of the policy with the numbers of scenarios and tickets that use it."""
    policy = coverage.policy
    line(out, Text(single_line(f"{policy.name} {policy.version}"), "bold"))
    seen = [counted(coverage.scenarios, "scenario")]
    if coverage.others:
        seen.append(f"{coverage.others:,} of another policy")
    if coverage.tickets is not None:
        seen.append(counted(coverage.tickets, "ticket"))
    if coverage.broken:
        seen.append(f"{counted(coverage.broken, 'ticket')} broken")
    line(out, Text(", ".join(seen), "dim"))
    out.print()
    with_history = coverage.tickets is not None
    heads = ["part", "name", "rule", "scenarios", *(["tickets"] if with_history else [])]
    rows = [[Text(head, "dim") for head in heads]]
    for part, use in coverage.uses.items():
        numbers = [use.scenarios, *([use.tickets] if with_history else [])]
        style = "" if use.is_used else "red"
        names = (part.kind, single_line(part.name), part.rule or "")
        rows.append(
            [
                *(Text(name, style) for name in names),
                *(Text(f"{number:,}" if number else "-", style) for number in numbers),
            ]
        )
    show_table(out, rows, right=range(3, len(heads)), whole=(0, 2))
    heading(out, _verdict(coverage))


def _verdict(coverage: Coverage) -> str:
    uses = coverage.uses.values()
    by = [f"{sum(use.scenarios > 0 for use in uses)} by scenarios"]
    if coverage.tickets is not None:
        by.append(f"{sum(use.tickets > 0 for use in uses)} by the history")
    share = f"{coverage.used} of {len(uses)} used, {coverage.percent:.1f} %"
    return f"{share}: {', '.join(by)}; {len(uses) - coverage.used} unused"


def show_marked(out: Console, lines: Iterable[MarkedLine]) -> None:
    """Print a policy file with a mark before each line: + scenario, ~ history only, - unused."""
    for marked in lines:
        mark, style = _MARKS[marked.mark]
        text = Text(f"{mark} {marked.text}", style)
        text.rstrip()
        line(out, text)
