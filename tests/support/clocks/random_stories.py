"""Random policies with clocks, and random stories of tickets under them.

The stories are directed: they often act at the very instant at which a timer is due, change the
target while the timer is paused, late or ended, and open closed tickets again. To know these
instants, the slow reference follows each story while it is drawn.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from support.clocks.minutes import window_from
from support.clocks.slow_clocks import SlowClocks
from support.clocks.story_text import Action

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Mondays; the clocks of Berlin change on the Sundays after the first and the second.
_MONDAYS = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 23), (10, 19), (6, 1))]
_HOURS = {
    "mon-fri 09:00-17:00": "mon-fri 09:00-17:00",
    "with a lunch break": {"mon-fri": "09:00-12:00 13:00-17:00", "sat": "10:00-14:00"},
    "day and night": {"mon-sun": "00:00-24:00"},
}
_TARGETS = {
    "working hours": (2, 7, 16, 30),
    "hours": (2, 8, 30, 100),
    "working days": (1, 2, 3, 5),
    "days": (1, 2, 3, 6),
}
_LEVELS: dict[str, list[dict[str, Any]]] = {
    "working hours": [
        {"used": "50 %"},
        {"used": "75 %"},
        {"before_due": "1 working hours"},
        {"before_due": "30 minutes"},
        {"past_due": "0 working hours"},
        {"past_due": "3 working hours"},
        {"every": "1 working hours", "times": 3},
    ],
    "hours": [
        {"used": "50 %"},
        {"before_due": "1 hours"},
        {"past_due": "90 minutes"},
        {"every": "1 hours", "times": 4},
    ],
    "working days": [
        {"used": "50 %"},
        {"before_due": "2 working hours"},
        {"past_due": "1 working days"},
        {"every": "1 working days", "times": 2},
    ],
    "days": [
        {"used": "75 %"},
        {"before_due": "3 hours"},
        {"past_due": "1 days"},
        {"every": "1 days", "times": 2},
    ],
}
_PAUSES: dict[str, Any] = {
    "pending": {"fields.state": "pending"},
    "on-hold": {"fields.state": "on-hold"},
    "closed": {"status": "closed"},
}
PRIORITIES = ("low", "normal", "high")
STATES = ("open", "pending", "on-hold")
TEAMS = ("first", "second")


@attrs.frozen
class ClockStory:
    """A policy as TOML, and the commands that a ticket receives under it, in order."""

    policy: str
    actions: tuple[Action, ...]

    def __repr__(self) -> str:
        lines = [
            f"{a.at:%Y-%m-%d %H:%M} {a.by} {a.command} "
            + " ".join(f"{name}={value}" for name, value in a.values.items())
            for a in self.actions
        ]
        return "\n".join([self.policy, "", *lines])


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case Mapping():
            return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
        case _:
            return str(value)


def _table(head: str, entries: Mapping[str, Any]) -> list[str]:
    return [head, *(f"{key} = {_toml(value)}" for key, value in entries.items()), ""]


_WARNINGS: list[dict[str, Any]] = [
    {"effect": "warn"},
    {"effect": "warn", "when": {"fields.priority": "high"}},
]
_CHANGES: list[dict[str, Any]] = [
    {"effect": "set-field", "fields": {"priority": "high"}},
    {"effect": "set-field", "fields": {"state": "on-hold"}, "unless": {"fields.team": "second"}},
    {"effect": "set-field", "fields": {"team": "second"}},
    {"effect": "tag", "tags": "vip"},
]
# Further anchors of an update clock.
_BESIDE = ["waiting-since", "reopened", "opened", "fields.visit"]
_ANSWERED = [{"event": "replied", "by": "handler"}]
_TO_SECOND = {"event": "field-set", "when": {"fields.team": "second"}}


@st.composite
def _timers(draw: st.DrawFn, name: str) -> tuple[list[str], list[str]]:
    """Return the names of a timer's pauses, and its lines."""
    unit = draw(st.sampled_from(sorted(_TARGETS)))
    timer: dict[str, Any] = {"name": name}
    shape = draw(
        st.sampled_from(["resolution"] * 5 + ["visit"] * 2 + ["first", "next", "update", "team"])
    )
    match shape:
        case "resolution":
            timer["from"] = draw(st.sampled_from(["opened", ["opened", "reopened"]]))
            ends = [["closed"], ["solved", "closed"], ["solved"], [_TO_SECOND, "closed"]]
            timer["met_by"] = draw(st.sampled_from(ends))
        case "first":
            timer |= {"from": "opened", "met_by": _ANSWERED}
        case "next":
            timer["when"] = {"waiting_for": "support"}
            timer |= {"from": "waiting-since", "met_by": [*_ANSWERED, "closed"]}
        case "visit":
            anchors = ["fields.visit", ["opened", "fields.visit"], ["fields.visit", "reopened"]]
            ends = [["closed"], ["solved", "closed"], _ANSWERED]
            timer["from"] = draw(st.sampled_from(anchors))
            timer["met_by"] = draw(st.sampled_from(ends))
        case "update":
            timer["when"] = {"answered": True}
            anchors = ["last-activity", *draw(st.lists(st.sampled_from(_BESIDE), unique=True))]
            timer |= {"from": draw(st.permutations(anchors)), "met_by": _ANSWERED}
            timer["activity_by"] = draw(st.sampled_from(["support", "customer"]))
        case _:
            timer["when"] = {"fields.team": "second"}
            timer |= {"from": "applied", "met_by": ["closed"]}
    pauses = draw(st.lists(st.sampled_from(sorted(_PAUSES)), unique=True))
    if pauses:
        timer["pauses"] = pauses
    targets = [f"{amount} {unit}" for amount in draw(st.permutations(_TARGETS[unit]))]
    if draw(st.integers(0, 4)):
        timer["after_by"] = "fields.priority"
        timer["after"] = dict(zip(PRIORITIES, targets, strict=False))
    else:
        timer["after"] = targets[0]
    if not unit.endswith("days") and not draw(st.integers(0, 4)):
        timer["out_of_hours"] = f"3 {unit}"
    if unit.startswith("working") or "out_of_hours" in timer:
        if draw(st.integers(0, 3)):
            timer["calendar"] = "hours"
        else:
            timer["calendar_by"] = "fields.team"
            timer["calendar"] = {"first": "hours", "second": "others"}
    if "after_by" in timer or "calendar_by" in timer:
        changes = ["recalculate", "recalculate-without-pauses", "restart", "keep"]
        timer["on_target_change"] = draw(st.sampled_from(changes))
    if draw(st.booleans()):
        timer["after_reopening"] = draw(st.sampled_from(["continues", "stays-ended"]))
    if unit == "working hours":
        timer["boundary"] = draw(st.sampled_from(["close", "next-open"]))
    if unit == "working days":
        landings: list[dict[str, str]] = [{}, {}, {"roll": "day-end"}, {"at_time": "16:00"}]
        timer |= draw(st.sampled_from(landings))
    timer["effect"] = "breach"
    levels: list[str] = []
    for level in draw(st.lists(st.sampled_from(_LEVELS[unit]), max_size=3, unique_by=str)):
        # A share of a budget may end within a tick, so it changes nothing.
        effect = draw(st.sampled_from(_WARNINGS if "used" in level else _WARNINGS + _CHANGES))
        levels += _table("[[timer.level]]", {"name": level_name(level), **level, **effect})
    lines = _table("[[timer]]", timer) + levels
    if shape == "resolution" and not draw(st.integers(0, 3)):
        changes = ["recalculate", "recalculate-without-pauses", "restart", "keep"]
        timer |= {"when": {"tags": "vip"}, "after": targets[-1]}
        timer["on_target_change"] = draw(st.sampled_from(changes))
        timer.pop("after_by", None)
        lines = _table("[[timer]]", timer) + levels + lines
    return pauses, lines


