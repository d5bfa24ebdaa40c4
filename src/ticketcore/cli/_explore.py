"""``ticketcore policy check --explore``: everything that can happen under a policy, tried out."""

from ticketcore.cli._app import counted, say
from ticketcore.policies import Policy


def explored(policy: Policy, source: str, bound: int) -> int:
    """Print what an exploration of a policy finds, each with its story as a scenario file, and
    return how many findings there are. *source* is the policy's name or path, *bound* so many
    states are looked at."""
    from ticketcore.testing import explore

    found = explore(policy, max_states=bound)
    count = len(found.findings)
    told = counted(count, "finding") if count else "no findings"
    more = (
        "" if found.complete else "; there are more, so what never happens is not known: --bound"
    )
    say(f"{source}: {counted(found.states, 'state')} explored, {told}{more}")
    for finding in found.findings:
        say(f"\n{finding.scenario(source)}", nl=False)
    return count
