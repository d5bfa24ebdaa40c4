"""Reading the rules of a policy file: timers, permissions, and when they apply."""

from typing import Any, get_args

import attrs

from ticketcore._toml import OldTable, nearest
from ticketcore.calendar import Boundary, Roll, Span
from ticketcore.commands import COMMANDS
from ticketcore.events import PARTIES, Billing
from ticketcore.policies._conditions import CONDITIONS, Condition
from ticketcore.policies._model import (
    ANSWER_EFFECTS,
    Anchor,
    Effect,
    Permission,
    Requirement,
    TimerDefinition,
)
from ticketcore.policies._read_spans import check_length, check_window, read_spans

_FLAGS = frozenset({"answered", "solved", "acknowledged", "has_grace_period"})
_WHO_ACTS = tuple(party for party in PARTIES if party != "system")  # C17
_FIELD_OF_REQUIREMENT = {"consent": "consent", "text": "text", "reason": "reason"}


@attrs.frozen(kw_only=True)
class Names:
    """The names of the file that its rules may refer to."""

    types: tuple[str, ...]
    any_type: bool
    calendars: tuple[str, ...]
    storefronts: tuple[str, ...]
    categories: tuple[str, ...]
    disputes: tuple[str, ...]
    reasons: tuple[str, ...]

    def values_of(self, fact: str) -> tuple[str, ...]:
        """What a fact can be; empty where it can be any text."""
        parties = dict.fromkeys(("requested_by", "opened_by", "waiting_for", "handler"), PARTIES)
        return {
            **parties,
            "type": () if self.any_type else self.types,
            "category": self.categories,
            "storefront": self.storefronts,
            "reason": self.reasons,
            "billing": get_args(Billing),
            "status": ("open", "pending", "closed"),
        }.get(fact, ())


def read_timer(table: OldTable, names: Names) -> TimerDefinition:
    """One [[timer]]."""
    conditions = table.section("when")
    disputes = conditions.name_list("dispute_kind", ())
    roll = table.choice("roll", get_args(Roll), None)
    after = table.parsed("after", Span.parse, example="24 hours")
    then = read_spans(table, "then")
    effect = table.choice("effect", get_args(Effect))
    in_time = effect in ANSWER_EFFECTS  # an answer at the due instant
    plain = after.kind == "elapsed" and not (then or roll)
    rule = TimerDefinition(
        name=table.name("name"),
        rule=table.text("rule", None),
        when=read_when(conditions, names),
        since=table.choice("from", get_args(Anchor)),
        activity_by=table.choices("activity_by", _WHO_ACTS, ()),
        after=after,
        then=then,
        calendar=table.text("calendar", None),
        boundary=table.choice("boundary", get_args(Boundary), "close"),
        roll=roll,
        effect=effect,
        fires=table.choice("fires", ("at", "after"), "after" if in_time else "at"),
        dispute_kinds=frozenset(disputes),
        notice_deadline=table.flag("notice_deadline", True),
        elapsed=after.delta if plain else None,
    )
    _check_timer(table, rule, names)
    return rule


def _check_timer(table: OldTable, rule: TimerDefinition, names: Names) -> None:
    for name in rule.dispute_kinds:
        if name not in names.disputes:
            message = f'no dispute "{name}"; {nearest(name, names.disputes)}'
            table.problem(("when", "dispute_kind"), message)
    if (rule.since == "dispute-opened") != bool(rule.dispute_kinds):
        table.problem(
            "from", 'from = "dispute-opened" and when = { dispute_kind = … } belong together'
        )
    if rule.activity_by and rule.since != "last-activity":
        table.problem("activity_by", 'only from = "last-activity" asks whose')
    if (rule.effect == "lose-dispute") != (rule.since == "dispute-opened"):
        table.problem("effect", 'a timer from = "dispute-opened" concedes, and no other can')
    if rule.since == "closed" and rule.effect != "warn":
        table.problem("effect", 'a timer from = "closed" can only warn')
    states = rule.when.facts.get("status", frozenset())
    others = {"open", "pending"} if rule.since == "closed" else {"closed"}
    if rule.since != "dispute-opened" and states and states <= others:
        message = f'no ticket on which a timer from = "{rule.since}" runs is that'
        table.problem(("when", "status"), message)
    for key, spans in (("after", (rule.after,)), ("then", rule.then)):
        for span in spans:
            check_length(table, key, span)
    needing = [f'"{span}"' for span in (rule.after, *rule.then) if span.working]
    needing += ["roll"] if rule.roll else []
    if rule.calendar is None and needing:
        table.problem("calendar", f"missing; it is needed for {' and '.join(needing)}")
    if rule.calendar is not None and rule.calendar not in names.calendars:
        message = f'no calendar "{rule.calendar}"; {nearest(rule.calendar, names.calendars)}'
        table.problem("calendar", message)


def read_permission(table: OldTable, names: Names) -> Permission:
    """One [[permission]]."""
    do = table.choices("commands", tuple(COMMANDS))
    requires = table.choices("requires", get_args(Requirement), ())
    for need in requires:
        field = _FIELD_OF_REQUIREMENT[need]
        for name in do:
            if field not in attrs.fields_dict(COMMANDS[name]):
                table.problem("requires", f'"{name}" says no {field}, so it cannot need {need}')
    within = table.parsed("within", Span.parse, None, example="14 days")
    if within is not None:
        check_window(table, "within", within)
        if do != ("reopen",):
            table.problem("within", 'only commands = "reopen" has a span to do it in')
    return Permission(
        commands=do,
        by=table.choices("by", PARTIES),
        when=read_when(table.section("when"), names),
        requires=requires,
        channels=table.name_list("channels", ()),
        within=within,
        rule=table.text("rule", None),
    )


def read_when(table: OldTable, names: Names) -> Condition:
    """The facts that a rule asks for."""
    facts: dict[str, frozenset[Any]] = {}
    for fact in CONDITIONS:
        if not table.has(fact):
            continue
        values: tuple[Any, ...] = (table.flag(fact),) if fact in _FLAGS else table.name_list(fact)
        known = names.values_of(fact)
        for value in values:
            if known and value not in known:
                table.problem(fact, f'no {fact} "{value}"; {nearest(value, known)}')
        if not values:
            table.problem(fact, "an empty list never applies: name a value")
        facts[fact] = frozenset(values)
    return Condition(facts)
