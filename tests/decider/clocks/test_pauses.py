"""How a pause is recorded: with the timers that it stops, unless all timers are listed."""

from support.policies.permissive_policy import at
from support.policies.small_policies import names, opened, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
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
