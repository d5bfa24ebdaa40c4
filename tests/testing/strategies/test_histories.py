"""Drawn stories and histories are valid, and can be written as scenarios."""

from hypothesis import find, given, settings
from hypothesis import strategies as st

from support.broken_policies import BROKEN
from ticketcore.events import Event
from ticketcore.policies import load_policy, parse_policy
from ticketcore.scenarios import parse_scenario, run_scenario
from ticketcore.testing import TicketStory, violations
from ticketcore.testing.strategies import accepts_any_command, histories, scenarios
from ticketcore.ticket import fold


@given(histories())
def test_histories_fold(events: tuple[Event, ...]) -> None:
    """A drawn history folds, one version for each event."""
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
    """`stories` accepts a strategy of policies, and each story follows the drawn policy."""
    assert story.policy.name in {"office", "webshippy"}
    assert () == violations(story.events(), story.policy)


def test_a_story_ends_when_no_command_is_accepted() -> None:
    """Under a policy that permits only the opening, a story has one command."""
    policy = parse_policy(BROKEN["a warning that comes after the closing"].text)
    story = find(
        scenarios(policy, invalid=False), lambda _: True, settings=settings(max_examples=500)
    )
    ticket = fold(story.events())

    assert 1 == len(story.commands)
    assert not accepts_any_command(ticket, policy, ticket.at)
