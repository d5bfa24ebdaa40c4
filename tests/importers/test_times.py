"""Times of logs: their forms, and local times that occur twice or not at all."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.histories.logs import HEAD, imported
from ticketcore.importers import ImportReport
from ticketcore.importers._times import time_reader

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 1, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("iso", "2026-01-31T17:00"),
        ("iso", " 2026-01-31 17:00:00 "),
        ("iso", "2026-01-31T16:00:00Z"),
        ("iso", "2026-01-31T11:00:00.000-0500"),
        ("iso", "2026-1-31 17:00"),
        ("iso", "2026/01/31 17:00:00.000"),
        ("iso", "2026-01-31 16:00 UTC"),
        ("iso", "2026-01-31 17:00:00 +0100"),
        ("email", "Sat, 31 Jan 2026 17:00:00 +0100"),
        ("email", "31 Jan 2026 16:00 -0000"),
        ("email", "Sat,  31 Jan 2026 08:00:00 PST (a comment)"),
        ("day-first", "31/1/2026 17:00"),
        ("day-first", "31.01.26 17:00:00"),
        ("day-first", "31-01-2026, 5:00:00.0 p.m."),
        ("month-first", "1/31/2026 5:00 PM"),
        ("month-first", "01/31/2026 17.00"),
        ("epoch", "1769875200"),
        ("epoch", "1769875200.0"),
        ("epoch-ms", "1769875200000"),
        ("%d %b %Y %H.%M", "31 Jan 2026 17.00"),
        ("%Y%m%dT%H%M%S%z", "20260131T160000+0000"),
        ("%d %b %Y %H:%M %Z", "31 Jan 2026 16:00 UTC"),
    ],
)
def test_a_time_can_have_many_forms(time_format: str, text: str) -> None:
    """A time may have many forms; one without an offset belongs to the given zone."""
    time = time_reader([time_format], BERLIN)(text)

    assert (EVENING, None, False) == (time.first, time.last, time.skipped)


@pytest.mark.parametrize(
    ("time_format", "text", "message"),
    [
        ("iso", "31/1/2026", "found '31/1/2026': time_format = \"day-first\" reads it"),
        ("iso", "1/31/2026", "found '1/31/2026': time_format = \"month-first\" reads it"),
        ("iso", "x", "expected a time (iso), found 'x': write 2026-01-31 17:00"),
        ("day-first", "2026-01-31", 'time_format = "iso" reads it'),
        ("email", "2026-01-31", 'time_format = "iso" reads it'),
        ("email", "Jan 31, 2026 5:00:00 PM CET", "write Sat, 31 Jan 2026 17:00:00 +0100"),
        ("email", "Sat, 31 Jan 2026 17:00 +0100 PM", "write Sat, 31 Jan 2026 17:00:00 +0100"),
        ("email", "Sat, 31 Jan 2026 17:00 CET", "the offset of CET is unknown"),
        ("day-first", "x", "write 31/1/2026 17:00"),
        ("month-first", "x", "write 1/31/2026 17:00"),
        ("month-first", "1/31/2026 17:00 PM", "the hour before AM or PM is from 1 to 12"),
        ("epoch", "now", "could not convert"),
        ("iso", f"1 Jan {'9' * 40} 09:00", "write 2026-01-31 17:00"),
        ("epoch-ms", "1e99", "expected a time (epoch-ms)"),
        ("%d.%m.%Y", "x", "does not match format"),
        ("%d.%m.%Y %Z", "31.01.2026 CET", "%Z reads UTC and GMT; write the name of another"),
        ("iso", "9999-12-31T23:59:00-01:00", "expected a time (iso)"),
        ("iso", "0001-01-01T00:00", "expected a time (iso)"),
    ],
)
def test_another_form_is_refused(time_format: str, text: str, message: str) -> None:
    """A time in another form is refused with the form expected and the text found."""
    with pytest.raises(ValueError, match="expected a time") as caught:
        time_reader([time_format], BERLIN)(text)

    assert message in str(caught.value)


def test_a_column_can_have_times_of_several_forms() -> None:
    """The first form that fits counts if a column has several; an error names all."""
    read = time_reader(["%d.%m.%y, %H:%M Uhr", "day-first", "iso"], BERLIN)

    for text in ("31.01.26, 17:00 Uhr", "31.1.2026 17:00", "2026-01-31 17:00"):
        assert EVENING == read(text).first
    with pytest.raises(ValueError, match="Uhr or day-first or iso") as caught:
        read("x")
    assert "found 'x': write 2026-01-31 17:00" in str(caught.value)


def test_the_order_of_rows_decides_between_two_instants(tmp_path: Path) -> None:
    """The order of the rows decides between the two instants of a repeated local time."""
    mapping = f'{HEAD}\n[[event]]\nevent = "replied"\nby = "support"\n'
    rows = [
        "1,25.10.2026 02:50,a",  # the first
        "1,25.10.2026 02:10,a",  # the second, since the row above is later than the first
        "2,25.10.2026 02:10,a",  # undecided
        "3,29.03.2026 02:30,a",  # skipped: the clocks go from 02:00 to 03:00
    ]
    report = ImportReport()
    made = imported(
        tmp_path,
        "\n".join(["id,at,state", *rows]),
        mapping.replace('time = "at"', 'time = "at"\ntime_format = "day-first"'),
        zone="Europe/Berlin",
        report=report,
    )

    assert [["25T00:50", "25T00:50", "25T01:10"], ["25T00:10"] * 2, ["29T01:00"] * 2] == [
        [text.split()[0] for text in texts] for texts in made.values()
    ]
    assert (1, 2, 1) == (report.times.by_order, report.times.undecided, report.times.skipped)
