"""``ticketcore policy check --explore``: everything that can happen under a policy, tried out."""

from ticketcore.cli._app import counted, say
from ticketcore.policies import Policy


def explored(policy: Policy, source: str) -> int:
    """Print what an exploration of a policy finds, each with its story as a scenario file, and
    return how many findings there are. *source* is the policy's name or path."""
    from ticketcore.testing import explore

    found = explore(policy)
    whole = "" if found.complete else ", and there are more"
    count = len(found.findings)
    told = counted(count, "finding") if count else "no findings"
    say(f"{source}: {counted(found.states, 'state')} explored{whole}, {told}")
    for finding in found.findings:
        say(f"\n{finding.scenario(source)}", nl=False)
    return count
