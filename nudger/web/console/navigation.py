"""The sections of the console, in the order of the navigation. A new one is a line here."""

from __future__ import annotations

from nudger.web.console.audit import AUDIT
from nudger.web.console.domains import DOMAINS
from nudger.web.console.health import HEALTH
from nudger.web.console.meetings import MEETINGS
from nudger.web.console.milestones import MILESTONES
from nudger.web.console.overview import OVERVIEW
from nudger.web.console.policy import POLICY
from nudger.web.console.reps import REPS
from nudger.web.console.section import Section
from nudger.web.console.setup import SETUP
from nudger.web.console.systems import SYSTEMS
from nudger.web.console.templates import TEMPLATES

SECTIONS: tuple[Section, ...] = (
    OVERVIEW,
    MEETINGS,
    DOMAINS,
    REPS,
    MILESTONES,
    TEMPLATES,
    POLICY,
    SYSTEMS,
    HEALTH,
    AUDIT,
    SETUP,
)

UPLOADS = frozenset(f"{section.path}/{path}" for section in SECTIONS for path in section.uploads)
"""The paths that take a file."""
