"""Looking at everything that Nudger needs, one line each: it works, or what to do.

What this machine alone tells comes first (`doctor_local`), then what each provider says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from nudger.admin.doctor_checks import Check, Group, examine, not_tried
from nudger.admin.doctor_dmarc import check_dmarc
from nudger.admin.doctor_local import CONFIGURATION, LOCAL, WRONG_KEY, Examined
from nudger.admin.doctor_microsoft import APP, check_microsoft
from nudger.admin.doctor_push_way import check_push_way
from nudger.admin.doctor_systems import SYSTEMS
from nudger.admin.rep_sync import Group as DirectoryGroup
from nudger.admin.rep_sync import configured_groups
from nudger.domain.availability import RepState
from nudger.domain.domains import PartyKind
from nudger.domain.event import Provider
from nudger.domain.tenancy import Seat, why_from_outside
from nudger.domain.working_hours import NO_CALENDAR_HOURS
from nudger.providers.base import AccessDenied, Calendar, ProviderError, Window
from nudger.providers.microsoft.auth import OPTIONAL_PERMISSION
from nudger.runtime.context import Context
from nudger.runtime.policies import for_rep, load_domain_rules
from nudger.runtime.txt_records import find_txt
from nudger.store.controls import read_controls
from nudger.store.people import Rep
from nudger.store.vault import SealBroken

SHORT_WAIT = timedelta(hours=1)


def diagnose(file: Path) -> Iterator[Check]:
    """Every check of an installation whose settings are in this file, as it is made; without the
    file there is nothing to look at."""
    found = Examined(file)
    groups = (*LOCAL, *REMOTE) if file.exists() else (CONFIGURATION,)
    try:
        yield from examine(groups, found)
    finally:
        found.close()


def check_start(file: Path) -> list[Check]:
    """What keeps `nudger run` from starting: faults of the installation itself. No provider is
    asked, since what one says may pass by waiting."""
    found = Examined(file)
    try:
        return [check for check in examine(LOCAL, found) if check.fails]
    finally:
        found.close()


def _unreachable(found: Examined) -> Iterator[Check]:
    """Nothing where mails reach everybody."""
    with found.opened_database.read() as tx:
        unreachable = read_controls(tx).unreachable_reps
    for rep in found.reps:
        if rep.id in unreachable:
            says = f"mails come back: mend the address, then nudger resume {rep.email}"
            yield Check(f"mail to {rep.email}", ok=False, says=says)


def _senders(found: Examined) -> Iterator[Check]:
    """In the personal mode reps answer from within their own mailbox, and no domain is asked."""
    if found.settings.mode == "organization":
        addresses = (address for rep in found.reps for address in rep.addresses)
        yield from check_dmarc({one.rpartition("@")[2] for one in addresses}, find_txt)


def _from_outside(found: Examined) -> Iterator[Check]:
    """One line for each way in which mail reaches reps from outside of their organization."""
    ctx = found.context()
    told = set[str]()
    for rep in found.reps:
        why = outside_of(ctx, rep)
        asks = ctx.accounts.mailbox_for(rep)
        if why is not None and (line := f"{asks} {rep.provider}") not in told:
            told.add(line)
            yield Check(f"mail to {rep.provider}", ok=True, says=why, warns=True)


def outside_of(ctx: Context, rep: Rep) -> str | None:
    """Why the mailbox that asks this rep is not in the rep's own organization, else `None`."""
    if ctx.settings.mode == "personal":
        return None
    address = ctx.accounts.mailbox_for(rep)
    at_microsoft = address == ctx.settings.microsoft.mailbox
    asks = Seat(address, Provider.MICROSOFT if at_microsoft else Provider.GOOGLE)
    with ctx.database.read() as tx:
        rules = load_domain_rules(tx, ctx.settings)

    def is_ours(one: str) -> bool:
        return rules.classify(one).kind is PartyKind.OURS

    return why_from_outside(asks, Seat(rep.email, rep.provider), is_ours)


def _microsoft(found: Examined) -> Iterator[Check]:
    on_outlook = any(rep.provider is Provider.MICROSOFT for rep in found.reps)
    if not on_outlook or found.settings.mode == "personal":
        return
    out_of_reach = found.settings.microsoft.out_of_reach
    for check in check_microsoft(found.accounts().microsoft, out_of_reach):
        if check.what == APP and not check.ok:
            found.refused[Provider.MICROSOFT] = f"{APP} fails: {check.says}"
        yield check


