"""One timer after a step: it keeps its count, moves its deadline, or begins a new cycle.

`Cycle.timer` decides in this order:

1. Without a target for the ticket there is no timer.
2. A pending timer whose anchor did not move goes on, unless the step meets it. It keeps the
   recorded deadline, or moves it: by hand, by a pause that ended, by a change of the target, or
   by a command that computes deadlines again. A field moves an anchor to any instant, also to an
   earlier one; all other anchors only move on.
3. A timer that had ended, and whose anchor did not move either, comes back with its old cycle.
   If a reopening undid the end, the deadline moves by the pauses since then. If its condition
   holds again, a deadline that was not set by hand is computed from the start.
4. Otherwise a new cycle begins to count from the anchor.

At the end, a pause that began too late to hold the deadline is dropped, and the next level is
found.
"""

from datetime import datetime
from typing import Final, NamedTuple, assert_never

import attrs

from ticketcore._internal.fast_attrs import fast, fast_copy
from ticketcore.decider.clocks._anchors import is_set_anew
from ticketcore.decider.clocks._deadlines import (
    PausedTime,
    TimerCount,
    pauses_since,
    recorded_target,
    target_of,
)
from ticketcore.decider.clocks._levels import next_level
from ticketcore.decider.clocks._meeting import meets
from ticketcore.decider.clocks._step import PlanStep
from ticketcore.events import DeadlineSet, Timer
from ticketcore.policies import Policy, TimerDefinition
from ticketcore.ticket import EndedCycle, Ticket

_UNDONE: Final = ("solved", "closed")  # the ends that a reopening undoes

_new_timer = fast(Timer)
_moved = fast_copy(Timer, "due", "paused", "target", "by_hand")
_with_level = fast_copy(Timer, "level", "level_at", "overtaken")


