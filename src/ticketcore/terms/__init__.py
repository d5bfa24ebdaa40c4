from ticketcore.terms._difference import ChangedTerm, policy_differences
from ticketcore.terms._terms import Term, policy_terms

__all__ = ["ChangedTerm", "Term", "policy_differences", "policy_terms"]
