"""The reference backend checks versions and ignores tickets that were never opened."""

from datetime import UTC, datetime

import pytest

from ticketcore.errors import ConflictError
from ticketcore.policies import Policy, load_policy
from ticketcore.testing.stateful import ReferenceBackend


def test_a_conflict_carries_both_versions() -> None:
    """A ConflictError has the ticket, the expected and the actual number of events."""
    backend = ReferenceBackend(load_policy("office"))

    with pytest.raises(ConflictError) as conflict:
        backend.check_version("T-1", 3)

    assert ("T-1", 3, 0) == (
        conflict.value.ticket,
        conflict.value.expected,
        conflict.value.actual,
    )
    assert "ticket T-1 has 0 events, the sender saw 3 events: read the ticket again" == str(
        conflict.value
    )


def test_an_unopened_ticket_has_no_timers() -> None:
    """Advancing a ticket that was never opened stores nothing."""
    backend = ReferenceBackend(load_policy("office"))
    backend.advance("T-1", datetime(2026, 1, 5, tzinfo=UTC))

    assert () == backend.history("T-1")


@pytest.mark.parametrize("policy", ["office", load_policy("office")])
def test_a_reference_takes_a_policy_or_its_name(policy: Policy | str) -> None:
    """The reference has the policy, or the preset of that name."""
    assert "office" == ReferenceBackend(policy).policy.name
