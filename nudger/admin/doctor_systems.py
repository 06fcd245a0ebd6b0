"""What of other systems is set up, one line each: for `nudger doctor` and the console alike."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from nudger.admin.doctor_checks import Check, Group
from nudger.admin.doctor_google_addon import check_google_addon
from nudger.admin.doctor_outlook_addin import check_outlook_addin
from nudger.admin.doctor_push import check_push
from nudger.admin.doctor_receivers import check_receivers, check_teams
from nudger.admin.doctor_slack import check_asked_in_slack, check_slack
from nudger.runtime.context import Context

PATIENCE_SECONDS = 6.0
"""How long a page waits for all of them together."""


def _slack(ctx: Context) -> Iterator[Check]:
    yield from check_slack(ctx.settings.slack)
    yield from check_asked_in_slack(ctx)


def _google_addon(ctx: Context) -> Iterator[Check]:
    yield from check_google_addon(ctx.settings)


def _outlook_addin(ctx: Context) -> Iterator[Check]:
    yield from check_outlook_addin(ctx.settings)


SYSTEMS: tuple[Group[Context], ...] = (
    Group("push", check_push),
    Group("slack", _slack),
    Group("google add-on", _google_addon),
    Group("outlook add-in", _outlook_addin),
    Group("teams channels", check_teams),
    Group("webhooks and CRMs", check_receivers),
)


def check_systems(ctx: Context, patience_seconds: float = PATIENCE_SECONDS) -> list[Check]:
    """All of them, at once; whoever has not answered by then is said to be slow."""
    looks = [_Look(group, ctx) for group in SYSTEMS]
    ends = time.monotonic() + patience_seconds
    return [check for look in looks for check in look.wait(max(0.0, ends - time.monotonic()))]


class _Look:
    """One group, looked at in a thread that nobody has to wait for."""

    def __init__(self, group: Group[Context], ctx: Context) -> None:
        self._what = group.what
        self._found: list[Check] = []
        self._is_done = threading.Event()
        look: Callable[[Context], Iterator[Check]] = group.look
        threading.Thread(target=self._run, args=(look, ctx), daemon=True).start()

    def _run(self, look: Callable[[Context], Iterator[Check]], ctx: Context) -> None:
        try:
            for check in look(ctx):
                self._found.append(check)
        except Exception as error:
            self._found.append(Check(self._what, ok=False, says=type(error).__name__))
        self._is_done.set()

    def wait(self, seconds: float) -> list[Check]:
        if self._is_done.wait(seconds):
            return self._found
        says = "does not answer so soon: nudger doctor waits longer"
        return [*self._found, Check(self._what, ok=False, says=says, may_pass=True)]
