"""Fails a test that said `given` and checked nothing. Loaded by pytest through its entry point.

Every start of pytest loads this where the library is installed, so the kit itself is looked up
only once a test has imported it.
"""

import sys
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """What an earlier test left is not this one's; what its fixtures begin is."""
    if (kit := _kit()) is not None:
        kit.forget()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Look once the test has ended; a test that failed by itself says what is wrong itself."""
    result = yield
    _check()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Look at what was begun while cleaning up."""
    if (kit := _kit()) is not None:
        kit.forget()  # of a test that failed
    result = yield
    _check()
    return result


def _check() -> None:
    if (kit := _kit()) is not None:
        kit.check_all()


def _kit() -> Any:
    return sys.modules.get("ticketcore.testing._unchecked")
