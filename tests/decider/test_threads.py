"""Several threads decide under one policy: the first use of a policy and of its caches is safe."""

import subprocess
import sys

SCRIPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from ticketcore.decider import advance, decide
from ticketcore.errors import RefusedError
from ticketcore.policies import load_policy, presets
from ticketcore.testing._candidates import candidates
from ticketcore.testing._policy_facts import openings
from ticketcore.ticket import fold

THREADS = 8
START = datetime(2026, 1, 9, 15, tzinfo=UTC)
LATER = START + timedelta(hours=1)


def decided(ticket, command, policy):
    try:
        return decide(ticket, command, policy)
    except RefusedError as refused:
        return str(refused)


def story(policy, wait):
    wait()
    opened = [decided(None, build(), policy) for build in openings(policy, START)]
    yield from opened
    ticket = fold(next(events for events in opened if type(events) is tuple))
    yield advance(ticket, policy, START + timedelta(days=40))
    for by in ("customer", "vendor"):
        yield from [decided(ticket, b(), policy) for b in candidates(ticket, by, policy, LATER)]


sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(THREADS) as pool:
    for name in presets():
        policy, barrier = load_policy(name), Barrier(THREADS)
        running = [pool.submit(lambda: [*story(policy, barrier.wait)]) for _ in range(THREADS)]
        results = [each.result() for each in running]
        alone = [*story(load_policy(name), lambda: None)]
        assert [alone] * THREADS == results, name
        print(name, sum(type(each) is tuple for each in alone))
"""


def test_several_threads_decide_as_one_does() -> None:
    """Eight threads that begin with a policy at once get the events that one gets alone."""
    command = [sys.executable, "-c", SCRIPT]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ("", 0) == (ran.stderr, ran.returncode)
    granted = [int(line.split()[1]) for line in ran.stdout.splitlines()]
    assert (True, True) == (len(granted) > 5, min(granted) > 5)
