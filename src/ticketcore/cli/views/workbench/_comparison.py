"""A comparison on the screen: differences first, each with the condition for its tickets."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import time_words
from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import MANY_LINES, show_table
from ticketcore.comparison import Change, Comparison, DeadlineCounts, Group
from ticketcore.comparison.wording import (
    DEADLINE_COUNTS,
    amount,
    change_words,
    money_title,
    money_words,
    share,
    shown_money,
    signed,
)
from ticketcore.timeline import single_line

_GROUPS: Final = 8  # rows of a breakdown


def show_comparison(
    out: Console,
    history: Path,
    comparison: Comparison,
    policies: Sequence[str],
    filters: Sequence[str],
) -> None:
    """Print a whole comparison of *policies*, as they were named; leave out empty parts.

    *filters* are the arguments that selected the tickets.
    """
    file, base, *others = map(shlex.quote, [str(history), *policies])
    pair = f"{comparison.base}  ->  {comparison.other}"
    line(out, Text.assemble((pair, "bold"), f"  over {history.name}"))
    line(out, Text(_extent(comparison), "dim"))
    _show_differences(out, comparison)
    _show_money(out, comparison)
    _show_timers(out, comparison)
    for field, groups in comparison.groups.items():
        _show_groups(out, field, groups)
    if comparison.examples:
        heading(out, "Look at these", "with the command below")
        rows = [
            (Text(title), Text(", ".join(map(single_line, tickets))))
            for title, tickets in (
                ("differ most", comparison.examples),
                ("at random", comparison.random_examples),
            )
            if tickets
        ]
        show_table(out, rows, whole=(0,))
        line(
            out,
            Text(
                f"ticketcore replay {file} TICKET {_options('--policy', [base, *others])}", "dim"
            ),
        )
    heading(out, "Assumptions", "and the changed tickets that depend on each")
    rows = [(Text(f"{a.changed.tickets:,}"), Text(a.text)) for a in comparison.assumptions]
    show_table(out, rows, right=(0,))
    heading(out, "Tickets behind a count", "with the condition beside it")
    replayed = f"--policy {base} {_options('--against', others)}"
    selected = f" {shlex.join(filters)}" if filters else ""
    line(out, Text(f'ticketcore tickets {file} {replayed}{selected} --where "CONDITION"', "dim"))


def _options(name: str, values: Sequence[str]) -> str:
    return " ".join(f"{name} {value}" for value in values)


def _extent(comparison: Comparison) -> str:
    parts = [counted(comparison.tickets, "ticket")]
    if comparison.orders != comparison.tickets:
        parts.append(f"of {counted(comparison.orders, 'order')}")
    if comparison.first and comparison.last:
        parts.append(f"from {comparison.first:%Y-%m-%d} to {comparison.last:%Y-%m-%d}")
    broken = f"; {counted(comparison.broken, 'ticket')} broken" if comparison.broken else ""
    return f"{' '.join(parts)}, replayed under both{broken}"


def _show_differences(out: Console, comparison: Comparison) -> None:
    heading(out, "What changes", "with the condition that lists the tickets")
    rows = [
        (Text(number, "bold"), Text(words), Text(where, "dim"))
        for number, words, where in _differences(comparison)
    ]
    show_table(out, rows, right=(0,))


def _differences(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    total = comparison.tickets
    changed = comparison.changed
    yield f"{changed.tickets:,}", f"tickets change, {share(changed.tickets, total)}", changed.where
    for name, count in comparison.closings.items():
        if count.tickets and name not in ("same", "open"):
            yield f"{count.tickets:,}", _closing_words(name, comparison), count.where
    for words, change in (
        ("closings that people reopen", comparison.reopened),
        ("late answers and other breaches", comparison.late),
        ("actions that the policy refuses", comparison.refused),
        ("openings that the policy refuses", comparison.not_opened),
    ):
        if change.base or change.other:
            yield signed(change.difference), f"{words}: {change_words(change)}", _behind(change)


def _closing_words(name: str, comparison: Comparison) -> str:
    words = {
        "earlier": "close earlier",
        "later": "close later",
        "only-base": f"close under {comparison.base} only",
        "only-other": f"close under {comparison.other} only",
    }[name]
    median = comparison.moves["0.5"]
    moved = f"; median of all moves {time_words(median)}" if median else ""
    return words + (moved if name in ("earlier", "later") else "")


def _behind(change: Change) -> str:
    """Return the condition for the side that has more tickets."""
    return (change.more if change.more.tickets >= change.fewer.tickets else change.fewer).where


def _show_money(out: Console, comparison: Comparison) -> None:
    heading(out, "Money")
    if not comparison.money:
        line(out, Text("No money moves under either policy."))
        return
    rows = [
        (
            Text(single_line(money_title(money)), "bold" if money.payer == "*" else ""),
            Text(amount(money.amount.difference, money.currency, sign=True)),
            Text(money_words(money)),
            Text(_behind(money.amount), "dim"),
        )
        for money in shown_money(comparison)
    ]
    show_table(out, rows, right=(1,), whole=(1,), lines=MANY_LINES)


def _show_timers(out: Console, comparison: Comparison) -> None:
    heading(out, "Timers", "deadlines under base -> other")
    heads = ("timer", "effect", *DEADLINE_COUNTS.values())
    rows = [tuple(Text(head, "dim") for head in heads)]
    for timer in comparison.timers:
        pairs = [
            f"{_number(timer.base, name)} -> {_number(timer.other, name)}"
            for name in DEADLINE_COUNTS
        ]
        rows.append((Text(timer.timer), Text(timer.effect), *map(Text, pairs)))
    columns = range(len(heads))
    show_table(out, rows, right=columns[2:], whole=columns)


def _number(counts: DeadlineCounts | None, name: str) -> str:
    return "-" if counts is None else f"{getattr(counts, name):,}"


def _show_groups(out: Console, field: str, groups: tuple[Group, ...]) -> None:
    heading(out, f"By {field}", "the groups that differ most come first")
    heads = (field, "tickets", "changed", "reopened", "late")
    rows = [tuple(Text(head, "dim") for head in heads)]
    for group in groups[:_GROUPS]:
        name = "-" if group.value is None else single_line(group.value)
        rows.append((Text(name), *map(Text, _cells(group))))
    if len(groups) > _GROUPS:
        rest = groups[_GROUPS:]
        rows.append((Text(f"{len(rest)} others"), *map(Text, _cells(_sum(rest)))))
    show_table(out, rows, right=range(1, 5), whole=range(1, 5))


def _cells(group: Group) -> tuple[str, ...]:
    return (
        f"{group.tickets:,}",
        f"{group.changed:,}",
        *(f"{before:,} -> {after:,}" for before, after in (group.reopened, group.late)),
    )


def _sum(groups: tuple[Group, ...]) -> Group:
    return Group(
        value=None,
        tickets=sum(group.tickets for group in groups),
        changed=sum(group.changed for group in groups),
        reopened=(sum(g.reopened[0] for g in groups), sum(g.reopened[1] for g in groups)),
        late=(sum(g.late[0] for g in groups), sum(g.late[1] for g in groups)),
        where="",
    )
