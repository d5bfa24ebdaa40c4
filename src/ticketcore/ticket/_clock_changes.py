"""The changes that the events of clocks make to a ticket."""

from datetime import datetime
from typing import Any

import attrs

from ticketcore._internal.fast_attrs import fast
from ticketcore.events import (
    Breached,
    DeadlineSet,
    PauseEnded,
    PauseStarted,
    Rescheduled,
    Scheduled,
    Snoozed,
    Timer,
    Unsnoozed,
    Warned,
)
from ticketcore.ticket._registry import changes
from ticketcore.ticket._ticket import EndedCycle, Pause, TicketDraft
from ticketcore.ticket._timers import fire, with_stopped

_new_cycle = fast(EndedCycle)


@changes(Scheduled)
def _scheduled(draft: TicketDraft, event: Scheduled) -> None:
    """Take over the list of timers, and keep the last cycle of those that ended."""
    if event.ended:
        before = {timer.identity: timer for timer in draft.timers}
        cycles: Any = draft.ended_timers
        grows = type(cycles) is dict
        if not grows:
            cycles = {(cycle.timer.name, cycle.timer.dispute): cycle for cycle in cycles}
        for end in event.ended:
            timer = before.get(end.identity)
            if timer is not None:
                cycle = _new_cycle(timer, event.at, end.outcome, end.cause)
                cycles[end.name, end.dispute] = cycle
        draft.ended_timers = cycles if grows else tuple(cycles.values())
    draft.timers = event.timers


@changes(PauseStarted)
def _pause_started(draft: TicketDraft, event: PauseStarted) -> None:
    _running(draft).setdefault(event.pause, event.at)
    if event.timers:
        draft.timers = with_stopped(draft.timers, frozenset(event.timers), event.at)


@changes(PauseEnded)
def _pause_ended(draft: TicketDraft, event: PauseEnded) -> None:
    since = _running(draft).pop(event.pause, None)
    if since is not None and since < event.at:
        pauses: Any = draft.pauses
        if type(pauses) is tuple:  # one copy per fold, which makes it a tuple again
            pauses = draft.pauses = list(pauses)  # type: ignore[assignment]
        pauses.append(Pause(event.pause, since, event.at))


def _running(draft: TicketDraft) -> dict[str, datetime]:
    """Return the pauses that hold, to be changed; one copy per fold, as above."""
    running: Any = draft.pausing
    if type(running) is tuple:
        running = draft.pausing = dict(running)  # type: ignore[assignment]
    return running  # type: ignore[no-any-return]


@changes(Warned)
def _warned(draft: TicketDraft, event: Warned) -> None:
    fire(draft, event.timer, event.at, event.level)


@changes(Breached)
def _breached(draft: TicketDraft, event: Breached) -> None:
    fire(draft, event.timer, event.at)


@changes(DeadlineSet)
def _deadline_set(draft: TicketDraft, event: DeadlineSet) -> None:
    """Correct the deadline of a timer that has ended; `Scheduled` has those that are pending."""
    draft.by_hand = True
    cycles: Any = draft.ended_timers
    grows = type(cycles) is dict
    corrected = (
        attrs.evolve(cycle, timer=_set_by_hand(cycle.timer, event))
        if cycle.timer.name == event.timer
        else cycle
        for cycle in (cycles.values() if grows else cycles)
    )
    draft.ended_timers = dict(zip(cycles, corrected, strict=True)) if grows else tuple(corrected)  # type: ignore[assignment]


def _set_by_hand(timer: Timer, event: DeadlineSet) -> Timer:
    """Return a timer with a deadline that no pause holds from now on."""
    until = timer.pauses_until or event.at
    return attrs.evolve(timer, due=event.due, paused=None, by_hand=True, pauses_until=until)


@changes(Snoozed)
def _snoozed(draft: TicketDraft, event: Snoozed) -> None:
    draft.snoozed_until = event.until


@changes(Unsnoozed)
def _unsnoozed(draft: TicketDraft, event: Unsnoozed) -> None:
    draft.snoozed_until = None
    if event.timer is not None:
        fire(draft, event.timer, event.at)


@changes(Rescheduled)
def _nothing(draft: TicketDraft, event: Rescheduled) -> None:
    """Change nothing: the `Scheduled` after it has the deadlines."""
