"""Policy files with one known mistake each, and what has to be found."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st

from ticketcore.testing._toml import dump
from ticketcore.testing.strategies._policies import policy_documents


@attrs.frozen(kw_only=True)
class BrokenPolicy:
    """A policy file with a mistake. It has to be reported as a problem with this key *path*,
    whose text names what was *found*; *mistake* says what it is."""

    text: str
    mistake: str
    path: str
    found: str


_Change: TypeAlias = Callable[[dict[str, Any]], None]

# Each: what it is in words, at which key path it is reported, what the report names, the change.
_MISTAKES: tuple[tuple[str, str, str, _Change], ...] = (
    ("an unknown key", "colour", "colour", lambda d: d.update(colour="blue")),
    ("no name", "name", "missing", lambda d: d.pop("name")),
    ("a date that is text", "effective", "soon", lambda d: d.update(effective="soon")),
    ("an unknown zone", "zone", "Europe/Rom", lambda d: d.update(zone="Europe/Rom")),
    ("an unknown default", "default_type", "quest", lambda d: d.update(default_type="quest")),
    ("a bad span", "timer[0].after", "24 ours", lambda d: d["timer"][0].update(after="24 ours")),
    ("an effect that is none", "timer[0].effect", "shut", lambda d: _timer(d, effect="shut")),
    ("an anchor that is none", "timer[0].from", "open", lambda d: _timer(d, **{"from": "open"})),
    ("no such calendar", "timer[0].calendar", "wrok", lambda d: _timer(d, calendar="wrok")),
    (
        "no such type",
        "timer[0].when.type",
        "refnd",
        lambda d: _timer(d, when={"type": "refnd"}),
    ),
    (
        "no such party",
        "permission[0].by",
        "seller",
        lambda d: d["permission"][0].update(by="seller"),
    ),
    (
        "no such command",
        "permission[1].commands",
        "shout",
        lambda d: d["permission"][1].update(commands="shout"),
    ),
    ("nobody may open", "permission", "nobody may open", lambda d: d["permission"].pop(0)),
    (
        "a calendar that never opens",
        "calendars.work.hours",
        "never opens",
        lambda d: d["calendars"]["work"].update(hours={}),
    ),
    (
        "a flag that is text",
        "refunds.partial",
        "yes",
        lambda d: d["refunds"].update(partial="yes"),
    ),
)


def _timer(document: dict[str, Any], **fields: Any) -> None:
    document["timer"][0].update(fields)


@st.composite
def broken_policies(draw: st.DrawFn) -> BrokenPolicy:
    """Policy files that were valid but for one mistake, each of the known ones as likely."""
    document = deepcopy(draw(policy_documents()))
    if not document["timer"]:
        document["timer"] = [
            {"name": "timer-0", "from": "opened", "after": "1 day", "effect": "close"}
        ]
    mistake, path, found, change = draw(st.sampled_from(_MISTAKES))
    change(document)
    return BrokenPolicy(text=dump(document), mistake=mistake, path=path, found=found)
