"""Amounts of time for people: `1 h 30 min`."""

from datetime import timedelta
from typing import Final

_UNITS: Final = ((3600, "h"), (60, "min"))


def duration_text(time: timedelta) -> str:
    """Write an amount of time in hours, minutes and seconds; `-` before a negative one."""
    sign = "-" if time < timedelta(0) else ""
    seconds = abs(time).total_seconds()
    parts = []
    for length, unit in _UNITS:
        whole, seconds = divmod(seconds, length)
        if whole:
            parts.append(f"{whole:.0f} {unit}")
    if seconds or not parts:
        parts.append(f"{seconds:.6f}".rstrip("0").rstrip(".") + " s")
    return sign + " ".join(parts)
