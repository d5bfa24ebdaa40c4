"""Rules for local dates: weekly hours, holidays, exceptions, breaks, closures, pauses."""
