"""Counting starts again if an event sets the anchor again, even to the same instant."""

import pytest

from support.policies.permissive_policy import OPEN, at
from support.policies.small_policies import names, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.policies import Policy


def silence(of: str = "") -> Policy:
    """Return a policy with a timer that counts from the last activity, if given of a party."""
    party = f'activity_by = "{of}"\n' if of else ""
    return policy_of(timer_text("silence", "warn", "24 hours", since="last-activity") + party)


TAG = c.Tag(at=at(1), by="support", tag="vip")


@pytest.mark.parametrize(
    ("of", "second", "anew"),
    [
        ("", c.Reply(at=at(1), by="vendor"), True),
        ("", TAG, False),
        ("customer", c.Reply(at=at(1), by="customer", text="again"), True),
        ("customer", c.Reply(at=at(1), by="vendor"), False),
        ("customer", TAG, False),
        ("vendor", c.Reply(at=at(1), by="customer"), False),
        ("support", c.Reply(at=at(1), by="customer"), False),
    ],
)
def test_only_activity_begins_the_count_anew(of: str, second: c.Command, anew: bool) -> None:
    """A command at the same instant starts the count again only if it is activity of the party."""
    policy = silence(of)
    ticket, _ = decide_and_apply(None, OPEN, policy)
    first = c.Reply(at=at(1), by=of or "customer")  # type: ignore[arg-type]
    ticket, _ = decide_and_apply(ticket, first, policy)
    _, events = decide_and_apply(ticket, second, policy)

    assert anew == ("Scheduled" in names(events))
