from ticketcore.testing.exploring._comparison import (
    DifferenceKind,
    PolicyComparison,
    PolicyDifference,
    compare_policies,
)
from ticketcore.testing.exploring._explore import Exploration, explore
from ticketcore.testing.exploring._findings import Finding, FindingCode
from ticketcore.testing.exploring._guarantees import Proof

__all__ = [
    "DifferenceKind",
    "Exploration",
    "Finding",
    "FindingCode",
    "PolicyComparison",
    "PolicyDifference",
    "Proof",
    "compare_policies",
    "explore",
]
