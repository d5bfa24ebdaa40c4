"""Drawn stories and histories are valid, and can be written as scenarios."""

from datetime import UTC, datetime

from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

from support.broken.policies import BROKEN
from ticketcore.commands import Open, Reply
from ticketcore.events import Event
from ticketcore.policies import PolicyVersions, load_policy, parse_policy
from ticketcore.scenarios import parse_scenario, run_scenario
from ticketcore.testing import TicketStory, violations
from ticketcore.testing.strategies import accepts_any_command, histories, scenarios
from ticketcore.ticket import fold


@given(histories())
def test_histories_fold(events: tuple[Event, ...]) -> None:
    """The ticket of a drawn history has as many versions as the history has events."""
    assert len(events) == fold(events).version


@given(scenarios(max_commands=5))
def test_stories_satisfy_all_invariants(story: TicketStory) -> None:
    """The events of accepted commands form a valid history, whatever is refused in between."""
    assert () == violations(story.events(), story.policy)


@given(scenarios(load_policy("clickbank"), max_commands=4))
def test_stories_run_as_scenarios(story: TicketStory) -> None:
    """A story that is written as a file and run as a scenario gives the same events."""
    scenario = parse_scenario(story.scenario("clickbank", comment="a story"))
    run = run_scenario(scenario)

    assert () == run.failures
    assert story.events() == tuple(recorded.event for recorded in run.recorded)


@given(scenarios(st.sampled_from(["office", "webshippy"]).map(load_policy), max_commands=2))
def test_a_strategy_may_give_the_policy(story: TicketStory) -> None:
    """`scenarios` accepts a strategy of policies, and each story follows the drawn policy."""
    assert story.policy.name in {"office", "webshippy"}
    assert () == violations(story.events(), story.policy)


def test_a_failing_story_is_shown_one_command_a_line() -> None:
    """Hypothesis shows the commands of a story, and only the name of its policy."""
    monday = datetime(2026, 1, 5, 9, tzinfo=UTC)
    commands = (
        Open(at=monday, by="customer", type="technical"),
        Reply(at=monday, by="vendor", text="hello"),
    )
    lines = pretty(TicketStory(policy=load_policy("clickbank"), commands=commands)).splitlines()

    assert [
        "TicketStory(policy=<clickbank 2013-01-01>, until=None, commands=(",
        "  Open(at=2026-01-05T09:00:00+00:00, by='customer', type='technical'),",
        "  Reply(at=2026-01-05T09:00:00+00:00, by='vendor', text='hello'),",
        "))",
    ] == lines


def test_a_story_ends_when_no_command_is_accepted() -> None:
    """Under a policy that permits only the opening, a story has one command."""
    policy = parse_policy(BROKEN["a warning that comes after the closing"].text)
    story = find(
        scenarios(policy, invalid=False), lambda _: True, settings=settings(max_examples=500)
    )
    ticket = fold(story.events())

    assert 1 == len(story.commands)
    assert not accepts_any_command(ticket, policy, ticket.at)


@given(scenarios(load_policy("help-desk"), max_commands=1))
def test_stories_begin_when_the_policy_is_in_force(story: TicketStory) -> None:
    """A drawn ticket is opened after the day on which its policy takes effect."""
    (opening,) = story.commands
    assert isinstance(opening, Open)
    assert story.policy is PolicyVersions.of(story.policy).of_opening(opening)
