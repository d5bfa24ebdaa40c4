from ticketcore.policies._checks._notifications import TEMPLATE_CHECKS
from ticketcore.policies._checks._policy import check_policy
from ticketcore.policies._checks._possible_mistakes import possible_mistakes

__all__ = ["TEMPLATE_CHECKS", "check_policy", "possible_mistakes"]
