"""Each test of the service runs on each store."""

import pytest

from support.stores.service_hosts import STORES, ServiceHost
from support.stores.service_hosts import host as make_host


@pytest.fixture(params=STORES)
def host(request: pytest.FixtureRequest) -> ServiceHost:
    """Return a service on an empty store, under ClickBank's policy, on a Monday."""
    return make_host(request.param)
