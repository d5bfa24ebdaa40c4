"""The clocks of a policy, worked out slowly and independently of the library.

`SlowClocks` reads the TOML of a policy as plain data, follows a ticket from command to command and
keeps, for each timer, its cycles. Nothing is carried over from one question to the next but what
happened: the commands, since when each pause held, and which deadlines and levels have acted.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from support.clocks.minutes import Minutes, Window, minutes_of, rules_of
from support.clocks.slow_cycle import Cycle, CycleCounter, Definition, LevelKey, Pause, Span, Stamp
from support.clocks.slow_ticket import Facts, apply, holds, opened

State: TypeAlias = Literal["running", "paused", "met", "cancelled", "none"]

BEFORE, COMMAND, AFTER = range(3)
"""The places of one instant: timers that fire at it, commands, timers that fire after it."""


class Act(NamedTuple):
    """A deadline or a level that is going to act. They act in this order."""

    at: int
    place: int
    timer_in_file: int
    level_in_timer: int
    timer: str
    level: LevelKey


class Fired(NamedTuple):
    """A deadline, or a level, that acted."""

    at: int
    timer: str
    level: str | None
    effect: str


class Account(NamedTuple):
    """The last cycle of a timer, in ticks and seconds. `CycleState` explains *due*."""

    state: State
    paused: bool
    due: int | None
    used: int
    left: int
    late: bool


class SlowClocks:
    """The clocks of one ticket under a policy, given as the data of its TOML file."""

    def __init__(self, policy: Mapping[str, Any], window: Window) -> None:
        self.policy, self.window = policy, window
        self.facts: Facts = {}
        self.now: Stamp = (0, 0)
        self.names = list(dict.fromkeys(timer["name"] for timer in policy.get("timer", ())))
        self.running: dict[str, Cycle] = {}
        self.cycles: list[Cycle] = []
        self.fired: list[Fired] = []
        self._standing: dict[tuple[str, ...], list[tuple[Stamp, Stamp | None]]] = {}
        self._applied: dict[str, Stamp] = {}

    def do(self, at: datetime, command: str, by: str, **values: Any) -> None:
        """Let the timers that are due before a command act, then carry it out."""
        tick = self.window.index(at)
        values = self._in_ticks(values)
        if command == "open":
            self._tick(tick)
            self.facts = opened(self.policy, self.now, by, values)
            happened = {"opened"}
        else:
            self._advance(tick)
            self._tick(tick)
            happened = apply(self.facts, self.now, command, by, values)
        self._settle(happened)
        self._advance(tick)

    def _in_ticks(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._in_ticks(each) for name, each in value.items()}
        return self.window.index(value) if isinstance(value, datetime) else value

    def until(self, at: datetime) -> None:
        """Let time pass."""
        tick = self.window.index(at)
        self._advance(tick)
        self._tick(tick)

    def _tick(self, tick: int) -> None:
        self.now = tick, self.now[1] + 1

    def last_cycle(self, name: str) -> Cycle | None:
        """Return the cycle of a timer that runs now or ran last."""
        return next((cycle for cycle in reversed(self.cycles) if cycle.name == name), None)

    def account(self, name: str) -> Account:
        """Return the state of the last cycle of a timer, after the events so far."""
        cycle = self.last_cycle(name)
        if cycle is None:
            return Account("none", False, None, 0, 0, False)
        counted = self._counter(cycle).count()
        state: State = cycle.how or ("paused" if counted.paused else "running")
        seconds = int(self.window.tick.total_seconds())
        used, left = counted.used * seconds, counted.left * seconds
        return Account(state, counted.paused, counted.due, used, left, cycle.late)

    def _counter(self, cycle: Cycle) -> CycleCounter:
        """Return a counter of a cycle up to now, or up to what ended it."""
        now, is_over = cycle.ended or self.now, cycle.ended is not None
        pauses: list[Pause] = [
            (max(begin[0], cycle.first_counted), None if is_over and end >= now else end[0])
            if end is not None
            else (max(begin[0], cycle.first_counted), None)
            for begin, end in self._standing[_pauses_of(cycle.definition)]
            if begin < now or not is_over
        ]
        pauses = [each for each in pauses if each[1] is None or each[1] > cycle.first_counted]
        by_hand = self.facts["by_hand"].get(cycle.name)
        if by_hand is not None:  # from then on, no pause holds the clock
            until = self.facts["set_by_hand"][cycle.name]
            pauses = [
                (begin, until if end is None else min(end, until))
                for begin, end in pauses
                if begin < until
            ]
        counts = self._minutes(cycle) if Span.parse(cycle.target).working else self._minutes(None)
        return CycleCounter(cycle, counts, pauses, by_hand, now[0], self._minutes(cycle))

    # Timers begin and end.

    def _settle(self, happened: set[str]) -> None:
        """Begin and end pauses and cycles after a command, or after a timer acted."""
        for pauses in {_pauses_of(timer) for timer in self.policy.get("timer", ())}:
            self._record_pauses(pauses)
        for name in self.names:
            self._plan(name, happened)

    def _record_pauses(self, pauses: tuple[str, ...]) -> None:
        """Record since when one of some pauses holds, and until when one did."""
        standing, rules = self._standing.setdefault(pauses, []), self.policy.get("pauses", {})
        holding = any(holds(self.facts, self.policy, rules[pause]) for pause in pauses)
        if holding and not self._is_held(pauses):
            standing.append((self.now, None))
        elif not holding and self._is_held(pauses):
            standing.append((standing.pop()[0], self.now))

    def _is_held(self, pauses: tuple[str, ...]) -> bool:
        standing = self._standing[pauses]
        return bool(standing) and standing[-1][1] is None

    def _plan(self, name: str, happened: set[str]) -> None:
        named = [timer for timer in self.policy["timer"] if timer["name"] == name]
        definition = next((d for d in named if holds(self.facts, self.policy, d)), None)
        if definition is None:
            self._applied.pop(name, None)
        elif self.facts["closed"] is None:
            self._applied.setdefault(name, self.now)
        if definition is not None and not self._may_run(name, definition):
            definition = None
        cycle = self.running.get(name)
        if cycle is None:
            if definition is not None:
                self._begin(name, definition)
            return
        met = self._meets(cycle.definition, happened)
        renewed = definition is not None and self._is_later(cycle, name, definition)
        if met or renewed or definition is None:
            self._end(cycle, met, happened)
            if renewed and definition is not None:
                self._begin(name, definition)
        else:
            self._retarget(cycle, definition)

    def _may_run(self, name: str, definition: Definition) -> bool:
        if self._target(definition) is None:
            return False
        if self.facts["closed"] is None:
            return bool(self._stamps(name, definition))
        return self.facts["closed"] == "closed" and self._is_held(_pauses_of(definition))

    def _begin(self, name: str, definition: Definition) -> None:
        """Begin a cycle, or go on with the last one if it has the same start."""
        if self.facts["closed"] is not None:
            return
        anchor, last = self._anchor(name, definition), self.last_cycle(name)
        if last is None or self._is_later(last, name, definition):
            self._start(name, definition, anchor, anchor[0])
        elif not (last.resumes or self._is_undone(last, definition)):
            return
        elif self._restarts(last, definition):  # the last one keeps its end
            self._start(name, definition, anchor, max(self.now[0], anchor[0]))
        else:
            last.ended = last.how = None
            last.resumes = last.undone_by_reopening = False
            self.running[name] = last
            self._retarget(last, definition)

    def _is_later(self, cycle: Cycle, name: str, definition: Definition) -> bool:
        """Return whether the anchor was set again since a cycle began; a field to any instant."""
        anchors = _listed(definition["from"])
        others = [each for each in anchors if not each.startswith("fields.")]
        if others != anchors and self.facts["closed"] is None:
            return self._anchor(name, definition) != cycle.anchor
        # A field that was set on a closed ticket takes effect at the reopening.
        stamps = [self._stamp(name, definition, each) for each in others]
        return any(stamp is not None and stamp > cycle.anchor for stamp in stamps)

    def _is_undone(self, cycle: Cycle, definition: Definition) -> bool:
        """Return whether the end of a cycle is undone: it was reopened, or is not solved now."""
        reopened = self.facts["reopened"]
        is_reopened = reopened is not None and reopened > cycle.ended
        is_unsolved = cycle.met == {"solved"} and not self.facts["solved"]
        return (
            cycle.undone_by_reopening
            and (is_reopened or is_unsolved)
            and definition.get("after_reopening", "continues") == "continues"
        )

    def _start(self, name: str, definition: Definition, anchor: Stamp, since: int) -> None:
        target = self._target(definition)
        assert target is not None
        cycle = Cycle(name, definition, anchor, since, target, self._calendar(definition))
        self.running[name] = cycle
        self.cycles.append(cycle)
        self.facts["by_hand"].pop(name, None)  # it was set for the cycle before
        self.facts["set_by_hand"].pop(name, None)

    def _is_moved(self, cycle: Cycle, definition: Definition) -> bool:
        """Return whether another target or calendar moves a deadline that nobody set by hand."""
        target, calendar = self._target(definition), self._calendar(definition)
        is_changed = target is not None and (target, calendar) != (cycle.target, cycle.calendar)
        return is_changed and cycle.name not in self.facts["by_hand"]

    def _restarts(self, cycle: Cycle, definition: Definition) -> bool:
        restarts = definition.get("on_target_change") == "restart"
        return restarts and self._is_moved(cycle, definition)

    def _retarget(self, cycle: Cycle, definition: Definition) -> None:
        """Let a changed target or calendar take effect."""
        target, calendar = self._target(definition), self._calendar(definition)
        if target is None or not self._is_moved(cycle, definition):
            return
        change = definition.get("on_target_change", "keep")
        if change == "restart":
            self._end(cycle, set(), set())
            since = max(self.now[0], cycle.anchor[0])  # a field may hold a future instant
            self._start(cycle.name, definition, cycle.anchor, since)
        elif change != "keep":
            cycle.definition, cycle.target, cycle.calendar = definition, target, calendar
            without = change == "recalculate-without-pauses"
            cycle.ignored_until = self.now[0] if without else 0

    def _meets(self, definition: Definition, happened: set[str]) -> set[str]:
        """Return the entries of `met_by` that something that happened meets."""
        listed = _listed(definition.get("met_by", []))
        entries = [each if isinstance(each, Mapping) else {"event": each} for each in listed]
        wanted = {
            f"{entry['event']} by {entry['by']}" if "by" in entry else entry["event"]
            for entry in entries
            if holds(self.facts, self.policy, entry)
        }
        if "last-activity" in _listed(definition["from"]):  # then an interim notice tells more
            happened = {each.removeprefix("interim ") for each in happened}
        return wanted & happened

    def _end(self, cycle: Cycle, met: set[str], happened: set[str]) -> None:
        cycle.ended, cycle.met, cycle.how = self.now, met, "met" if met else "cancelled"
        closing = "ended-by-closing" in happened
        cycle.undone_by_reopening = met <= {"solved", "closed"} if met else closing
        cycle.resumes = not met and not closing
        del self.running[cycle.name]

    def _anchor(self, name: str, definition: Definition) -> Stamp:
        return max(self._stamps(name, definition))

    def _stamps(self, name: str, definition: Definition) -> list[Stamp]:
        stamps = [self._stamp(name, definition, each) for each in _listed(definition["from"])]
        return [stamp for stamp in stamps if stamp is not None]

    def _stamp(self, name: str, definition: Definition, anchor: str) -> Stamp | None:
        if anchor == "applied":
            return self._applied.get(name)
        if anchor == "last-activity":
            parties = _listed(definition.get("activity_by", ["customer", "vendor", "support"]))
            acts: list[Stamp] = [self.facts["active"][party] for party in parties]
            opened: Stamp = self.facts["opened"]
            return max([opened, *filter(None, acts)])
        if anchor.startswith("fields."):
            value = self.facts["fields"][anchor.removeprefix("fields.")]
            return None if value is None else (int(value), 0)
        stamp: Stamp | None = self.facts[anchor]
        return stamp

    # Timers act.

    def _advance(self, until: int) -> None:
        """Let deadlines and levels act until an instant, but not those after it."""
        while acts := [
            act
            for cycle in self.running.values()
            for act in self._acts(cycle)
            if (act.at, act.place) <= (until, COMMAND)
        ]:
            act = min(acts)
            self._tick(max(act.at, self.now[0]))
            self._act(self.running[act.timer], act)

    def _acts(self, cycle: Cycle) -> Iterable[Act]:
        """Yield what a cycle is going to do if nothing happens before."""
        counter = self._counter(cycle)
        state, definition = counter.count(), cycle.definition
        if state.paused:
            return
        fires = definition.get("fires", "after" if definition["effect"] == "breach" else "at")
        place = AFTER if fires == "after" else BEFORE
        timer = self.names.index(cycle.name)
        levels = definition.get("level", ())
        if not cycle.passed:
            yield Act(state.due, place, timer, len(levels), cycle.name, ("", 0))
        for place_in_file, level in enumerate(levels):
            acted = cycle.levels.get(level["name"], [])
            for turn in range(max(acted, default=0) + 1, level.get("times", 1) + 1):
                key = level["name"], turn
                at = counter.level_at(level, turn, state.due)
                waits = "past_due" in level and at == state.due  # for the deadline
                number = place_in_file + (len(levels) + 1 if waits else 0)
                overtaken = at < self.now[0] or at <= cycle.since or cycle.missed.get(key) == at
                overtaken = overtaken or cycle.reached >= (at, number)
                if not overtaken:
                    of_level = BEFORE if at < state.due else place
                    yield Act(at, of_level, timer, number, cycle.name, key)

    def _act(self, cycle: Cycle, act: Act) -> None:
        rule, name = cycle.definition, act.level[0]
        if name:
            rule = next(level for level in rule["level"] if level["name"] == name)
            cycle.reached = act.at, act.level_in_timer
            if not holds(self.facts, self.policy, rule):
                cycle.missed[act.level] = act.at
                return
            cycle.levels.setdefault(name, []).append(act.level[1])
        else:
            cycle.passed = True
            cycle.late = cycle.late or rule["effect"] == "breach"
        self.fired.append(Fired(self.now[0], cycle.name, name or None, rule["effect"]))
        happened: set[str] = set()
        for command, values in _commands_of(rule):
            happened |= apply(self.facts, self.now, command, "system", values)
        self._settle(happened)

    # Targets and calendars.

    def _target(self, definition: Definition) -> str | None:
        return self._selected(definition["after"], definition.get("after_by"))

    def _calendar(self, definition: Definition) -> str | None:
        return self._selected(definition.get("calendar"), definition.get("calendar_by"))

    def _selected(self, given: Any, by: str | None) -> str | None:
        if by is not None:
            given = given.get(self.facts["fields"][by.removeprefix("fields.")])
        assert given is None or isinstance(given, str)
        return given

    def _minutes(self, cycle: Cycle | None) -> Minutes:
        """Return the ticks of the calendar of a cycle, or those of time round the clock."""
        zone = self.policy["zone"]
        if cycle is None or cycle.calendar is None:
            return minutes_of(self.window, zone, None)
        calendar = self.policy["calendars"][cycle.calendar]
        rules = rules_of(calendar, zone)
        return minutes_of(self.window, rules.zone, rules)


def _commands_of(rule: Definition) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what a deadline or level does, as commands."""
    match rule["effect"]:
        case "set-field":
            return [("set-field", {"field": f, "value": v}) for f, v in rule["fields"].items()]
        case "tag":
            return [("tag", {"tag": tag}) for tag in _listed(rule["tags"])]
        case "assign":
            return [("assign", {"assignee": rule["assignee"]})]
        case "close":
            return [("close", {})]
        case "breach" | "warn":
            return []
        case effect:
            raise AssertionError(effect)


def _pauses_of(definition: Definition) -> tuple[str, ...]:
    return tuple(_listed(definition.get("pauses", [])))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
