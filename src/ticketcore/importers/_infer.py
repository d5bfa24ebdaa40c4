"""Find the rule that a recorded desk seems to follow when it closes or warns by itself.

Each automatic closing or warning has a length: the time since the last activity of a person. Five
kinds of rules are tried: elapsed time, time on weekdays, both up to a nightly run, and time in the
working hours in which the desk seems to act. A rule agrees with a length if the desk acted within
an hour after the rule, since many desks act in batches. The best rule is the one that agrees most
often; a simpler one is preferred if it agrees nearly as often. If a fact of the tickets, such as
their priority, clearly divides the lengths, the rule has a target for each of its values.

A timer leaves a gap: nothing happens in the hour before it, and with a nightly run nothing that
the run of the day before or after would have done. Without this gap, lengths that happen to be
similar only look like a rule.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import time
from typing import Final, Literal, TypeAlias

import attrs

from ticketcore._internal.limits import MAX_QUOTED
from ticketcore._internal.terminal import percent
from ticketcore.calendar import zone_of
from ticketcore.errors import CalendarError
from ticketcore.events import Closed, Event, History, Warned
from ticketcore.importers._waits import FEWEST, NEARLY, WEEKDAYS, HourTarget, Length, divide, kinds
from ticketcore.importers.sketch._draft import toml_key
from ticketcore.policies import CONDITIONS, OWN
from ticketcore.ticket import Ticket, fold

Occasion: TypeAlias = Literal["closing-solved", "closing-silent", "warning"]

_MOST: Final = 100_000  # lengths that are kept of each occasion
_FACTS: Final = ("type", "category", "subcategory", "reason", "channel", "storefront", "opened_by")
_MOST_FACTS: Final = 50  # of tickets, their fields included
_MOST_VALUES: Final = 50  # of a fact; one with more is a name or a number


@attrs.frozen(kw_only=True)
class InferredTarget:
    """The target of the tickets with one value of a fact.

    *agreeing* of *count* actions came within an hour after *hours*. These are None if there are
    fewer than ten actions, or no target explains half of them.
    """

    value: str
    count: int
    agreeing: int
    hours: int | None


@attrs.frozen(kw_only=True)
class InferredRule:
    """The rule that agrees best with the automatic actions of one occasion.

    *agreeing* of *count* actions came within an hour after the rule, and *beside* actions where
    its timer would leave a gap. *hours* elapse since the last activity, or are hours within
    *open_hours*, such as ``mon-fri 09:00-17:00``; *run* is the local time of the nightly run that
    acts then, if there is one. If the target differs by a *fact*, such as ``fields.priority``,
    *hours* is None, and *targets* has that of each value. *shares* has the number of agreeing
    actions for the best rule of each kind.
    """

    occasion: Occasion
    count: int
    agreeing: int
    beside: int
    hours: int | None
    open_hours: str | None
    run: time | None
    zone: str
    shares: tuple[tuple[str, int], ...]
    fact: str | None = None
    targets: tuple[InferredTarget, ...] = ()

    @property
    def explains(self) -> bool:
        """Whether half of the actions agree with the rule, and it leaves a gap.

        A rule with a target for each value explains the actions of these values.
        """
        whole = HourTarget(0, self.count, self.agreeing, self.beside)
        return self.fact is not None or whole.explains

    def to_toml(self) -> str:
        """Return the rule in the form of a policy file, with its share as a comment."""
        solved, closing = self.occasion == "closing-solved", self.occasion != "warning"
        when = "{ solved = true }" if solved else '{ waiting_for = "customer" }'
        done = "closings" if closing else "warnings"
        unit = "working hours" if self.open_hours else "hours"
        lines = [
            f"# {self.agreeing:,} of {self.count:,} {done} came within an hour after it: "
            f"{percent(self.agreeing, self.count)}.",
            *(_remark(target, done, unit) for target in self.targets),
        ]
        if self.fact is not None and self.fact.startswith(OWN):
            lines += [f"[fields.{toml_key(self.fact.removeprefix(OWN))}]", 'type = "text"', ""]
        lines += [
            "[[timer]]",
            f'name = "{"resolved" if solved else "silent" if closing else "reminder"}"',
            f"when = {when}",
            'from = "last-activity"',
            *self._after(unit),
        ]
        day = "weekdays" if self.open_hours == WEEKDAYS else "working-day"
        calendar = day if self.open_hours else "night" if self.run else None
        if calendar is not None:
            lines.append(f'calendar = "{calendar}"')
        if self.run is not None:
            lines.append(f'at_time = "{self.run:%H:%M}"')
        lines.append(f'effect = "{"close" if closing else "warn"}"')
        if calendar is not None:
            hours = self.open_hours or "mon-sun 00:00-24:00"
            lines += ["", f"[calendars.{calendar}]", f'zone = "{self.zone}"', f'hours = "{hours}"']
        return "\n".join(lines) + "\n"

    def _after(self, unit: str) -> Iterator[str]:
        if self.fact is None:
            yield f'after = "{self.hours} {unit}"'
            return
        entries = [
            f'{toml_key(target.value)} = "{target.hours} {unit}"'
            for target in self.targets
            if target.hours is not None
        ]
        yield f'after_by = "{self.fact}"'
        yield f"after = {{ {', '.join(entries)} }}"


def _remark(target: InferredTarget, done: str, unit: str) -> str:
    """Return what is known of the target of a value, as a comment."""
    value, count = toml_key(target.value), f"{target.count:,} {done}"
    if target.hours is None:
        why = "too few to say" if target.count < FEWEST else "no target explains half of them"
        return f"# {value}: {count}, {why}"
    share = f"{target.agreeing:,} of {count}, {percent(target.agreeing, target.count)}"
    return f"# {value}: {share}, after {target.hours} {unit}"


@attrs.define
class _Actions:
    """The automatic actions of one occasion: all are counted, and the first ones are kept.

    *facts* has the places of the actions by the name and the value of a fact; those in *names*
    have too many values.
    """

    count: int = 0
    lengths: list[Length] = attrs.field(factory=list)
    facts: "dict[str, dict[str, array[int]]]" = attrs.field(factory=dict)
    names: set[str] = attrs.field(factory=set)

    def add(self, length: Length, ticket: Ticket) -> None:
        """Count an action on a ticket, as the ticket was before."""
        self.count += 1
        if len(self.lengths) == _MOST:
            return
        for name, value in _facts_of(ticket):
            known = name in self.facts or len(self.facts) + len(self.names) < _MOST_FACTS
            if known and name not in self.names:
                values = self.facts.setdefault(name, {})
                values.setdefault(value, array("L")).append(len(self.lengths))
                if len(values) > _MOST_VALUES:
                    del self.facts[name]
                    self.names.add(name)
        self.lengths.append(length)


def infer_rules(histories: Iterable[History]) -> Iterator[InferredRule]:
    """Yield the best rule for each occasion on which the desk acted often enough by itself."""
    actions: dict[Occasion, _Actions] = {}
    for history in histories:
        for occasion, length, ticket in _lengths(history.events):
            actions.setdefault(occasion, _Actions()).add(length, ticket)
    for occasion in sorted(actions):
        if actions[occasion].count >= FEWEST:
            best = _best(occasion, actions[occasion])
            if best.hours != 0 or best.run:  # else the desk acts at once, which needs no timer
                yield best


def _lengths(events: tuple[Event, ...]) -> Iterator[tuple[Occasion, Length, Ticket]]:
    for place, event in enumerate(events):
        if event.by != "system" or not isinstance(event, Closed | Warned):
            continue
        ticket = fold(events[:place])
        try:
            length = Length(ticket.active_at, event.at, zone_of(ticket.opened.zone))
        except CalendarError:
            return
        if isinstance(event, Warned):
            yield "warning", length, ticket
        else:
            yield "closing-solved" if ticket.solved else "closing-silent", length, ticket


def _facts_of(ticket: Ticket) -> Iterator[tuple[str, str]]:
    """Yield the facts of a ticket that may select a target, if they are short texts."""
    named = [(name, CONDITIONS[name](ticket)) for name in _FACTS]
    own = [(f"{OWN}{name}", content) for name, content in ticket.fields.items()]
    for name, value in (*named, *own):
        if isinstance(value, str) and len(value) <= MAX_QUOTED:
            yield name, value


def _best(occasion: Occasion, actions: _Actions) -> InferredRule:
    lengths = actions.lengths
    zone = Counter(length.zone.key for length in lengths).most_common(1)[0][0]
    local = [length.at.astimezone(length.zone) for length in lengths]
    tried = [*kinds(lengths, local)]
    found = [(kind, waits, kind.target(waits)) for kind, waits in tried]
    enough = max(target.agreeing for _, _, target in found) * NEARLY
    single = next(each for each in found if each[2].agreeing >= enough)
    kind, _, target = single
    rule = InferredRule(
        occasion=occasion,
        count=target.count,
        agreeing=target.agreeing,
        beside=target.beside,
        hours=target.hours,
        open_hours=kind.open_hours,
        run=kind.run,
        zone=zone,
        shares=tuple((kind.label(str(each.hours)), each.agreeing) for kind, _, each in found),
    )
    division = divide(tried, single, actions.facts)
    if division is None:
        return rule
    kind, fact, by_value = division.kind, division.fact, division.targets
    hours = [target.hours for target in by_value.values()]
    label = f"{kind.label(f'{min(hours)} to {max(hours)}')}, by {fact}"
    targets = [
        InferredTarget(
            value=value,
            count=len(places),
            agreeing=by_value[value].agreeing if value in by_value else 0,
            hours=by_value[value].hours if value in by_value else None,
        )
        for value, places in actions.facts[fact].items()
    ]
    return attrs.evolve(
        rule,
        agreeing=division.agreeing,
        beside=sum(target.beside for target in by_value.values()),
        hours=None,
        open_hours=kind.open_hours,
        run=kind.run,
        shares=((label, division.agreeing), *rule.shares),
        fact=fact,
        targets=tuple(sorted(targets, key=_place)),
    )


def _place(target: InferredTarget) -> tuple[bool, int, str]:
    return target.hours is None, target.hours or 0, target.value
