from ticketcore.testing.exploring._explore import Exploration, explore
from ticketcore.testing.exploring._findings import Finding, FindingCode

__all__ = ["Exploration", "Finding", "FindingCode", "explore"]