def _mailboxes(found: Examined) -> Iterator[Check]:
    ctx = found.context()
    seats = {ctx.accounts.mailbox_for(rep): rep.provider for rep in _active(found)}
    if found.settings.mode == "organization":
        at_microsoft = found.settings.microsoft.mailbox
        seats = {
            one: Provider.MICROSOFT if one == at_microsoft else Provider.GOOGLE for one in seats
        }
    for address in sorted(seats):
        look = partial(_look_into_mailbox, ctx, address)
        yield _probe(found, f"mailbox {address}", seats[address], look)


def _calendars(found: Examined) -> Iterator[Check]:
    ctx, active = found.context(), _active(found)
    for rep in active:
        look = partial(_look_into_calendar, ctx, rep)
        yield _probe(found, f"calendar {rep.email}", rep.provider, look)
    for rep in found.reps:
        if rep not in active:
            says = rep.state_reason or "reconnect"
            yield Check(f"calendar {rep.email}", ok=False, says=says)


def _active(found: Examined) -> list[Rep]:
    """Without those who must connect anew before anything can be probed."""
    if found.settings.mode == "organization":
        return found.reps
    return [rep for rep in found.reps if rep.state is not RepState.RECONNECT]


def _probe(found: Examined, what: str, provider: Provider, look: Callable[[], str]) -> Check:
    if provider in found.refused:
        return not_tried(what, found.refused[provider])
    try:
        return Check(what, ok=True, says=look())
    except ProviderError as error:
        return Check(what, ok=False, says=str(error))
    except SealBroken as problem:
        return Check(what, ok=False, says=f"{problem}. {WRONG_KEY}")


def _look_into_mailbox(ctx: Context, address: str) -> str:
    for _ in ctx.accounts.mailbox(address).arrivals(None):
        pass
    return "can be read and written"


def _look_into_calendar(ctx: Context, rep: Rep) -> str:
    now, calendar = ctx.clock(), ctx.accounts.calendar(rep)
    for _ in calendar.peek(Window(now, now + SHORT_WAIT)):
        pass
    return f"can be read; {_hours_seen(ctx, rep, calendar)}"


def _hours_seen(ctx: Context, rep: Rep, calendar: Calendar) -> str:
    """The hours as a scan would have them now, each part with where it is from."""
    known = for_rep(ctx.settings, rep)
    if not known.asks_calendar_for_hours:
        return str(known.hours)
    told, hint = rep.calendar_hours, ""
    try:
        told = calendar.calendar_hours()
    except AccessDenied:
        told, hint = NO_CALENDAR_HOURS, f"; with {OPTIONAL_PERMISSION} Outlook would tell them"
    except ProviderError as error:
        hint = f"; Outlook does not tell them now: {error}"
    return f"{replace(known, rep=replace(rep, calendar_hours=told)).hours}{hint}"


def _groups(found: Examined) -> Iterator[Check]:
    """Where reps come from a group: whether its members can be read."""
    ctx = found.context()
    for group in configured_groups(found.settings):
        look = partial(_look_into_group, ctx, group)
        yield _probe(found, f"group {group.name}", group.provider, look)


def _look_into_group(ctx: Context, group: DirectoryGroup) -> str:
    members = ctx.accounts.directory(group.provider).members(group.name)
    return f"can be read: {len(members)} people; nudger reps sync --dry-run shows them"


def _of_system(group: Group[Context]) -> Group[Examined]:
    def look(found: Examined) -> Iterator[Check]:
        yield from group.look(found.context())

    return Group(group.what, look, ("sealed data",))


def _push_way(found: Examined) -> Iterator[Check]:
    yield from check_push_way(found.context())


_TO_MAIL = ("sealed data", "credentials in use", "asking mailbox", "reps")
REMOTE: tuple[Group[Examined], ...] = (
    Group("mails that come back", _unreachable, ("reps",)),
    Group("DMARC", _senders, ("reps",)),
    Group("mail from outside", _from_outside, _TO_MAIL),
    Group("sign-in", _microsoft, ("sealed data", "credentials in use", "reps")),
    Group("mailboxes", _mailboxes, _TO_MAIL),
    Group("groups of reps", _groups, ("sealed data", "credentials in use")),
    *map(_of_system, SYSTEMS),
    Group("way of pushes", _push_way, _TO_MAIL),
    Group("calendars", _calendars, ("sealed data", "credentials in use", "reps")),
)
