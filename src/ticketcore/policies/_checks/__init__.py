from ticketcore.policies._checks._notifications import TEMPLATE_CHECKS
from ticketcore.policies._checks._policy import check_policy
from ticketcore.policies._checks._possible_mistakes import (
    resumed_by_values,
    unrecorded_after_closing,
)

__all__ = ["TEMPLATE_CHECKS", "check_policy", "resumed_by_values", "unrecorded_after_closing"]
