from ticketcore.policies._checks._policy import check_policy

__all__ = ["check_policy"]
