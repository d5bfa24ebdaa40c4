"""The difference between two policies on the screen."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import attrs
from rich.console import Console
from rich.text import Text

from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import paragraph, show_table
from ticketcore.commands import Command
from ticketcore.events import Order
from ticketcore.policies import Policy
from ticketcore.terms import ChangedTerm
from ticketcore.testing import DifferenceKind, PolicyComparison, PolicyDifference
from ticketcore.timeline import local_time, single_line

_CLAIMS: Final[Sequence[tuple[str, frozenset[DifferenceKind]]]] = (
    ("nothing comes later or is missing", frozenset({"later", "missing"})),
    ("nothing comes earlier or in addition", frozenset({"earlier", "added"})),
    ("nothing more is refused", frozenset({"refused"})),
    ("nothing more is allowed", frozenset({"allowed"})),
)

_SAMPLES: Final = frozenset({"at", "by", "zone", "subject", "text", "fields", "amount", "units"})
"""The fields of a command that a story does not vary, or shows in another way."""


def show_differences(
    out: Console, policies: tuple[Policy, Policy], changed: Sequence[ChangedTerm]
) -> None:
    """Print the rules that differ, each with its sentence in both policies."""
    names = " -> ".join(f"{policy.name} {policy.version}" for policy in policies)
    line(out, Text(single_line(names), "bold"))
    section = None
    for change in changed:
        if change.section != section:
            section = change.section
            heading(out, section)
        paragraph(out, Text(single_line(", ".join(change.key[1:])), "dim"))
        sides = (("-", change.before, "red"), ("+", change.after, "green"))
        rows = [
            (Text(f"  {sign}", style), Text(single_line(text), style))
            for sign, text, style in sides
            if text is not None
        ]
        show_table(out, rows, whole=(0,))
    sentences = sum(change.key[0] != "other" for change in changed)
    others = len(changed) - sentences
    differ = f"{counted(sentences, 'sentence')} of the terms {_verb(sentences)}"
    heading(out, differ if sentences else "The terms are the same")
    if others:
        line(out, Text(f"{counted(others, 'other key')} {_verb(others)}", "bold"))


def _verb(number: int) -> str:
    return "differs" if number == 1 else "differ"


def show_comparison(
    out: Console, policies: tuple[Policy, Policy], comparison: PolicyComparison
) -> None:
    """Print what the other policy does differently, with the shortest story for each."""
    if not (comparison.pairs or comparison.differences):
        heading(out, "What they do")
        paragraph(out, Text("Both decide alike: no rule that decisions read is different."))
        return
    tried = f"{counted(comparison.pairs, 'pair')} of ticket states compared"
    heading(out, "What they do", tried if comparison.complete else f"{tried}, stopped there")
    base, other = (single_line(policy.name) for policy in policies)
    if base == other:
        base, other = (single_line(f"{policy.name} {policy.version}") for policy in policies)
    for claim, kinds in _CLAIMS:
        found = [each for each in comparison.differences if each.kind in kinds]
        sentence = f"Under {other} {claim} compared with {base}{', except:' if found else '.'}"
        paragraph(out, Text(sentence, "bold" if found else ""))
        for difference in found:
            _show_difference(out, (base, other), difference)
    paragraph(
        out,
        Text(
            "Windows after the sale were tried at openings; amounts and texts were not varied.",
            "dim",
        ),
    )


def _described(command: Command) -> str:
    """Return a command with its party and its fields, without texts and amounts of samples."""
    facts = [f"{command.NAME} by {command.by}"]
    for field in attrs.fields(type(command)):
        value = getattr(command, field.name)
        if isinstance(value, Order):
            facts.append(f"order sold {local_time(value.sold_at, ZoneInfo('UTC'))}")
        elif field.name not in _SAMPLES and value not in (field.default, None, False):
            facts.append(field.name if value is True else f"{field.name} {value}")
    return single_line(", ".join(facts))


def _show_difference(out: Console, names: tuple[str, str], difference: PolicyDifference) -> None:
    line(out, Text(f"  {difference.subject}: {difference.kind}"))
    steps = [
        (
            Text(f"    {local_time(command.at, ZoneInfo('UTC'))}"),
            Text(_described(command)),
        )
        for command in difference.story.commands
    ]
    ends = zip(names, (difference.base, difference.other), strict=True)
    steps += [(Text(f"    {name}", "dim"), Text(end, "dim")) for name, end in ends]
    show_table(out, steps, whole=(0,))
