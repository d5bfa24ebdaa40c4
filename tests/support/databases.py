"""Databases for tests: SQLite files, and one PostgreSQL server for a whole run of the tests.

The server comes from a wheel and starts in some seconds, once: all processes of a run share it,
and each has a database of its own. TICKETCORE_TEST_POSTGRES names another server by its URL, such
as postgresql://user@host/database; the tests then use a schema of their own in it.
"""
