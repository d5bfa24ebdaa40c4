"""How a pause is recorded: with the timers that it stops, unless all timers are listed."""

import attrs

from support.policies.permissive_policy import at
from support.policies.small_policies import names, opened, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import Event, PauseStarted

PAUSES = (
    '[pauses.asked]\nwhen = { waiting_for = "customer" }\n[pauses.vip]\nwhen = { tags = "vip" }\n'
)
REPLY = c.Reply(at=at(1), by="vendor")
TAG = c.Tag(at=at(2), by="support", tag="vip")


def timer(name: str, *pauses: str, more: str = "") -> str:
    """Return a timer from the opening with these pauses."""
    return timer_text(name, "breach") + f"pauses = {[*pauses]}\n{more}"


def started(text: str, *commands: c.Command) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Return the timers that the pauses of the last command stop, and if all are recorded."""
    policy = policy_of(PAUSES + text)
    ticket = opened(policy)
    events: tuple[Event, ...] = ()
    for command in commands:
        ticket, events = decide_and_apply(ticket, command, policy)
    pauses = {each.pause: each.timers for each in events if isinstance(each, PauseStarted)}
    return pauses, "Scheduled" in names(events)


def test_a_pause_names_the_timers_that_it_stops() -> None:
    """A pause lists the timers that it stops in the order of their names, and no others."""
    text = timer("b", "asked") + timer("c", "vip") + timer("a", "asked", "vip")

    assert ({"asked": ("a", "b")}, False) == started(text, REPLY)


def test_a_timer_that_stands_already_is_not_named_again() -> None:
    """A second pause lists only the timers that are not stopped already."""
    text = timer("a", "asked", "vip") + timer("b", "vip")

    assert ({"vip": ("b",)}, False) == started(text, REPLY, TAG)
    assert ({"vip": ()}, False) == started(timer("a", "asked", "vip"), REPLY, TAG)


def test_a_timer_that_ends_is_recorded_with_all_timers() -> None:
    """If a timer ends with the pause, the event lists all timers, not only the paused ones."""
    text = timer("a", "asked", "vip") + timer("b", "asked", more='met_by = "replied"\n')

    assert ({"asked": ()}, True) == started(text, REPLY)


def test_a_pause_that_follows_another_one_at_once_is_recorded_as_before() -> None:
    """`Reschedule` computes what the pauses of a timer recorded, also if they touch.

    A pause of the same name begins anew; one of another name goes on with the first.
    """
    policy = policy_of(
        '[fields.state]\nchoices = ["open", "asked", "away"]\ndefault = "open"\n'
        '[pauses.asked]\nwhen = { fields.state = "asked" }\n'
        '[pauses.away]\nwhen = { fields.state = "away" }\n' + timer("t", "asked", "away")
    )
    again = [(1, "asked"), (2, "open"), (2, "asked")]
    other = [(1, "asked"), (2, "away")]

    for states, paused, due in ((again, at(2), at(25)), (other, at(1), at(24))):
        ticket = opened(policy)
        for hour, state in states:
            command = c.SetField(at=at(hour), by="support", field="state", value=state)
            ticket, _ = decide_and_apply(ticket, command, policy)

        assert [(paused, due)] == [(timer.paused, timer.due) for timer in ticket.timers]
        assert () == decide(ticket, c.Reschedule(at=at(3), by="support"), policy)


def test_two_pauses_can_begin_at_one_instant() -> None:
    """Of two pauses that began at one instant, the one that still holds stops the timer."""
    policy = policy_of(PAUSES + timer("t", "asked", "vip"))
    ticket = opened(policy)
    tagged = attrs.evolve(TAG, at=at(1))
    for command in (REPLY, tagged, c.Untag(at=at(2), by="support", tag="vip")):
        ticket, _ = decide_and_apply(ticket, command, policy)

    assert [at(1)] == [timer.paused for timer in ticket.timers]
    assert () == decide(ticket, c.Reschedule(at=at(3), by="support"), policy)
