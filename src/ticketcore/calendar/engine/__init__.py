"""Open time in UTC: instants, intervals, zones, and a table that grows by years."""
