from ticketcore.testing.exploring._explore import Exploration, explore
from ticketcore.testing.exploring._findings import Finding, Problem

__all__ = ["Exploration", "Finding", "Problem", "explore"]
