"""The strategies: what they promise of their values, checked on values that they draw."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from support.broken_policies import BROKEN
from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.commands import Command
from ticketcore.decider import decide, decide_and_apply
from ticketcore.errors import HistoryError, PolicyError, RefusedError
from ticketcore.events import Event, Money, Order, Unknown, read_histories
from ticketcore.policies import Policy, load_policy, parse_policy, presets
from ticketcore.scenarios import parse_scenario, run_scenario
from ticketcore.testing import Story, broken_laws
from ticketcore.testing.strategies import (
    BrokenPolicy,
    DamagedHistory,
    broken_policies,
    calendars,
    commands,
    damaged_histories,
    grants_something,
    histories,
    instants,
    misfit_commands,
    moments,
    money,
    orders,
    policies,
    policy_texts,
    scenarios,
    spans,
    zones,
)
from ticketcore.testing.strategies._zones import clock_changes
from ticketcore.ticket import Ticket, fold

_EASY = settings(max_examples=500)


class TestTime:
    @given(instants(first=2025, last=2026))
    def test_instants_are_aware_and_near_the_years_asked_for(self, at: datetime) -> None:
        """In UTC, and less than a week and a day or two outside the years."""
        assert UTC == at.tzinfo
        assert timedelta(days=-9) < at - datetime(2025, 1, 1, tzinfo=UTC) < timedelta(days=735)

    @pytest.mark.parametrize("hour", [0, 23])
    def test_instants_find_the_edges_of_weekends(self, hour: int) -> None:
        """A local midnight of a Saturday, and the microsecond before it, are drawn soon."""
        zone = ZoneInfo("America/Boise")

        def is_edge(at: datetime) -> bool:
            local = at.astimezone(zone)
            return (local.hour, local.weekday()) == (hour, 5 if hour == 0 else 4)

        assert is_edge(find(instants(zone=st.just(zone.key)), is_edge, settings=_EASY))

    def test_instants_find_the_changes_of_clocks(self) -> None:
        """The very instant of a change is drawn soon."""
        changes = {change.at for change in clock_changes("Europe/Rome", 2024, 2028)}

        found = find(instants(zone=st.just("Europe/Rome")), changes.__contains__, settings=_EASY)

        assert found in changes

    def test_changes_of_clocks_are_those_of_the_zone(self) -> None:
        """Two a year in Rome, on the last Sundays of March and October; in UTC none."""
        changes = clock_changes("Europe/Rome", 2026, 2026)

        assert ["2026-03-29T01:00", "2026-10-25T01:00"] == [
            change.at.strftime("%Y-%m-%dT%H:%M") for change in changes
        ]
        assert () == clock_changes("UTC", 2026, 2026)

    @given(zones())
    def test_zones_exist(self, zone: str) -> None:
        """Each is a zone of the machine's database."""
        assert zone == ZoneInfo(zone).key

    @given(calendars(), spans(days=20), instants())
    def test_calendars_answer(self, calendar: BusinessCalendar, span: Span, at: datetime) -> None:
        """Every calendar opens: any span has an end, and not before its start."""
        assert at <= calendar.due(at, span)

    @given(calendars(holidays=False))
    def test_calendars_may_be_asked_for_without_holidays(self, calendar: BusinessCalendar) -> None:
        """Neither holidays nor special days then."""
        assert () == calendar.exceptions

    @given(spans(working=True), spans(working=False))
    def test_spans_of_one_sort(self, working: Span, elapsed: Span) -> None:
        """Only those that count open time, or only those that do not."""
        assert [True, False] == [working.working, elapsed.working]


class TestMoney:
    @given(money(currency=st.just("EUR")))
    def test_money_is_above_nothing(self, amount: Money) -> None:
        """An amount to be paid, in the currency asked for."""
        assert amount.minor > 0
        assert "EUR" == amount.currency

    @given(money(minor=st.just(7500)))
    def test_money_of_an_amount(self, amount: Money) -> None:
        """The minor units asked for, in any of the currencies."""
        assert 7500 == amount.minor

    @given(orders(before=st.just(datetime(2026, 1, 5, tzinfo=UTC)), billing=st.just("recurring")))
    def test_orders_were_sold_before(self, order: Order) -> None:
        """Sold within 100 days before, and invoiced between then and now, if at all."""
        now = datetime(2026, 1, 5, tzinfo=UTC)

        assert timedelta() <= now - order.sold_at <= timedelta(days=100)
        assert order.sold_at <= (order.invoiced_at or now) <= now


