"""Check that levels after the deadline can act: the timer must not end at the deadline itself."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Final

from ticketcore._toml import Mistake, quoted
from ticketcore.policies._checks._causes import EVENTS_OF
from ticketcore.policies._checks._rounds import values_given
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._timers import TimerDefinition

_CLOSES: Final = ("close", "refund", "cancel")
_REMEDY: Final = "place it before the deadline, or in a timer of its own"


def late_levels(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find levels that would act after the deadline of a timer that always ends there."""
    late = [(i, level) for i, level in enumerate(timer.levels) if level.needs_late_timer]
    why = _ends(policy, timer) if late else None
    for i, level in late if why is not None else ():
        key = "used" if level.past_due is None else "past_due"
        yield ("level", i, key), f"never acts: at the deadline {why}; {_REMEDY}"


def _ends(policy: Policy, timer: TimerDefinition) -> str | None:
    """Return why the effect of a timer always ends its count; None if the count can go on."""
    if len(policy.alternatives(timer.name)) > 1:  # another may take the count over
        return None
    if timer.effect == "lose-dispute":
        return "the dispute ends"
    if timer.effect in _CLOSES:
        return "the ticket closes" if _stays_closed(policy, timer) else None
    for meeting in timer.met_by:
        is_own = (
            meeting.event in EVENTS_OF.get(timer.effect, ()) and meeting.event != "acknowledged"
        )
        if is_own and meeting.by in (None, "system") and meeting.when.always_holds:
            return f"{quoted(meeting.event)} meets the timer"
    for fact, value in _values(policy, timer).items():
        if not timer.when.allows(fact, (value,)) and _is_gone(timer, fact):
            return f"{fact} changes and the timer no longer applies"
    return None


def _stays_closed(policy: Policy, timer: TimerDefinition) -> bool:
    """Whether the count never goes on after a closing."""
    replies = policy.closing.reply_reopens and policy.parties("reply")
    can_reopen = policy.parties("reopen") or policy.parties("review") or replies
    begins_again = not {"reopened", "waiting-since"}.isdisjoint(timer.anchors)
    is_over = begins_again or timer.after_reopening == "stays-ended" or not can_reopen
    return is_over and not timer.pauses  # a pause can hold a timer on a closed ticket


def _values(policy: Policy, timer: TimerDefinition) -> Mapping[str, Hashable]:
    """Return the facts that the effect changes, with their new values."""
    match timer.effect:
        case "acknowledge":
            return {"acknowledged": True}
        case "assign":
            return {"assigned_to": timer.assignee}
        case _:
            return values_given(policy, timer)


def _is_gone(timer: TimerDefinition, fact: str) -> bool:
    """Whether a count that a change of *fact* ends never goes on from its start."""
    return (
        fact == "acknowledged"  # for good
        or timer.since == "applied"
        or (fact == "waiting_for" and timer.anchors == ("waiting-since",))
    )
