"""Whether anything in a policy can record an event: a command that it permits, or a timer."""

from collections.abc import Collection, Mapping
from typing import Final

from ticketcore._internal.terminal import either
from ticketcore._toml import quoted
from ticketcore.events import PARTIES, Party
from ticketcore.policies._checks._conditions import handlers
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._levels import LevelEffect
from ticketcore.policies.tables._timer_kinds import Effect, Meeting

COMMANDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "opened": ("open",),
    "replied": ("reply",),
    "type-changed": ("change-type", "review"),
    "escalated": ("escalate",),
    "handed-back": ("hand-back",),
    "acknowledged": ("acknowledge",),
    "info-requested": ("request-info",),
    "assigned": ("assign",),
    "shared": ("share",),
    "unshared": ("unshare",),
    "closed": ("close", "withdraw", "mark-duplicate"),
    "reopened": ("reopen", "reply", "review"),
    "classified": ("classify",),
    "order-corrected": ("correct-order",),
    "shipment-added": ("add-shipment",),
    "duplicate-unmarked": ("unmark-duplicate",),
    "split": ("split",),
    "linked": ("link",),
    "review-requested": ("request-review",),
    "reviewed": ("review",),
    "policy-changed": ("change-policy",),
    "field-set": ("set-field", "change-policy"),
    "tagged": ("tag",),
    "untagged": ("untag",),
    "note-added": ("add-note",),
    "refunded": ("refund",),
    "refund-confirmed": ("confirm-refund",),
    "refund-failed": ("fail-refund",),
    "cancelled": ("cancel",),
    "dispute-opened": ("open-dispute",),
    "dispute-corrected": ("correct-dispute",),
    "dispute-answered": ("answer-dispute",),
    "dispute-resolved": ("resolve-dispute", "open-dispute"),
    "pause-started": (),
    "pause-ended": (),
    "warned": (),
    "breached": (),
    "rescheduled": ("reschedule",),
    "deadline-set": ("set-deadline",),
    "snoozed": ("snooze",),
    "unsnoozed": ("unsnooze",),
}
"""For an event, the commands that can record it. One that is missing is never reported."""

EVENTS_OF: Final[Mapping[Effect | LevelEffect, tuple[str, ...]]] = {
    "warn": ("warned",),
    "breach": ("breached",),
    "acknowledge": ("acknowledged",),
    "refund": ("refunded", "cancelled", "closed"),
    "cancel": ("cancelled", "closed"),
    "close": ("closed",),
    "escalate": ("escalated",),
    "assign": ("assigned",),
    "change-type": ("type-changed",),
    "set-field": ("field-set",),
    "tag": ("tagged",),
    "lose-dispute": ("dispute-resolved",),
}
"""For an effect of a timer or level, the events that it can record, as system."""

# Events that the system records after a command, besides the effects of timers.
_AFTERWARDS: Final[Mapping[str, tuple[str, ...]]] = {
    "assigned": ("open", "classify"),  # to the team of a category
    "breached": ("set-deadline",),
    "unsnoozed": ("snooze",),
    "dispute-resolved": ("open-dispute",),  # which supersedes one of another ticket
}

# The events of these commands meet no timer: a timer begins after the opening, and only a ticket
# that is settled meets one by `closed`.
_MEET_NOTHING: Final = {"open", "withdraw", "mark-duplicate"}

# Timers are not computed again for these events.
_OF_CLOCKS: Final = {"scheduled", "pause-started", "pause-ended"}


def never_meets(policy: Policy, meeting: Meeting) -> str | None:
    """Return why an entry of `met_by` never meets a timer; None if it may."""
    event, by = meeting.occurs_with, meeting.by
    parties: Collection[str] = PARTIES if by is None else (by,)
    asked = _asked(meeting.event, parties)
    if event == "opened" or event in _OF_CLOCKS:
        return f'{asked} meets no timer: name what happens later, such as "replied"'
    if by == "handler":
        parties = handlers(policy)
    return _never(policy, event, parties, asked, without=_MEET_NOTHING)


def never_recorded(policy: Policy, event: str, by: Collection[str]) -> str | None:
    """Return why these parties never record an event; None if one may."""
    return _never(policy, event, by, _asked(event, by), without=())


def never_by(event: str, by: Collection[str]) -> str | None:
    """Return why these parties record an event under no policy; None if one may."""
    if COMMANDS_OF.get(event) == () and "system" not in by:
        return f"{_asked(event, by)} never happens: only the system records it"
    return None


def _asked(event: str, by: Collection[str]) -> str:
    return f"{quoted(event)} by {either(by)}" if len(by) < len(PARTIES) else quoted(event)


def _never(
    policy: Policy, event: str, by: Collection[str], asked: str, *, without: Collection[str]
) -> str | None:
    of_system = never_by(event, by)
    if of_system is not None or event not in COMMANDS_OF:
        return of_system
    commands = [command for command in COMMANDS_OF[event] if command not in without]
    may: set[Party] = {party for command in commands for party in policy.parties(command)}
    if _system_records(policy, event, without):
        may.add("system")
    if not may.isdisjoint(by):
        return None
    ways = [f"a [[permission]] for {either(map(quoted, commands))}"] if commands else []
    effects = [quoted(effect) for effect, events in EVENTS_OF.items() if event in events]
    if effects and "system" in by:
        ways.append(f"a timer with effect = {either(effects)}")
    if event in _OF_CLOCKS:
        ways.append("a pause, such as [pauses.customer-owes]")
    others = f", or name who may: {either(sorted(may))}" if may else ""
    return f"{asked} never happens: add {either(ways)}{others}"


def _system_records(policy: Policy, event: str, without: Collection[str]) -> bool:
    """Whether a timer, a pause, or the library itself after a command, can record an event."""
    effects: set[Effect | LevelEffect] = {timer.effect for timer in policy.timers}
    effects |= {level.effect for timer in policy.timers for level in timer.levels}
    if any(event in EVENTS_OF[effect] for effect in effects):
        return True
    if event in _OF_CLOCKS:
        return bool(policy.pauses)
    if event == "assigned" and not any(each.team for each in policy.categories.values()):
        return False
    commands = (each for each in _AFTERWARDS.get(event, ()) if each not in without)
    return any(map(policy.parties, commands))
