"""What `nudger try` found, as one page that needs no other file, and as one object for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nudger.domain.reasons import Reason
from nudger.ics.occurrences import Dates
from nudger.ics.trial import Judged, TrialRules, count_unlisted
from nudger.mail.display import display_text
from nudger.mail.template_cache import templates_for

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole trial: of which time, what was judged, and what was read of the files."""

    rules: TrialRules
    window: tuple[datetime, datetime]
    judged: Sequence[Judged]
    dates: Dates

    @property
    def asked(self) -> list[Judged]:
        return [one for one in self.judged if one.verdict.asks]

    @property
    def too_late(self) -> int:
        return sum(one.verdict.reason is Reason.TOO_LATE for one in self.judged)

    @property
    def notes(self) -> list[str]:
        """What was assumed, then what was left out."""
        return [*self.dates.assumptions(self.rules.zone.key), *self.dates.problems]

    def rows(self) -> list[dict[str, Any]]:
        """The events for scripts, each with what was assumed of its zone."""
        return [{**one.as_json(), "assumed": self._assumed(one)} for one in self.judged]

    def _assumed(self, one: Judged) -> list[str]:
        found = self.dates.assumed.get(one.event.ical_uid, [])
        return [assumption.text(1, self.rules.zone.key) for assumption in found]

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts."""
        return {
            "me": self.rules.me,
            "since": self.window[0].isoformat(),
            "until": self.window[1].isoformat(),
            "time_zone": self.rules.zone.key,
            "asked": len(self.asked),
            "too_late": self.too_late,
            "not_asked": len(self.judged) - len(self.asked) - self.too_late,
            "assumed": self.dates.assumptions(self.rules.zone.key),
            "problems": self.dates.problems,
            "unlisted": [
                {"domain": domain, "meetings": count}
                for domain, count in count_unlisted(self.judged)
            ],
            "events": self.rows(),
        }


def trial_page(trial: Trial) -> str:
    """The page's HTML; what strangers wrote is shown as text."""
    values = {
        "me": trial.rules.me,
        "since": f"{trial.window[0].astimezone(trial.rules.zone):%d %B %Y}",
        "until": f"{trial.window[1].astimezone(trial.rules.zone):%d %B %Y}",
        "zone": trial.rules.zone.key,
        "asked": len(trial.asked),
        "too_late": trial.too_late,
        "others": len(trial.judged) - len(trial.asked) - trial.too_late,
        "notes": [display_text(line, 300) for line in trial.notes],
        "unlisted": count_unlisted(trial.judged),
        "rows": [_row(one, trial.rules) for one in trial.judged],
    }
    return templates_for(None, "en").render("calendar_trial.html.j2", values)


def _row(one: Judged, rules: TrialRules) -> dict[str, Any]:
    return {
        "start": f"{one.event.start.astimezone(rules.zone):%a %d %b %Y, %H:%M}",
        "title": display_text(one.event.title, LONGEST_TITLE) or "(no title)",
        "asks": one.verdict.asks,
        "why": one.verdict.reason.words,
        "customer": ", ".join(one.verdict.customers),
        "at": ", ".join(f"{at.astimezone(rules.zone):%a %d %b, %H:%M}" for at in one.ask_at),
        "lookalike": one.verdict.lookalike,
    }
