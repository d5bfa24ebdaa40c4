"""iCalendar files for tests: written by hand, drawn at random, and read by another library."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

YEARS = range(2024, 2028)


def ics(*events: str) -> str:
    """Return an iCalendar file of events, each given by its lines."""
    wrapped = [f"BEGIN:VEVENT\n{lines}\nEND:VEVENT" for lines in events]
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *wrapped, "END:VCALENDAR", ""])
    return text.replace("\n", "\r\n")


def closed_dates(text: str) -> set[date]:
    """Return the dates that recurring-ical-events shows as all-day events, in YEARS.

    It also shows cancelled events, which are left out here.
    """
    import icalendar
    import recurring_ical_events

    low, end = date(YEARS[0], 1, 1), date(YEARS[-1] + 1, 1, 1)
    found = set()
    for event in recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(low, end):
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            start, stop = _date(event.start), _date(event.end)
            days = max(1, (stop - start).days)
            found |= {start + timedelta(days=n) for n in range(days)}
    return {day for day in found if low <= day < end}


def _date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


_days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
_weekdays = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]),
    min_size=1,
    max_size=3,
    unique=True,
)


@st.composite
def _rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if draw(st.booleans()):
        parts.append(f"BYDAY={','.join(draw(_weekdays))}")
    if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.integers(1, 28))},-1")
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 20))}")
    if end == "UNTIL":
        parts.append(f"UNTIL={draw(_days):%Y%m%d}" + draw(st.sampled_from(["", "T000000Z"])))
    return ";".join(parts)


@st.composite
def _series(draw: st.DrawFn, uid: int) -> list[str]:
    """Return an event, and perhaps a changed occurrence of it."""
    start = draw(_days)
    lines = [f"UID:{uid}", f"SUMMARY:event {uid}", draw(_written("DTSTART", start))]
    if draw(st.booleans()):
        end = start + timedelta(days=draw(st.integers(0, 45)))
        lines.append(draw(st.sampled_from([f"DTEND;VALUE=DATE:{end:%Y%m%d}", "DURATION:P2D"])))
    recurs = draw(st.booleans())
    later = start + timedelta(days=draw(st.sampled_from([0, 1, 7, 28, 30, 365])))
    if recurs:
        lines.append(f"RRULE:{draw(_rules())}")
        if draw(st.booleans()):
            lines.append(draw(_written("EXDATE", later, midnight=True)))
    if draw(st.booleans()):
        lines.append(f"RDATE;VALUE=DATE:{draw(_days):%Y%m%d},{draw(_days):%Y%m%d}")
    lines.append(draw(st.sampled_from(["STATUS:CONFIRMED", "STATUS:cancelled", "SEQUENCE:1"])))
    events = ["\n".join(draw(st.permutations(lines)))]
    if recurs and draw(st.booleans()):
        changed = [f"UID:{uid}", draw(_written("RECURRENCE-ID", later, midnight=True))]
        changed.append(draw(_written("DTSTART", draw(_days))))
        changed.append(draw(st.sampled_from(["STATUS:CANCELLED", "STATUS:CONFIRMED"])))
        events.append("\n".join(changed))
    return events


def _written(key: str, day: date, *, midnight: bool = False) -> st.SearchStrategy[str]:
    """Return ways to write a date; Exchange writes some as a zoned midnight."""
    forms = [f"{key};VALUE=DATE:{day:%Y%m%d}", f"{key}:{day:%Y%m%d}"]
    if midnight:
        forms.append(f"{key};TZID=Europe/Berlin:{day:%Y%m%d}T000000")
    return st.sampled_from(forms)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return files of all-day events, in any order."""
    count = draw(st.integers(1, 2))
    events = [event for uid in range(count) for event in draw(_series(uid))]
    return ics(*draw(st.permutations(events)))