def level_name(level: Mapping[str, Any]) -> str:
    """Return a name that describes the level."""
    return (
        "-".join(f"{key} {value}" for key, value in level.items())
        .replace(" ", "-")
        .replace("%", "percent")
    )


@st.composite
def policies(draw: st.DrawFn) -> str:
    """Return a policy of one to three timers."""
    zone = draw(st.sampled_from(["UTC", "Europe/Berlin"]))
    lines = [
        'name = "random"',
        "effective = 2020-01-01",
        'default_handler = "support"',
        f'zone = "{zone}"',
        'default_type = "request"',
        "",
        "[types.request]",
        "",
    ]
    for name, choices in (("priority", PRIORITIES), ("state", STATES), ("team", TEAMS)):
        lines += _table(f"[fields.{name}]", {"choices": choices, "default": choices[0]})
    lines += _table("[fields.visit]", {"type": "instant"})
    for name in ("hours", "others"):
        hours = _HOURS[draw(st.sampled_from(sorted(_HOURS)))]
        lines += _table(f"[calendars.{name}]", {"zone": zone, "hours": hours})
    timers = [draw(_timers(f"timer-{number}")) for number in range(draw(st.integers(1, 3)))]
    for name, when in _PAUSES.items():
        if any(name in pauses for pauses, _ in timers):
            lines += _table(f"[pauses.{name}]", {"when": when})
    for _, timer in timers:
        lines += timer
    commands = "open reply close withdraw reopen set-field add-note set-deadline tag untag".split()
    permission = {"commands": commands, "by": ["customer", "support"]}
    return "\n".join(lines + _table("[[permission]]", permission))


