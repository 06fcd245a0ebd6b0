"""Looking at everything that Nudger needs, one line each: it works, or what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from nudger.admin.check import Check
from nudger.admin.doctor_dmarc import check_dmarc
from nudger.admin.doctor_microsoft import check_microsoft
from nudger.admin.samples import SAMPLES, sample
from nudger.domain.availability import RepState
from nudger.domain.domains import DomainKind, foreign_domain
from nudger.domain.event import Provider
from nudger.domain.working_hours import NO_CALENDAR_HOURS
from nudger.mail.templates import TemplateProblem, languages_of, templates_for
from nudger.providers.base import AccessDenied, Calendar, ProviderError, Window
from nudger.providers.microsoft.auth import OPTIONAL_PERMISSION
from nudger.runtime.accounts import ConfiguredAccounts
from nudger.runtime.context import Context
from nudger.runtime.policies import Rules, for_rep, listed_milestones, load_rules
from nudger.runtime.txt_records import find_txt
from nudger.store import people
from nudger.store.controls import read_controls
from nudger.store.people import Rep

SHORT_WAIT = timedelta(hours=1)


def diagnose(ctx: Context) -> Iterator[Check]:
    """Everything behind the configuration: people, templates, and each endpoint."""
    with ctx.database.read() as tx:
        reps = people.list_reps(tx)
        kinds = set(people.list_domains(tx).values())
        rules = load_rules(tx, ctx.settings)
    yield _check_domains(kinds, rules)
    yield _check_reps(reps)
    yield from _check_addresses(rules, reps)
    yield from _check_unreachable(ctx, reps)
    yield from _check_teams(ctx, reps)
    yield _check_templates(ctx, reps)
    held = [rep for rep in reps if _is_held(ctx, rep)]
    active = [rep for rep in reps if rep not in held]
    yield from _check_microsoft(ctx, active)
    yield from _check_senders(ctx, reps)
    for address in sorted(_mailboxes(ctx, active)):
        yield _probe(f"mailbox {address}", lambda a=address: _probe_mailbox(ctx, a))  # type: ignore[misc]
    for rep in active:
        yield _probe(f"calendar {rep.email}", lambda r=rep: _probe_calendar(ctx, r))  # type: ignore[misc]
    for rep in held:
        yield Check(f"calendar {rep.email}", ok=False, says=rep.state_reason or "reconnect")


def _is_held(ctx: Context, rep: Rep) -> bool:
    """Whether the rep must connect anew before anything can be probed."""
    return rep.state is RepState.RECONNECT and ctx.settings.mode == "personal"


def _check_microsoft(ctx: Context, reps: list[Rep]) -> Iterator[Check]:
    on_outlook = any(rep.provider is Provider.MICROSOFT for rep in reps)
    by_app = ctx.settings.mode == "organization"
    if on_outlook and by_app and isinstance(ctx.accounts, ConfiguredAccounts):
        out_of_reach = ctx.settings.microsoft.out_of_reach
        yield from check_microsoft(ctx.accounts.microsoft, out_of_reach)


def _check_senders(ctx: Context, reps: list[Rep]) -> Iterator[Check]:
    """In the personal mode reps answer from within their own mailbox, and no domain is asked."""
    if ctx.settings.mode == "organization":
        addresses = (address for rep in reps for address in rep.addresses)
        yield from check_dmarc({one.rpartition("@")[2] for one in addresses}, find_txt)


def _check_domains(kinds: set[str], rules: Rules) -> Check:
    if DomainKind.OURS.value in kinds:
        return Check("domains", ok=True, says="ours are listed")
    implied = ", ".join(sorted(rules.policies[None].rules.own_domains))
    if implied:
        return Check("domains", ok=True, says=f"none is listed as ours: the reps' count, {implied}")
    return Check("domains", ok=False, says="none is ours: nudger domains add ours yourcompany.com")


def _check_addresses(rules: Rules, reps: list[Rep]) -> Iterator[Check]:
    """Nothing where every rep is at a domain of ours."""
    for rep in reps:
        if domain := foreign_domain(rules.judging(rep).rules, rep.email):
            says = (
                f"{domain} is not listed as yours, so that colleagues there count as customers: "
                f"nudger domains add ours {domain}, or nudger reps remove {rep.email}"
            )
            yield Check(f"domain of {rep.email}", ok=False, says=says)


def _check_reps(reps: list[Rep]) -> Check:
    if reps:
        return Check("reps", ok=True, says=f"{len(reps)} watched")
    return Check("reps", ok=False, says="nobody is watched: nudger reps add you@yourcompany.com")


def _check_unreachable(ctx: Context, reps: list[Rep]) -> Iterator[Check]:
    """Nothing where mails reach everybody."""
    with ctx.database.read() as tx:
        unreachable = read_controls(tx).unreachable_reps
    for rep in reps:
        if rep.id in unreachable:
            says = f"mails come back: mend the address, then nudger resume {rep.email}"
            yield Check(f"mail to {rep.email}", ok=False, says=says)


def _check_teams(ctx: Context, reps: list[Rep]) -> Iterator[Check]:
    """Nothing where no team is used."""
    names = [team.name for team in ctx.settings.teams]
    unknown = sorted({rep.team for rep in reps if rep.team} - set(names))
    if unknown:
        lost = ", ".join(rep.email for rep in reps if rep.team in unknown)
        says = f"{', '.join(unknown)} is not in nudger.toml, but has {lost}: they are in no team"
        yield Check("teams", ok=False, says=says)
    elif names:
        counts = (f"{name} {sum(rep.team == name for rep in reps)}" for name in names)
        yield Check("teams", ok=True, says=", ".join(counts))


def _check_templates(ctx: Context, reps: list[Rep]) -> Check:
    folder = ctx.settings.templates
    if folder is not None and not folder.is_dir():
        return Check("templates", ok=False, says=f"{folder} is not a folder")
    own = [rep.language for rep in reps] + [team.language for team in ctx.settings.teams]
    languages = sorted({ctx.settings.language, *(language for language in own if language)})
    known = languages_of(folder)
    try:
        for language in languages:
            if language not in known:
                says = f"there are no mails in {language!r}: write {language}.po in your templates"
                return Check(
                    "templates", ok=False, says=f"{says} folder, or use {', '.join(known)}"
                )
            for kind in SAMPLES:
                templates = templates_for(folder, language)
                sample(kind, templates, listed_milestones(ctx.settings), ctx.clock())
    except TemplateProblem as problem:
        return Check("templates", ok=False, says=str(problem))
    return Check("templates", ok=True, says=str(folder) if folder else "the ones that ship")


def _mailboxes(ctx: Context, reps: list[Rep]) -> set[str]:
    try:
        return {ctx.accounts.mailbox_for(rep) for rep in reps}
    except ProviderError:
        return set()


def _probe(what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what, ok=True, says=look())
    except ProviderError as error:
        return Check(what, ok=False, says=str(error))


def _probe_mailbox(ctx: Context, address: str) -> str:
    for _ in ctx.accounts.mailbox(address).arrivals(None):
        pass
    return "can be read and written"


def _probe_calendar(ctx: Context, rep: Rep) -> str:
    ctx.accounts.mailbox_for(rep)
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