class Cycle(NamedTuple):
    """The count of one definition that applies to a ticket after a step at the instant *at*.

    *old* is the pending timer, *anchor* the instant from which the definition counts, *dispute*
    the id of its dispute.
    """

    ticket: Ticket
    policy: Policy
    step: PlanStep
    at: datetime
    definition: TimerDefinition
    old: Timer | None
    anchor: datetime | None
    dispute: str | None = None

    def timer(self) -> Timer | None:
        """Return the timer as it is now; None before it begins and after it has ended."""
        target = target_of(self.ticket, self.definition)
        if target is None:
            return None
        count = TimerCount(self.ticket, self.policy, self.definition, target)
        anchor = self._applied() if self.definition.since == "applied" else self.anchor
        old = self.old
        ended = None if old is not None else self._last()
        last = old if ended is None else ended.timer
        renewed = self._is_set(anchor) or (last is not None and self._has_moved(anchor, last))
        if old is not None and not renewed:
            met = meets(self.definition, self.step, self.ticket) is not None
            return None if met else self._same(old, count)
        if anchor is None or not self._may_begin():
            return None
        if ended is not None and not renewed:
            return self._again(ended, count)
        return self._new(anchor, count)

    def _may_begin(self) -> bool:
        """Whether a count can begin now: on a closed ticket only a few can."""
        return self.ticket.closed_at is None or self.definition.since in (
            "closed",
            "dispute-opened",
        )

    def _applied(self) -> datetime:
        """Return the instant at which the condition of the definition began to hold.

        If it began to hold while no count could begin, such as on a closed ticket, that is now.
        """
        if self.old is not None:
            return self.old.since
        ended = self._last() if self._held_before() else None
        if ended is not None and (ended.outcome == "met" or ended.cause in _UNDONE):
            return ended.timer.since
        return self.at

    def _held_before(self) -> bool:
        before = self.step.before
        return before is not None and any(
            each.when.holds(before) for each in self.policy.alternatives(self.definition.name)
        )

    def _has_moved(self, anchor: datetime | None, last: Timer) -> bool:
        """Whether the anchor moved since the last count began."""
        if self.definition.counts_from_field:  # on a closed ticket it waits for the reopening
            return self._may_begin() and anchor != (last.anchor or last.since)
        return anchor is not None and anchor > last.since

    def _is_set(self, anchor: datetime | None) -> bool:
        """Whether the step set the anchor at its own instant, even if it was that before."""
        before = self.step.before
        if before is None or anchor != self.at or self.dispute is not None:
            return False
        if self.definition.since == "applied":
            return self.old is None and not self._held_before()
        return is_set_anew(self.definition, before, self.ticket, self.step.events)

    def _last(self) -> EndedCycle | None:
        for ended in self.ticket.ended_timers:
            if (ended.timer.name, ended.timer.dispute) == (self.definition.name, self.dispute):
                return ended
        return None

    def _again(self, ended: EndedCycle, count: TimerCount) -> Timer | None:
        """Return the timer whose condition holds again, or whose ticket is opened again."""
        timer = ended.timer
        if ended.cause not in _UNDONE:
            if ended.outcome == "met":
                return None
            again = timer if timer.by_hand else self._from_start(timer, count)
            return self._finish(again, count)
        if ended.cause == "solved" and self.ticket.solved:
            return None
        if self.definition.after_reopening == "stays-ended":
            return None
        pauses, holding = self._pauses_since(max(timer.paused or ended.at, timer.since))
        if not timer.by_hand:
            instant = self._recorded(timer, count).moved(timer.due, pauses)
            timer = _moved(timer, instant, holding, timer.target, False)
        return self._finish(self._of_target(timer, count), count)

    def _new(self, since: datetime, count: TimerCount) -> Timer:
        definition = self.definition
        pauses, holding = self._pauses_since(since)
        by_hand = self._set_by_hand()
        restarts = definition.counts_from_field and since != self.anchor
        counted = self.anchor
        if self.old is not None and not self._may_begin():  # a corrected field waits
            counted = self.old.anchor or self.old.since
        instant = by_hand or count.moved(self._deadline(since, count), pauses)
        timer = _new_timer(
            name=definition.name,
            due=instant,
            since=since,
            dispute=self.dispute,
            fires=definition.fires,
            cycle=self.ticket.version + 1,
            paused=holding,
            target=str(count.target) if self.policy.selects(definition.name) else None,
            by_hand=by_hand is not None,
            anchor=counted if restarts else None,
        )
        return self._finish(timer, count)

    def _deadline(self, since: datetime, count: TimerCount) -> datetime:
        if self.dispute is not None and self.definition.notice_deadline:
            # A1: a deadline in the notice of the dispute overrides the policy's
            own = next(each for each in self.ticket.disputes if each.id == self.dispute)
            if own.deadline is not None:
                return own.deadline
        return count.due(since)

    def _same(self, old: Timer, count: TimerCount) -> Timer:
        """Return the timer whose count goes on."""
        by_hand = self._set_by_hand()
        if by_hand is not None:
            timer = attrs.evolve(old, pauses_until=old.pauses_until or self.at)
            return self._finish(_moved(timer, by_hand, None, old.target, True), count)
        keep = self.step.keep
        timer = old
        if keep is not None and old not in keep and not (old.by_hand or old.passed):
            timer = self._from_start(old, count)
        elif not old.by_hand:
            timer = self._of_target(self._of_pauses(old, count), count)
        if timer is old and not self._acted():
            return old
        return self._finish(timer, count)

    def _of_pauses(self, timer: Timer, count: TimerCount) -> Timer:
        """Return the timer stopped by a pause that began, or moved by one that ended."""
        names = self.definition.pauses
        if not names and timer.paused is None:
            return timer
        holding = any(name in names for name, _ in self.ticket.pausing)
        if timer.paused is None:
            stops = holding and count.holds(self.at, timer.due)
            return _moved(timer, timer.due, self.at, timer.target, False) if stops else timer
        if holding:
            return timer
        count = self._recorded(timer, count)
        instant = count.after(timer.due, count.paused_time(timer, self.at))
        return _moved(timer, instant, None, timer.target, False)

    def _of_target(self, timer: Timer, count: TimerCount) -> Timer:
        """Return the timer after a change of its target."""
        if timer.target is None or timer.target == str(count.target) or timer.by_hand:
            return timer
        now = max(self.at, timer.since)  # a count from a field may start in the future
        match self.definition.on_target_change:
            case "keep":
                return timer
            case "recalculate":
                return self._from_start(attrs.evolve(timer, pauses_from=None), count)
            case "recalculate-without-pauses":
                return self._from_start(attrs.evolve(timer, pauses_from=now), count)
            case "restart":
                return self._new(now, count)
            case _:
                assert_never(self.definition.on_target_change)

    def _from_start(self, timer: Timer, count: TimerCount) -> Timer:
        """Return the timer with a deadline computed from its start, with the pauses that count."""
        pauses, holding = self._pauses_since(timer.pauses_from or timer.since)
        instant = count.moved(self._deadline(timer.since, count), pauses)
        target = str(count.target) if self.policy.selects(timer.name) else None
        return _moved(timer, instant, holding, target, False)

    def _pauses_since(self, start: datetime) -> tuple[list[PausedTime], datetime | None]:
        return pauses_since(self.ticket, self.definition.pauses, start)

    def _finish(self, timer: Timer, count: TimerCount) -> Timer:
        """Return the timer with its next level, paused only by a pause that holds it."""
        if timer.paused is not None and not count.holds(timer.paused, timer.due):
            timer = _moved(timer, timer.due, None, timer.target, timer.by_hand)
        if not self.definition.levels and timer.level is None:
            return timer
        acted = self.step.acted
        level = acted[1] if acted is not None and self._acted() else None
        recorded = self._recorded(timer, count)
        following = next_level(timer, recorded, self.at, level, self.step.before)
        if following is None:
            return _with_level(timer, None, None, 0)
        return _with_level(timer, following.name, following.at, following.overtaken)

    def _acted(self) -> bool:
        acted = self.step.acted
        return acted is not None and (acted[0].name, acted[0].dispute) == (
            self.definition.name,
            self.dispute,
        )

    def _recorded(self, timer: Timer, count: TimerCount) -> TimerCount:
        """Return how the timer counts by its recorded target, which may not be the present one."""
        if timer.target is None or timer.target == str(count.target):
            return count
        target = recorded_target(timer, self.policy)
        return count if target is None else count._replace(target=target)

    def _set_by_hand(self) -> datetime | None:
        for event in self.step.events:
            if isinstance(event, DeadlineSet) and event.timer == self.definition.name:
                return event.due
        return None