@st.composite
def clock_stories(draw: st.DrawFn, tick: timedelta = MINUTE) -> ClockStory:
    """Return a policy and a story, with all instants at whole ticks."""
    policy = draw(policies())
    quarter = max(tick, 15 * MINUTE)
    monday = draw(st.sampled_from(_MONDAYS))
    at = monday + draw(st.integers(0, 7 * DAY // quarter)) * quarter
    clocks = SlowClocks(tomllib.loads(policy), window_from(at, tick))
    priority, state = draw(st.sampled_from(PRIORITIES)), draw(st.sampled_from(STATES))
    fields: dict[str, Any] = {"priority": priority, "state": state}
    if '"fields.visit"' in policy and draw(st.booleans()):
        fields["visit"] = draw(_visits(at))
    opened = Action(
        at=at,
        by=draw(st.sampled_from(["customer", "customer", "support"])),
        command="open",
        values={"fields": fields},
    )
    actions = [opened]
    clocks.do(at, opened.command, opened.by, **opened.values)
    for _ in range(draw(st.integers(1, 12))):
        at = draw(_instants(clocks, at, tick))
        clocks.until(at)
        action = draw(_actions(clocks, at))
        clocks.do(at, action.command, action.by, **action.values)
        actions.append(action)
    return ClockStory(policy, tuple(actions))


@st.composite
def _instants(draw: st.DrawFn, clocks: SlowClocks, now: datetime, tick: timedelta) -> datetime:
    """Return the instant of the next command: now, soon, later, or when a timer is due."""
    dues = [
        clocks.window.instant(account.due)
        for name in clocks.names
        if (account := clocks.account(name)).due is not None and account.state == "running"
    ]
    dues = [due for due in dues if now < due < now + 20 * DAY]
    kind = draw(st.sampled_from(["now", "soon", "soon", "hours", "hours", "days", "due", "due"]))
    match kind:
        case "now":
            return now
        case "due" if dues:
            near = draw(st.sampled_from([-1, 0, 0, 0, 1])) * tick
            return max(now, draw(st.sampled_from(dues)) + near)
        case "days":
            return now + draw(st.integers(1, 4 * 96)) * 15 * MINUTE
        case "hours":
            return now + draw(st.integers(1, 60)) * 15 * MINUTE
        case _:
            return now + draw(st.integers(1, 12)) * max(tick, 5 * MINUTE)


def _visits(now: datetime) -> st.SearchStrategy[datetime]:
    """Instants of a field, in the past and in the future."""
    return st.integers(-4 * 24, 4 * 96).map(lambda quarters: now + quarters * 15 * MINUTE)


_ON_CLOSED = ["reopen"] * 3 + ["priority", "state", "team"]
_ON_OPEN = (
    ["priority"] * 2
    + ["state"] * 3
    + ["close"] * 2
    + "team answer ask solve note notice withdraw deadline vip".split()
)


@st.composite
def _actions(draw: st.DrawFn, clocks: SlowClocks, at: datetime) -> Action:
    facts = clocks.facts
    is_closed = facts["closed"] is not None
    kinds = _ON_CLOSED if is_closed else _ON_OPEN
    if "'fields.visit'" in str(clocks.policy):
        kinds = kinds + ["visit"] * 3
    kind = draw(st.sampled_from(kinds))
    if is_closed and kind == "team" and "'applied'" in str(clocks.policy):
        kind = "reopen"
    if kind in ("priority", "state", "team"):
        choices = {"priority": PRIORITIES, "state": STATES, "team": TEAMS}[kind]
        others = [value for value in choices if value != facts["fields"][kind]]
        values: dict[str, Any] = {"field": kind, "value": draw(st.sampled_from(others))}
        return Action(at=at, by="support", command="set-field", values=values)
    if kind == "visit":
        # To go back to the start of a cycle, or to clear the field.
        earlier = [*(clocks.window.instant(cycle.since) for cycle in clocks.cycles), None]
        visit = draw(st.one_of(_visits(at), _visits(at), st.sampled_from(earlier)))
        values = {"field": "visit", "value": visit}
        return Action(at=at, by="support", command="set-field", values=values)
    if kind == "vip":
        command = "untag" if "vip" in facts["tags"] else "tag"
        return Action(at=at, by="support", command=command, values={"tag": "vip"})
    begun = [name for name in clocks.names if clocks.last_cycle(name) is not None]
    if kind == "deadline" and begun:
        due = at + draw(st.integers(-4 * 6, 4 * 48)) * 15 * MINUTE
        values = {"timer": draw(st.sampled_from(begun)), "due": due}
        return Action(at=at, by="support", command="set-deadline", values=values)
    text = f"{kind} {clocks.now}"  # a message that was sent twice would count once
    messages: dict[str, tuple[str, str, dict[str, Any]]] = {
        "answer": ("support", "reply", {"text": text}),
        "ask": ("customer", "reply", {"text": text}),
        "solve": ("support", "reply", {"text": text, "solution": True}),
        "notice": ("support", "reply", {"text": text, "interim": True}),
        "close": ("support", "close", {}),
        "withdraw": ("customer", "withdraw", {}),
        "note": ("support", "add-note", {"text": text}),
        "deadline": ("support", "add-note", {"text": text}),  # no timer has begun
        "reopen": ("support", "reopen", {}),
    }
    by, command, values = messages[kind]
    return Action(at=at, by=by, command=command, values=values)
