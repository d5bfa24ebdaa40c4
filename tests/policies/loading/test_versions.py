"""The versions of a policy: which one a ticket follows."""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from ticketcore.commands import Open
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
    """A missing version, date or policy is named by its error."""
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
    """An error lists the versions that exist."""
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


STORE = """
name = "store"
effective = 2025-01-01
zone = "America/New_York"
[types.request]
[storefronts.de]
zone = "Europe/Berlin"
[[permission]]
commands = "open"
by = "customer"
"""
BERLIN_MIDNIGHT = datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_the_version_for_an_opening_counts_the_date_of_its_storefront() -> None:
    """K12: half past midnight in Berlin is the new year there, though not in UTC."""
    old, new = (parse_policy(STORE.replace("2025", year)) for year in ("2025", "2026"))
    versions = PolicyVersions.of(old, new)
    opening = Open(at=BERLIN_MIDNIGHT, by="customer", storefront="de")
    just_before = attrs.evolve(opening, at=BERLIN_MIDNIGHT - timedelta(microseconds=1))

    assert new is versions.of_opening(opening)
    assert old is versions.of_opening(just_before)
    assert old is versions.of_opening(attrs.evolve(opening, storefront=None))
    assert old is versions.of_opening(attrs.evolve(opening, zone="America/Boise"))


def test_an_opening_with_an_unknown_zone_is_decided_by_its_date_in_utc() -> None:
    """An opening in an unknown zone is decided by the version of its date in UTC."""
    versions = PolicyVersions.of(parse_policy(SMALL))
    opening = Open(at=datetime(2026, 1, 1, tzinfo=UTC), by="customer", zone="Mars/Base")

    assert versions.versions[0] is versions.of_opening(opening)
    with pytest.raises(UnknownPolicyError, match="no version is in force on 2018-12-31"):
        versions.of_opening(attrs.evolve(opening, at=NOON))


def test_a_ticket_moves_to_the_version_in_force_in_its_own_zone() -> None:
    """The later version begins on 1 January 2019, which is earlier in Rome than in UTC."""
    early, late = load_policy("clickbank"), load_policy("clickbank-24-7")
    versions = PolicyVersions.of(early, late)
    opened = Opened(at=NOON, by="customer", type="technical", zone="Europe/Rome")

    assert late is versions.in_force(fold([opened]), NOON)
    assert early is versions.in_force(fold([attrs.evolve(opened, zone="UTC")]), NOON)
