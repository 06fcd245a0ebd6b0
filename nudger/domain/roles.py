"""What somebody may do who is no rep: the roles of the console and of the manager's page."""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """An admin sees and changes everything. An auditor sees it and changes nothing. A manager sees
    the calls of the reps who were told of it, and nothing of the console."""

    ADMIN = "admin"
    MANAGER = "manager"
    AUDITOR = "auditor"


READERS = frozenset({Role.ADMIN, Role.AUDITOR})
"""Who sees the console's pages."""
ADMINS = frozenset({Role.ADMIN})
