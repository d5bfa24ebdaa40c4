"""Tests of ratios, spreads, definitions and records."""

import re
from pathlib import Path

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.events import Money
from ticketcore.metrics import DEFINITIONS, TIMER_DEFINITIONS, Metrics, Ratio, Spread, to_record

METRICS = Metrics(
    group={"month": "2026-01"},
    tickets=1,
    first_in_time=Ratio(1, 1),
    in_time=Ratio(3, 4),
    waiting=Spread.of([3600.0]),
    waiting_working=Spread.of([0.0]),
    solution=Spread.of([]),
    reopenings=0,
    warnings=2,
    refunds=2,
    refunded=(Money(100, "EUR"), Money(4900, "USD")),
    per_unit=Ratio(3, 2),
)


def test_a_ratio_of_nothing_has_no_value() -> None:
    """A ratio whose whole is zero has no value."""
    assert [0.75, None] == [Ratio(3, 4).value, Ratio(0, 0).value]


@given(st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=40))
def test_half_and_nine_tenths_took_no_longer(seconds: list[float]) -> None:
    """The median and p90 are the shortest durations that half and nine tenths do not exceed."""
    spread = Spread.of(list(seconds))

    for duration, tenths in ((spread.median, 5), (spread.p90, 9)):
        assert duration is not None
        longest = duration.total_seconds()
        not_longer = [one for one in seconds if one <= longest]
        shorter = [one for one in seconds if one < longest]
        assert longest in seconds
        assert len(not_longer) * 10 >= tenths * len(seconds) > len(shorter) * 10


def test_a_spread_of_nothing_has_no_durations() -> None:
    """A spread without data has neither a median nor a p90."""
    assert Spread(count=0, median=None, p90=None) == Spread.of([])


def test_every_metric_has_a_definition() -> None:
    """The definitions hold under any policy, so they quote no rule ids."""
    assert [field.name for field in attrs.fields(Metrics)] == list(DEFINITIONS)
    assert not [text for text in DEFINITIONS.values() if re.search(r"\b[A-Z]\d", text)]


def test_the_docs_define_the_metrics_in_the_same_words() -> None:
    """The page on metrics shows all definitions in their words and order."""
    text = (Path(__file__).parents[2] / "docs/reference/metrics.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE)

    of_timers = [each for each in TIMER_DEFINITIONS.items() if each[0] not in ("group", "timer")]
    assert [*DEFINITIONS.items(), *of_timers] == table


def test_a_record_is_flat() -> None:
    """Durations are seconds, and each ratio is followed by its whole."""
    expected = {
        "month": "2026-01",
        "tickets": 1,
        "first_in_time": 1.0,
        "first_in_time_of": 1,
        "in_time": 0.75,
        "in_time_of": 4,
        "waiting_median": 3600.0,
        "waiting_p90": 3600.0,
        "waiting_count": 1,
        "waiting_working_median": 0.0,
        "waiting_working_p90": 0.0,
        "waiting_working_count": 1,
        "solution_median": None,
        "solution_p90": None,
        "solution_count": 0,
        "reopenings": 0,
        "warnings": 2,
        "refunds": 2,
        "refunded": "1.00 EUR, 49.00 USD",
        "per_unit": 1.5,
        "per_unit_of": 2,
    }

    assert expected == to_record(METRICS)
