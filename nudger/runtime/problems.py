"""The problems that an admin can mend; whoever shows them needs one line, not a traceback."""

from __future__ import annotations

from nudger.providers.base import ProviderError
from nudger.store.database import DatabaseProblem
from nudger.store.vault import KeyProblem, SealBroken

EXPECTED_PROBLEMS = (ProviderError, DatabaseProblem, KeyProblem, SealBroken)
