"""The example history of a help desk, whose timers are recorded."""

import gzip
import runpy
from collections import Counter
from pathlib import Path

import pytest

from ticketcore.events import impossible_events, read_histories
from ticketcore.metrics import Ratio, answers, measure, measure_timers
from ticketcore.policies import load_policy

EXAMPLES = Path(__file__).parents[2] / "examples"
FILE = EXAMPLES / "histories/help-desk.jsonl.gz"
HISTORIES = [(each.ticket, each.events) for each in read_histories(FILE)]
POLICY = load_policy("help-desk")
PRIORITY = "fields.priority"


@pytest.mark.slow
def test_the_script_makes_the_example_history() -> None:
    """The script makes the same history, byte for byte, on every machine."""
    made = runpy.run_path(str(EXAMPLES / "histories/help_desk.py"))["packed"]()
    assert gzip.decompress(FILE.read_bytes()) == gzip.decompress(made)


def test_nothing_impossible_happens_in_it() -> None:
    """Each ticket can be folded, and was decided under the policy."""
    assert 200 == len(HISTORIES)
    assert [] == [
        found for number, events in HISTORIES for found in impossible_events(number, events)
    ]


def test_answers_in_time_are_cycles_of_the_timers_for_answers_met_in_time() -> None:
    """Answers in time are the cycles of first-reply and next-reply that were met in time.

    The timers for updates and for the resolution breach too, and never make an answer late.
    """
    figures = {each.timer: each for each in measure_timers(HISTORIES, POLICY)}
    (metrics,) = measure(HISTORIES, POLICY)
    first, later = figures["first-reply"].attained, figures["next-reply"].attained

    assert first == metrics.first_in_time
    assert Ratio(first.part + later.part, first.whole + later.whole) == metrics.in_time
    assert min(figures["update"].met_late, figures["resolution"].met_late) > 0
    in_time: Counter[str] = Counter()
    for each in measure_timers(HISTORIES, POLICY, PRIORITY):
        if each.timer in ("first-reply", "next-reply"):
            in_time[each.group[PRIORITY]] += each.attained.part
    assert in_time == {
        each.group[PRIORITY]: each.in_time.part for each in measure(HISTORIES, POLICY, PRIORITY)
    }


def test_every_deadline_of_an_answer_is_that_of_a_timer_for_answers() -> None:
    """Every deadline of an answer comes from a timer for answers, even if another is earlier."""
    for _, events in HISTORIES:
        for answer in answers(events, POLICY):
            assert answer.due is not None
            assert answer.in_time is not None
            assert answer.due > answer.since
