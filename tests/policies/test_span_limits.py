"""Spans beyond all calendars are mistakes of the policy file."""

import pytest

from support.small_policies import policy_of, timer_text
from ticketcore.errors import PolicyError


@pytest.mark.parametrize(
    "span",
    [
        "101 years",
        "1201 months",
        "5219 weeks",
        "36527 days",
        "99999999 hours",
        "36527 working days",
    ],
)
@pytest.mark.parametrize("key", ["after", "then"])
def test_a_span_of_more_than_a_hundred_years_is_refused(span: str, key: str) -> None:
    """The check of the policy reports it, not the first opening."""
    text = timer_text("w", "warn", span if key == "after" else "1 hour")
    text += f'then = ["1 day", "{span}"]\n' if key == "then" else ""
    with pytest.raises(PolicyError, match=rf'{key}\S*: "{span}" is more than a hundred years'):
        policy_of(text + 'calendar = "week"\n[calendars.week]\nhours = "mon-fri 09:00-17:00"\n')