class TestPolicies:
    @given(policies(preset=True))
    def test_presets(self, policy: Policy) -> None:
        """Those that come with the library."""
        assert policy.name in presets()

    @given(policy_texts())
    def test_texts_load(self, text: str) -> None:
        """A drawn file has no mistake."""
        assert "drawn" == parse_policy(text).name

    @given(policies(preset=False))
    def test_drawn_ones(self, policy: Policy) -> None:
        """Loaded from such a text."""
        assert "drawn" == policy.name

    @given(broken_policies())
    def test_broken_ones_are_refused_for_their_mistake(self, broken: BrokenPolicy) -> None:
        """The problem is reported at the key path, and names what was found."""
        with pytest.raises(PolicyError) as refused:
            parse_policy(broken.text)

        assert broken.path in {
            problem.path for problem in refused.value.problems if broken.found in str(problem)
        }


class TestCommands:
    @given(st.data())
    def test_fitting_ones_are_granted(self, data: st.DataObject) -> None:
        """The policy grants them, at whatever instant they come."""
        policy = data.draw(policies())
        ticket, _ = decide_and_apply(None, data.draw(commands(None, policy)), policy)

        assert decide(ticket, data.draw(commands(ticket, policy)), policy) is not None

    @given(st.data())
    def test_misfits_are_refused(self, data: st.DataObject) -> None:
        """The policy refuses them, with a ticket or without."""
        policy = data.draw(policies())
        ticket, _ = decide_and_apply(None, data.draw(commands(None, policy)), policy)
        chosen: Ticket | None = data.draw(st.sampled_from([ticket, None]))

        with pytest.raises(RefusedError):
            decide(chosen, data.draw(misfit_commands(chosen, policy)), policy)

    @given(st.data())
    def test_moments_do_not_run_backwards(self, data: st.DataObject) -> None:
        """A command comes at the ticket's last event or later."""
        policy = data.draw(policies())
        opening: Command = data.draw(commands(None, policy))
        ticket, _ = decide_and_apply(None, opening, policy)

        assert ticket.at <= data.draw(moments(ticket))

    def test_a_story_ends_where_nothing_is_granted(self) -> None:
        """Under a policy by which one may open a ticket, and that is all."""
        policy = parse_policy(BROKEN["a warning comes after the closing"][0])
        story = find(scenarios(policy, misfits=False), lambda _: True, settings=_EASY)
        ticket = fold(story.events())

        assert 1 == len(story.commands)
        assert not grants_something(ticket, policy, ticket.at)


class TestHistories:
    @given(histories())
    def test_histories_are_valid(self, events: tuple[Event, ...]) -> None:
        """They fold, and every event stands where it may."""
        assert len(events) == fold(events).version

    @given(damaged_histories())
    def test_damaged_ones_are_refused_for_their_damage(self, damaged: DamagedHistory) -> None:
        """The reader names the problem; an event of the future is none, and is kept."""
        if damaged.problem is None:
            (history,) = read_histories(damaged.lines)
            assert isinstance(history.events[-1], Unknown)
            return
        with pytest.raises(HistoryError) as refused:
            list(read_histories(damaged.lines))
        assert damaged.problem == refused.value.problem

    @given(scenarios(max_commands=5))
    def test_stories_keep_the_laws(self, story: Story) -> None:
        """Granted or refused, what is asked makes a history that could be."""
        assert () == broken_laws(story.events(), story.policy)

    @given(scenarios(load_policy("clickbank"), max_commands=4))
    def test_stories_run_as_scenarios(self, story: Story) -> None:
        """Written as a file and run by the simulation, a story gives the same events."""
        scenario = parse_scenario(story.scenario("clickbank", comment="a story"))
        run = run_scenario(scenario)

        assert [] == [check for check in run.expectations if not check.met]
        assert story.events() == tuple(recorded.event for recorded in run.recorded)


def _printed(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class TestTypes:
    @given(st.data())
    def test_hypothesis_knows_the_types(self, data: st.DataObject) -> None:
        """`st.from_type` draws each, once ticketcore is installed, with nothing imported."""
        for kind in (BusinessCalendar, Money, Order, Policy, Span, Story):
            assert isinstance(data.draw(st.from_type(kind)), kind)

    def test_the_library_does_not_import_hypothesis(self) -> None:
        """Neither does the kit, as far as it needs no strategies."""
        code = "import sys, ticketcore, ticketcore.testing; print('hypothesis' in sys.modules)"

        assert "False\n" == _printed(code)

    def test_hypothesis_does_not_load_the_strategies(self) -> None:
        """They are loaded when the first of the types is drawn."""
        code = "import sys, hypothesis; print('ticketcore.testing.strategies' in sys.modules)"

        assert "False\n" == _printed(code)
