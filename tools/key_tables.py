"""Write the tables of keys in the docs from the declarations of the keys.

``python tools/key_tables.py`` rewrites the tables between the markers of the pages in `PAGES`:
``<!-- keys: timer -->``, ``<!-- options: effect -->`` and ``<!-- commands: step -->``, each up to
``<!-- end -->``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from ticketcore._toml import Key, Kind, OneOf, Several, keys_of
from ticketcore.commands import COMMANDS
from ticketcore.events import Order
from ticketcore.importers.mapping._file import LogMapping, People, Rule
from ticketcore.importers.mapping._log import LogFormat
from ticketcore.policies import (
    Advice,
    Always,
    CalendarDefinition,
    Category,
    ClosingRules,
    DisputeKind,
    Escalation,
    FieldDefinition,
    Guarantee,
    Level,
    Never,
    NotificationDefinition,
    NotificationSettings,
    OpeningRules,
    Permission,
    Policy,
    Profile,
    RefundRules,
    Role,
    Storefront,
    TagRules,
    Template,
    TicketType,
    TimerDefinition,
    TimerPause,
)
from ticketcore.policies.conditions._anchors import AnchorKind
from ticketcore.policies.conditions._conditions import CONDITION_KEYS
from ticketcore.policies.conditions._matching import Matching
from ticketcore.policies.tables._closures import ClosureDefinition, PauseDefinition
from ticketcore.scenarios import Expected
from ticketcore.scenarios._fields import field_keys
from ticketcore.scenarios._file import KEYS_OF_EVERY_STEP, ScenarioFile

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "docs" / "reference" / f"{name}.md" for name in ("policies", "scenarios", "mappings")
]

_TABLES: Mapping[str, type[attrs.AttrsInstance]] = {
    "advice": Advice,
    "always": Always,
    "calendar": CalendarDefinition,
    "category": Category,
    "closure": ClosureDefinition,
    "closing": ClosingRules,
    "dispute": DisputeKind,
    "escalation": Escalation,
    "field": FieldDefinition,
    "expect": Expected,
    "level": Level,
    "guarantee": Guarantee,
    "never": Never,
    "log": LogFormat,
    "mapping": LogMapping,
    "notification": NotificationDefinition,
    "notifications": NotificationSettings,
    "opening": OpeningRules,
    "pause": PauseDefinition,
    "people": People,
    "pauses": TimerPause,
    "permission": Permission,
    "policy": Policy,
    "profile": Profile,
    "refunds": RefundRules,
    "rule": Rule,
    "role": Role,
    "scenario": ScenarioFile,
    "storefront": Storefront,
    "tags": TagRules,
    "template": Template,
    "timer": TimerDefinition,
    "type": TicketType,
}
_MOST = 10  # options in a table of keys; more have a table of their own, or a page
_MARKED = re.compile(r"<!-- (keys|options|commands): ([\w.-]+) -->\n.*?<!-- end -->", re.DOTALL)


def rewritten(text: str) -> str:
    """Return the text of a page with the present tables."""
    return _MARKED.sub(_table, text)


def _table(match: re.Match[str]) -> str:
    what, name = match.groups()
    rows = [*_ROWS[what](name)]
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"<!-- {what}: {name} -->\n\n{lines}\n\n<!-- end -->"


def _keys(name: str) -> Iterator[tuple[str, ...]]:
    """Make the rows of a table of keys; `policy` has the keys of a file's head only."""
    if name == "condition":
        yield "condition", "holds if this is one of the values"
        yield "---", "---"
        for key in CONDITION_KEYS.values():
            yield f"`{key.name}`", _meaning(key)
        return
    yield "key", "meaning", "if left out"
    yield "---", "---", "---"
    others = {"order": field_keys(Order), "step": KEYS_OF_EVERY_STEP}
    keys = others[name] if name in others else keys_of(_TABLES[name])
    for key in keys.values():
        is_rule_ids = key.name == "rule" and not key.required  # the page explains them once
        if not is_rule_ids and not _is_below(name, key.kind):
            yield f"`{key.name}`", _meaning(key), key.left_out


def _is_below(table: str, kind: Kind[object]) -> bool:
    """Whether a key of the head is a table, which has a section of its own on the page."""
    return table == "policy" and kind.expected in ("a table", "tables")


def _meaning(key: Key) -> str:
    """Describe a key, with its options unless the description has them or there are many."""
    kind = key.kind
    while isinstance(kind, Several | Matching):
        kind = kind.kind
    options = kind.options if isinstance(kind, OneOf) else {}
    if not options or len(options) > _MOST or all(f"`{o}`" in key.about for o in options):
        return key.about
    if all(f'`"{option}"`' in key.about for option in options):
        return key.about
    if isinstance(key.kind, OneOf) and len(options) < 5 and all(options.values()):
        return f"{key.about} " + " ".join(f'`"{o}"`: {about}' for o, about in options.items())
    return f"{key.about} Allowed: " + ", ".join(f'`"{option}"`' for option in options) + "."


def _options(name: str) -> Iterator[tuple[str, ...]]:
    """Make the rows of a table of options, such as `timer.effect`."""
    table, _, key = name.partition(".")
    kind = keys_of(_TABLES[table])[key].kind
    while isinstance(kind, Several | AnchorKind):
        kind = kind.kind if isinstance(kind, Several) else kind.anchors
    assert isinstance(kind, OneOf)
    yield f"`{key}`", "meaning"
    yield "---", "---"
    for option, about in kind.options.items():
        yield f'`"{option}"`', about


def _commands(_: str) -> Iterator[tuple[str, ...]]:
    """Make the rows of the table of commands: the keys of a step that not every command has."""
    yield "`command`", "further keys"
    yield "---", "---"
    for name, command in COMMANDS.items():
        keys = [field for field in attrs.fields(command) if field.name not in _OF_EVERY_STEP]
        shown = [f"**`{k.name}`**" if k.default is attrs.NOTHING else f"`{k.name}`" for k in keys]
        yield f"`{name}`", ", ".join(shown)


_OF_EVERY_STEP = ("at", "by", "actor", "command_id")
_ROWS: Mapping[str, Callable[[str], Iterator[tuple[str, ...]]]] = {
    "keys": _keys,
    "options": _options,
    "commands": _commands,
}


def write(pages: Iterable[Path], rewrite: Callable[[str], str]) -> None:
    """Rewrite pages in place."""
    for page in pages:
        page.write_text(rewrite(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(PAGES, rewritten)
