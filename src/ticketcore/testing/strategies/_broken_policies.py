"""Strategy for policy files with one known mistake each, and the problem that must be reported."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st

from ticketcore.testing._toml_writer import dump
from ticketcore.testing.strategies._policies import policy_documents


@attrs.frozen(kw_only=True)
class BrokenPolicy:
    """A policy file with one mistake, described by *mistake*.

    The file must be refused with a problem whose key path is *path* and whose text contains
    *mentions*.
    """

    text: str
    mistake: str
    path: str
    mentions: str


_Change: TypeAlias = Callable[[dict[str, Any]], None]

# Each mistake: a description, the key path of its problem, a part of the text, and the change.
_MISTAKES: tuple[tuple[str, str, str, _Change], ...] = (
    ("an unknown key", "colour", "colour", lambda d: d.update(colour="blue")),
    ("no name", "name", "missing", lambda d: d.pop("name")),
    ("a text instead of a date", "effective", "soon", lambda d: d.update(effective="soon")),
    ("an unknown zone", "zone", "Europe/Rom", lambda d: d.update(zone="Europe/Rom")),
    ("an unknown default type", "default_type", "quest", lambda d: d.update(default_type="quest")),
    (
        "an unknown unit",
        "timer[0].after",
        "24 ours",
        lambda d: d["timer"][0].update(after="24 ours"),
    ),
    ("an unknown effect", "timer[0].effect", "shut", lambda d: _change_timer(d, effect="shut")),
    ("an unknown anchor", "timer[0].from", "open", lambda d: _change_timer(d, **{"from": "open"})),
    (
        "an unknown calendar",
        "timer[0].calendar",
        "wrok",
        lambda d: _change_timer(d, calendar="wrok"),
    ),
    (
        "an unknown type",
        "timer[0].when.type",
        "refnd",
        lambda d: _change_timer(d, when={"type": "refnd"}),
    ),
    (
        "an unknown party",
        "permission[0].by",
        "seller",
        lambda d: d["permission"][0].update(by="seller"),
    ),
    (
        "an unknown command",
        "permission[1].commands",
        "shout",
        lambda d: d["permission"][1].update(commands="shout"),
    ),
    ("no party may open", "permission", "nobody may open", lambda d: d["permission"].pop(0)),
    (
        "a calendar that never opens",
        "calendars.work.hours",
        "never opens",
        lambda d: d["calendars"]["work"].update(hours={}),
    ),
    (
        "a text instead of true or false",
        "refunds.partial",
        "yes",
        lambda d: d["refunds"].update(partial="yes"),
    ),
)


def _change_timer(document: dict[str, Any], **fields: Any) -> None:
    document["timer"][0].update(fields)


@st.composite
def broken_policies(draw: st.DrawFn) -> BrokenPolicy:
    """Draw policy files with exactly one mistake; every kind of mistake is equally frequent."""
    document = deepcopy(draw(policy_documents()))
    if not document["timer"]:
        document["timer"] = [
            {"name": "timer-0", "from": "opened", "after": "1 day", "effect": "close"}
        ]
    mistake, path, mentions, change = draw(st.sampled_from(_MISTAKES))
    change(document)
    return BrokenPolicy(text=dump(document), mistake=mistake, path=path, mentions=mentions)
