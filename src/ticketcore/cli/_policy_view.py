"""A policy on the screen, part by part. The layout follows from the declared keys of a policy:
whatever a file sets is shown, under the name that it has in the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ticketcore._toml import Named, Tables, keys_of, settings
from ticketcore._toml import Table as Section
from ticketcore._visible import visible
from ticketcore.cli._output import heading
from ticketcore.events import PARTIES, Party
from ticketcore.policies import Permission, Policy

_HEAD = ("name", "title", "effective", "extends", "rules", "default_handler", "zone")
_LONGEST = 60  # characters of one value


def show_policy(out: Console, policy: Policy) -> None:
    """Print everything that a policy sets."""
    out.print(Text(visible(policy.title or policy.name), "bold"))
    extends = f", extends {', '.join(policy.extends)}" if policy.extends else ""
    out.print(Text(visible(f"{policy.name} {policy.version}{extends}"), "dim"))
    out.print(Text(f"{policy.default_handler} answers the customer; {_zone(policy)}"))
    single: list[tuple[str, str, str]] = []
    for key in keys_of(Policy).values():
        value = getattr(policy, key.attribute)
        title = key.attribute.replace("_", " ").capitalize()
        if key.name == "permission":
            _part(out, "Who may", ("", *PARTIES), _permissions(policy))
        elif isinstance(key.kind, Named | Tables):
            entries = tuple(value.values() if isinstance(value, Mapping) else value)
            _part(out, title, *_columns(entries))
        elif isinstance(key.kind, Section):
            set_here = dict(settings(value))
            rule = set_here.pop("rule", "")
            if set_here:
                single.append((key.name, rule, _listed(set_here)))
    head = settings(policy, beside=(*_HEAD, *_tables_of_policy()))
    rows = [(name, "", value) for name, value in head] + single
    _part(out, "Settings", ("key", "rule", "value"), rows)


def _zone(policy: Policy) -> str:
    return f"the zone is {policy.zone}" if policy.zone else "the zone is each ticket's own"


def _tables_of_policy() -> tuple[str, ...]:
    keys = keys_of(Policy).values()
    return tuple(key.name for key in keys if isinstance(key.kind, Named | Tables | Section))


def _part(out: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    found = list(rows)
    if not found:
        return
    heading(out, title)
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for i, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=i == 0)
    for row in found:
        table.add_row(*(Text(visible(cell)) for cell in row))
    out.print(table)


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
