from ticketcore.policies._checks._notifications import TEMPLATE_CHECKS
from ticketcore.policies._checks._policy import check_policy

__all__ = ["TEMPLATE_CHECKS", "check_policy"]
