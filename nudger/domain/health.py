"""Whether somebody has to look: a pure function of where everything stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from nudger.domain.controls import NO_CONTROLS, Controls

LONGEST_WITHOUT_SCAN = timedelta(minutes=20)


class Concern(Enum):
    """What somebody should know, the gravest first: its code, the exit code of `nudger status`,
    and its words. An exit code is never given another meaning."""

    SIGN_IN_REFUSED = "sign_in_refused", 10, "A sign-in is refused."
    NO_SCAN = "no_scan", 11, "No calendar was read for 20 minutes."
    WRITE_REFUSED = "write_refused", 12, "An answer cannot be written into a calendar."
    SET_ASIDE = "set_aside", 13, "A mail was set aside in the last day: nobody will try it again."
    LOCKED_DOWN = "locked_down", 14, "Everything is locked down by an admin."
    PAUSED = "paused", 15, "Sending is paused by an admin."
    UNREACHABLE = "unreachable", 16, "Mails to a rep came back: nothing is sent to them any more."
    FORGET_ASKED = "forget_asked", 17, "A rep asked to be forgotten: an admin decides."

    UNTOLD = "untold", 18, "Another system is not told any more, or a notice to one was given up."
    SETTINGS_WAIT = "settings_wait", 19, "nudger.toml was changed: it counts after a restart."
    BROKER_AWAY = "broker_away", 20, "The message broker does not answer: workers look themselves."
    DEAD_LETTERS = "dead_letters", 21, "A piece of work ended its worker again and again."
    TEMPLATE_BROKEN = "template_broken", 22, "A template of yours cannot be used: ours is sent."
    PAGES_DOWN = "pages_down", 23, "The process of the pages ended: nobody can open them."

    def __init__(self, code: str, exit_code: int, words: str) -> None:
        self.code = code
        self.exit_code = exit_code
        self.words = words

    @property
    def is_outage(self) -> bool:
        """Whether nothing is done that should be, rather than something in particular."""
        return self in (Concern.SIGN_IN_REFUSED, Concern.NO_SCAN)


ADVICE = {
    Concern.SIGN_IN_REFUSED: "Run `nudger doctor`; a rep's own account: `nudger connect`.",
    Concern.NO_SCAN: "Does a worker run? Then `nudger doctor`.",
    Concern.WRITE_REFUSED: "It is tried again; Health says which answer, and why not.",
    Concern.SET_ASIDE: "Look at the mails and replies on Health, and at the log.",
    Concern.LOCKED_DOWN: "`nudger lockdown --end` goes on.",
    Concern.PAUSED: "`nudger resume` goes on; with an address, for one rep.",
    Concern.UNREACHABLE: "Is the address right? Then `nudger resume` with it.",
    Concern.FORGET_ASKED: "`nudger forget` with their address, or talk to them.",
    Concern.UNTOLD: "`nudger webhooks list` says why; `nudger webhooks on` goes on.",
    Concern.SETTINGS_WAIT: "`nudger doctor`, then stop and start `nudger run`.",
    Concern.BROKER_AWAY: "Nothing is lost. Does RabbitMQ run, and is [celery] broker right?",
    Concern.DEAD_LETTERS: "Look at the log of the workers and at what `nudger status` says fails.",
    Concern.TEMPLATE_BROKEN: "`nudger doctor` and Health name the file and the line.",
    Concern.PAGES_DOWN: "The log of `nudger run` says how it ended; another is tried each minute.",
}
"""What to do about it, in a line."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where everything stands. `scanned` tells for each provider whose calendars are read when
    that last happened, or since when it should have. `unwritten` are notes that are refused or
    fail on, `set_aside` mails of the last day that are given up, `forget_asked` reps who want to be
    forgotten, `untold` receivers that are switched off and notices of the last day that are given
    up; `settings_wait` whether the settings' file says anything else than what this process works
    by; `template_broken` whether an own template makes no mail; `pages_down` whether pages are to
    be served, and their process ended. Without a message broker none is away."""

    scanned: Mapping[str, datetime]
    scan_every: timedelta = timedelta()
    sign_in_faults: int = 0
    unwritten: int = 0
    set_aside: int = 0
    forget_asked: int = 0
    untold: int = 0
    settings_wait: bool = False
    broker_answers: bool = True
    dead_letters: int = 0
    template_broken: bool = False
    pages_down: bool = False
    controls: Controls = NO_CONTROLS


def late_rounds(last: Mapping[str, datetime | None], now: datetime) -> tuple[str, ...]:
    """The rounds of a worker that did not go well lately; `None` is for never, or not since a
    failure."""
    oldest = now - LONGEST_WITHOUT_SCAN
    return tuple(name for name, at in last.items() if at is None or at < oldest)


def concerns(standing: Standing, now: datetime) -> tuple[Concern, ...]:
    """What somebody should know, the gravest first."""
    controls = standing.controls
    applies = {
        Concern.SIGN_IN_REFUSED: standing.sign_in_faults > 0,
        Concern.NO_SCAN: _is_scan_overdue(standing, now),
        Concern.WRITE_REFUSED: standing.unwritten > 0,
        Concern.SET_ASIDE: standing.set_aside > 0,
        Concern.LOCKED_DOWN: controls.is_locked,
        Concern.PAUSED: controls.is_paused or bool(controls.paused_reps),
        Concern.UNREACHABLE: bool(controls.unreachable_reps),
        Concern.FORGET_ASKED: standing.forget_asked > 0,
        Concern.UNTOLD: standing.untold > 0,
        Concern.SETTINGS_WAIT: standing.settings_wait,
        Concern.BROKER_AWAY: not standing.broker_answers,
        Concern.DEAD_LETTERS: standing.dead_letters > 0,
        Concern.TEMPLATE_BROKEN: standing.template_broken,
        Concern.PAGES_DOWN: standing.pages_down,
    }
    return tuple(concern for concern in Concern if applies[concern])


def _is_scan_overdue(standing: Standing, now: datetime) -> bool:
    longest = max(LONGEST_WITHOUT_SCAN, 2 * standing.scan_every)
    return any(now - at > longest for at in standing.scanned.values())
