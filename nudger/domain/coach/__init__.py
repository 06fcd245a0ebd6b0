"""Is it a Commitment Objective, why, and what would sharpen it?"""

from nudger.domain.coach.advice import DEFAULT_ACT, Advice, coach
from nudger.domain.coach.explanations import Finding
from nudger.domain.coach.kinds import Kind

__all__ = ["DEFAULT_ACT", "Advice", "Finding", "Kind", "coach"]
