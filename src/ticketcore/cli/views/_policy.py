"""A policy on the screen, part by part.

The layout follows from the declared keys of a policy: each key that a file sets is shown under
its name in the file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import visible
from ticketcore._toml import NamedTables, Table, TableArray, keys_of, settings
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.events import PARTIES, Party
from ticketcore.policies import Permission, Policy

_HEAD = ("name", "title", "effective", "extends", "rules", "default_handler", "zone")
_LONGEST = 2_000  # characters of one value: more than a timer with ten levels has


def show_policy(out: Console, policy: Policy) -> None:
    """Print everything that a policy sets."""
    if policy.title:
        line(out, Text(visible(policy.title), "bold"))
    extends = f", extends {', '.join(policy.extends)}" if policy.extends else ""
    line(out, Text(visible(f"{policy.name} {policy.version}{extends}"), "dim"))
    zone = f"the time zone is {policy.zone}" if policy.zone else "each ticket has its time zone"
    line(out, Text(f"{policy.default_handler} answers the customer; {zone}"))
    single: list[tuple[str, str, str]] = []
    for key in keys_of(Policy).values():
        value = getattr(policy, key.attribute)
        title = key.attribute.replace("_", " ").capitalize()
        if key.name == "permission":
            _part(out, "Permissions", ("", *PARTIES), _permissions(policy))
        elif isinstance(key.kind, NamedTables | TableArray):
            entries = tuple(value.values() if isinstance(value, Mapping) else value)
            _part(out, title, *_columns(entries))
        elif isinstance(key.kind, Table):
            set_here = dict(settings(value))
            rule = set_here.pop("rule", "")
            if set_here:
                single.append((key.name, rule, _listed(set_here)))
    head = settings(policy, beside=(*_HEAD, *_tables_of_policy()))
    rows = [(name, "", value) for name, value in head] + single
    _part(out, "Settings", ("key", "rule", "value"), rows)


def _tables_of_policy() -> tuple[str, ...]:
    keys = keys_of(Policy).values()
    return tuple(
        key.name for key in keys if isinstance(key.kind, NamedTables | TableArray | Table)
    )


def _part(out: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    texts = [[Text(visible(cell)) for cell in row] for row in rows]
    if texts:
        heading(out, title)
        whole = [i for i, head in enumerate(heads) if i == 0 or head == "rule"]
        show_table(out, [[Text(head, "dim") for head in heads], *texts], whole=whole)


def _columns(entries: Sequence[attrs.AttrsInstance]) -> tuple[list[str], list[list[str]]]:
    """Make a column for the name, for each key that half of the entries set, and for the rest."""
    if not entries:
        return [], []
    set_in = [dict(settings(entry)) for entry in entries]
    half = [
        name
        for name, key in keys_of(type(entries[0])).items()
        if name != "name"
        and (key.required or 2 * sum(name in keys for keys in set_in) >= len(entries))
    ]
    rows = []
    for entry, keys in zip(entries, set_in, strict=True):
        keys.pop("name", None)
        row = [str(getattr(entry, "name", "")), *(keys.pop(name, "") for name in half)]
        rows.append([_cut(cell) for cell in (*row, _listed(keys))])
    heads = ["name", *half, "also"]
    return (heads, rows) if any(row[-1] for row in rows) else (heads[:-1], [r[:-1] for r in rows])


def _listed(keys: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in keys.items())


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _permissions(policy: Policy) -> Iterator[tuple[str, ...]]:
    """Make a row for each command that somebody may give."""
    commands = dict.fromkeys(name for each in policy.permissions for name in each.commands)
    for command in commands:
        yield command, *(_permission(policy, command, by) for by in PARTIES)


def _permission(policy: Policy, command: str, by: Party) -> str:
    return "; ".join(map(_allowed, policy.allows(command, by)))


def _allowed(permission: Permission) -> str:
    limits = settings(permission, beside=("commands", "by", "rule"))
    return " ".join([permission.rule or "yes", *(f"{name} {value}" for name, value in limits)])
