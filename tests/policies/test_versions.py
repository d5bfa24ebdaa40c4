"""The versions of a policy: which one a ticket follows."""

from datetime import UTC, date, datetime

import attrs
import pytest

from ticketcore.errors import CalendarError, InstantError, UnknownPolicyError
from ticketcore.events import Opened
from ticketcore.policies import PolicyVersions, load_policy, parse_policy
from ticketcore.ticket import fold

SMALL = """
name = "small"
effective = 2026-01-01
[types.request]
[[permission]]
commands = "open"
by = "customer"
"""
NOON = datetime(2018, 12, 31, 23, 30, tzinfo=UTC)


def test_the_version_of_a_new_ticket_is_that_of_its_local_date() -> None:
    """C21: the date is that of the opening in the vendor's zone."""
    early, late = load_policy("clickbank"), load_policy("clickbank-24-7")
    versions = PolicyVersions.of(late, early)

    assert early is versions.at(NOON, "UTC")
    assert late is versions.at(NOON, "Europe/Rome")


def test_policies_that_are_not_versions_of_one_are_refused() -> None:
    """A later version has the name of an earlier one, or extends it."""
    policies = load_policy("clickbank"), load_policy("kaufland")

    with pytest.raises(UnknownPolicyError, match="kaufland is not a version of clickbank"):
        PolicyVersions.of(*policies)


def test_an_open_ticket_keeps_its_version() -> None:
    """C21: a ticket follows the version under which it was opened."""
    early, late = load_policy("clickbank"), load_policy("clickbank-24-7")
    versions = PolicyVersions.of(early, late)
    opened = Opened(
        at=NOON,
        by="customer",
        type="technical",
        zone="UTC",
        policy=early.name,
        policy_version=early.version,
    )

    assert early is versions.of_ticket(fold([opened]))


def test_a_missing_version_is_an_error() -> None:
    """Each error names the version, the date or the policy that is missing."""
    small = parse_policy(SMALL)
    versions = PolicyVersions.of(small)
    opened = Opened(at=NOON, by="customer", type="x", zone="UTC", policy="other")

    assert date(2026, 1, 1) == small.effective
    with pytest.raises(UnknownPolicyError, match="found none"):
        PolicyVersions.of()
    with pytest.raises(UnknownPolicyError, match="small 2026-01-01, small 2026-01-01"):
        PolicyVersions.of(small, small)
    with pytest.raises(UnknownPolicyError, match="no version is in force on 2018-12-31"):
        versions.at(NOON, "UTC")
    with pytest.raises(CalendarError, match="Mars"):
        versions.at(NOON, "Mars/Base")
    with pytest.raises(InstantError, match="has no date in America/Boise: give an"):
        versions.at(datetime.min.replace(tzinfo=UTC), "America/Boise")
    with pytest.raises(UnknownPolicyError, match="the ticket follows other"):
        versions.of_ticket(fold([opened]))


def test_an_error_names_the_versions_that_there_are() -> None:
    """An instant without a local date is an error, too."""
    older, newer = (parse_policy(SMALL.replace("2026", year)) for year in ("2024", "2025"))
    versions = PolicyVersions.of(newer, older)
    opened = Opened(
        at=datetime(2026, 1, 1, tzinfo=UTC),
        by="customer",
        type="request",
        zone="UTC",
        policy="small",
        policy_version="2023-01-01",
    )
    with pytest.raises(UnknownPolicyError) as caught:
        versions.of_ticket(fold([opened]))
    assert (
        "the ticket follows small 2023-01-01; the versions are small 2024-01-01, small 2025-01-01"
        == str(caught.value)
    )
    imported = attrs.evolve(opened, policy=None, policy_version=None)
    with pytest.raises(UnknownPolicyError, match="the ticket follows no policy; the versions"):
        versions.of_ticket(fold([imported]))
    last = datetime.max.replace(tzinfo=UTC)
    with pytest.raises(InstantError, match=r"^9999-12-31 23:59.* has no date in Asia/Tokyo"):
        versions.at(last, "Asia/Tokyo")
