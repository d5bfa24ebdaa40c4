"""Times of day for people: `15:00`."""

from datetime import datetime


def clock_time(local: datetime) -> str:
    """Write the time of day, as exactly as it has to be: to the minute, second or microsecond."""
    if local.microsecond:
        return f"{local:%H:%M:%S.%f}"
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
