"""Fail a test that calls `given` and checks nothing. pytest loads this by its entry point.

pytest loads the plugin in every environment that has the library. So the plugin does not import
`ticketcore.testing`; it looks for the module after a test may have imported it.
"""

import sys
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Forget the unchecked chains of earlier tests, before the fixtures of this one begin some."""
    if (register := _register()) is not None:
        register.forget()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Check after the test. A test that failed by itself keeps its own message."""
    result = yield
    _check()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Check the chains that fixtures began while they cleaned up."""
    if (register := _register()) is not None:
        register.forget()  # chains of a test that failed
    result = yield
    _check()
    return result


def _check() -> None:
    if (register := _register()) is not None:
        register.check_all()


def _register() -> Any:
    """Return the module with the register of unchecked chains, if a test has imported it."""
    return sys.modules.get("ticketcore.testing._unchecked")
