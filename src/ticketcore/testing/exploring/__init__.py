from ticketcore.testing.exploring._explore import Exploration, explore
from ticketcore.testing.exploring._findings import Finding, FindingCode
from ticketcore.testing.exploring._guarantees import Proof

__all__ = ["Exploration", "Finding", "FindingCode", "Proof", "explore"]
