"""What can be known on this machine alone: configuration, key, database, credentials, people.

Without these nothing works, whatever Google or Microsoft say; so `nudger run` does not start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from nudger.admin.console_account import client_secret_of
from nudger.admin.doctor_checks import Check, Group, examine
from nudger.admin.secret_files import readable_by_others, unedited
from nudger.admin.template_faults import languages_in_use, template_faults
from nudger.config import ConfigProblem, Settings, load_settings
from nudger.config.loading import secrets_in
from nudger.domain.domains import DomainKind, foreign_domain
from nudger.domain.event import Provider
from nudger.mail.templates import languages_of
from nudger.providers.base import ProviderError
from nudger.providers.google.delegation import described
from nudger.providers.openid import SignInRefused
from nudger.runtime.accounts import ConfiguredAccounts, open_accounts
from nudger.runtime.chat_tokens import with_kept_tokens
from nudger.runtime.consents import connect_command, consent_name
from nudger.runtime.context import Context, current_time
from nudger.runtime.google_accounts import google_credentials_in
from nudger.runtime.policies import load_rules
from nudger.store import people
from nudger.store.data_keys import opens, use_data_keys
from nudger.store.database import Database, DatabaseProblem
from nudger.store.people import Rep
from nudger.store.secrets import Secrets
from nudger.store.vault import KeyProblem, SealBroken, Vault, load_vault

WRONG_KEY = "It is not the key that this database was sealed with: put the right one back."
SHIPPED_STANDS_IN = "Until it is mended, mails are written by the one that ships."
NO_MAILBOX = (
    "none is set: nudger init --mailbox nudger@yourcompany.com, or `mailbox` under [google] or "
    "[microsoft] in nudger.toml"
)
NO_KEY_ALLOWED = (
    "Where your organization forbids keys of service accounts, use none: "
    "docs/setup-google.md#without-a-key."
)


@dataclass
class Examined:
    """What the checks before have opened, for those after them; `close` it at the end."""

    file: Path
    settings: Settings = field(init=False)
    vault: Vault = field(init=False)
    database: Database | None = field(init=False, default=None)
    reps: list[Rep] = field(default_factory=list)
    refused: dict[Provider, str] = field(default_factory=dict)
    """The providers that give no token, each with the check that found it and what it said."""

    @property
    def opened_database(self) -> Database:
        assert self.database is not None  # noqa: S101 - groups that use it need it
        return self.database

    def context(self) -> Context:
        """What a job is given, once everything here is well."""
        return Context(self.settings, self.opened_database, self.vault, self.accounts())

    def accounts(self) -> ConfiguredAccounts:
        return open_accounts(self.settings, self.opened_database, self.vault, current_time)

    def close(self) -> None:
        if self.database is not None:
            self.database.close()


def _configuration(found: Examined) -> Iterator[Check]:
    try:
        found.settings = load_settings(found.file)
    except ConfigProblem as problem:
        for line in str(problem).splitlines():
            yield Check("configuration", ok=False, says=line)
        return
    says = f"{found.file}, answers go to: {found.settings.write_back}"
    yield Check("configuration", ok=True, says=says)


def _key(found: Examined) -> Iterator[Check]:
    settings = found.settings
    by_command = not settings.key and settings.key_command is not None
    try:
        found.vault = load_vault(settings.key, settings.key_file, settings.key_command)
    except KeyProblem as problem:
        yield Check("key", ok=False, says=str(problem), may_pass=by_command)
        return
    yield Check("key", ok=True, says=_key_from(settings))


def _key_from(settings: Settings) -> str:
    if settings.key:
        return "from the environment"
    return "from key_command" if settings.key_command else str(settings.key_file)


def _database(found: Examined) -> Iterator[Check]:
    try:
        found.database = Database(found.settings.database)
        found.database.upgrade()
    except DatabaseProblem as problem:
        yield Check("database", ok=False, says=str(problem), may_pass=problem.may_pass)
        return
    shown = found.database.engine.url.render_as_string(hide_password=True)
    yield Check("database", ok=True, says=shown)


def _sealed_data(found: Examined) -> Iterator[Check]:
    """Nothing where the key opens what is in the database."""
    database = found.opened_database
    try:
        use_data_keys(found.vault, database, current_time())
        with database.read() as tx:
            fits = opens(tx, found.vault) is not False
            found.settings = with_kept_tokens(found.settings, Secrets(found.vault), tx)
    except SealBroken:
        fits = False
    if not fits:
        yield Check("key", ok=False, says=WRONG_KEY)


def _credentials(found: Examined) -> Iterator[Check]:
    file = found.settings.credentials
    try:
        content = google_credentials_in(found.settings)
    except ProviderError as problem:
        at_google = found.settings.google.mailbox or not found.settings.microsoft.mailbox
        hint = f" {NO_KEY_ALLOWED}" if at_google and not file.exists() else ""
        yield Check("credentials", ok=False, says=f"{problem}{hint}")
        return
    left = list(unedited(content))
    if left:
        says = f"{file} is not filled in: {', '.join(left)}. Remove what you do not use."
        yield Check("credentials", ok=False, says=says)
        return
    shown = described(content, found.settings.google.sign_as)
    yield Check("credentials", ok=True, says=f"{file}: {shown}" if content else shown)


def _rights(found: Examined) -> Iterator[Check]:
    """Whether the files with secrets in them are the owner's alone."""
    files = [found.settings.key_file, found.settings.credentials, *_database_file(found.settings)]
    open_to_others = [str(file) for file in files if readable_by_others(file)]
    if open_to_others:
        says = f"others can read them: chmod 600 {' '.join(open_to_others)}"
        yield Check("file rights", ok=False, says=says)
        return
    yield Check("file rights", ok=True, says="key, credentials and database are yours alone")
    told = secrets_in(found.file) if readable_by_others(found.file) else []
    if told:
        says = f"others can read {', '.join(dict.fromkeys(told))} there: chmod 600 {found.file}"
        yield Check("settings file", ok=True, says=says, warns=True)


def _database_file(settings: Settings) -> Iterator[Path]:
    try:
        url = make_url(settings.database)
    except ArgumentError:
        return
    if url.get_backend_name() == "sqlite" and url.database:
        yield Path(url.database)


def _asking_mailbox(found: Examined) -> Iterator[Check]:
    settings = found.settings
    if settings.mode == "personal":
        yield Check("asking mailbox", ok=True, says="each rep's own")
        return
    shared = [one for one in (settings.google.mailbox, settings.microsoft.mailbox) if one]
    says = " and ".join(shared) or NO_MAILBOX
    yield Check("asking mailbox", ok=bool(shared), says=says)


def _domains(found: Examined) -> Iterator[Check]:
    with found.opened_database.read() as tx:
        kinds = set(people.list_domains(tx).values())
        rules = load_rules(tx, found.settings)
    if DomainKind.OURS.value in kinds:
        yield Check("domains", ok=True, says="ours are listed")
        return
    implied = ", ".join(sorted(rules.policies[None].rules.own_domains))
    told = f"none is listed as ours: the reps' count, {implied}"
    missing = "none is ours: nudger domains add ours yourcompany.com"
    yield Check("domains", ok=bool(implied), says=told if implied else missing)


def _reps(found: Examined) -> Iterator[Check]:
    with found.opened_database.read() as tx:
        found.reps = people.list_reps(tx)
    count = len(found.reps)
    says = f"{count} watched" if count else "nobody is watched: nudger reps add you@yourcompany.com"
    yield Check("reps", ok=bool(count), says=says)


def _rep_domains(found: Examined) -> Iterator[Check]:
    """Nothing where every rep is at a domain of ours."""
    with found.opened_database.read() as tx:
        rules = load_rules(tx, found.settings)
    for rep in found.reps:
        if domain := foreign_domain(rules.judging(rep).rules, rep.email):
            says = (
                f"{domain} is not listed as yours, so that colleagues there count as customers: "
                f"nudger domains add ours {domain}, or nudger reps remove {rep.email}"
            )
            yield Check(f"domain of {rep.email}", ok=False, says=says)


def _teams(found: Examined) -> Iterator[Check]:
    """Nothing where no team is used."""
    names = [team.name for team in found.settings.teams]
    unknown = sorted({rep.team for rep in found.reps if rep.team} - set(names))
    if unknown:
        lost = ", ".join(rep.email for rep in found.reps if rep.team in unknown)
        says = f"{', '.join(unknown)} is not in nudger.toml, but has {lost}: they are in no team"
        yield Check("teams", ok=False, says=says)
    elif names:
        counts = (f"{name} {sum(rep.team == name for rep in found.reps)}" for name in names)
        yield Check("teams", ok=True, says=", ".join(counts))


def _usable(found: Examined) -> Iterator[Check]:
    """Nothing where the credentials file has what each provider of our reps needs."""
    accounts = found.accounts()
    for provider in sorted({rep.provider for rep in found.reps}):
        try:
            accounts.require_credentials(provider)
        except ProviderError as problem:
            hint = f" {NO_KEY_ALLOWED}" if provider is Provider.GOOGLE else ""
            yield Check(f"credentials {provider}", ok=False, says=f"{problem}{hint}")


def _consents(found: Examined) -> Iterator[Check]:
    """Nothing in the organization's mode. One rep who is connected is enough to begin."""
    if found.settings.mode == "organization" or not found.reps:
        return
    secrets = Secrets(found.vault)
    with found.opened_database.read() as tx:
        names = secrets.names(tx)
    missing = [rep for rep in found.reps if consent_name(rep.provider, rep.email) not in names]
    yield from _admin_consent(found, missing)
    if len(missing) == len(found.reps):
        command = connect_command(missing[0].provider, missing[0].email)
        yield Check("consents", ok=False, says=f"nobody has connected yet: {command}")
        return
    says = f"{len(found.reps) - len(missing)} of {len(found.reps)} connected"
    yield Check("consents", ok=True, says=says)


def _admin_consent(found: Examined, missing: Sequence[Rep]) -> Iterator[Check]:
    """Nothing where nobody at Microsoft has yet to consent."""
    if any(rep.provider is Provider.MICROSOFT for rep in missing):
        try:
            link = found.accounts().microsoft.admin_consent
        except ProviderError:
            return
        says = f'where Microsoft says "Need admin approval", an admin opens {link}'
        yield Check("admin consent", ok=True, says=says, warns=True)


def _templates(found: Examined) -> Iterator[Check]:
    folder = found.settings.templates
    if folder is not None and not folder.is_dir():
        yield Check("templates", ok=False, says=f"{folder} is not a folder")
        return
    missing = _unwritten(found, folder)
    if missing is not None:
        yield Check("templates", ok=False, says=missing)
        return
    broken = template_faults(found.settings, found.reps)
    for says in broken:
        yield Check("templates", ok=True, says=f"{says} {SHIPPED_STANDS_IN}", warns=True)
    if not broken:
        yield Check("templates", ok=True, says=str(folder) if folder else "the ones that ship")


def _unwritten(found: Examined, folder: Path | None) -> str | None:
    """What is missing for a language in use."""
    known = languages_of(folder)
    for language in languages_in_use(found.settings, found.reps):
        if language not in known:
            says = f"there are no mails in {language!r}: write {language}.po in your templates"
            return f"{says} folder, or use {', '.join(known)}"
    return None


def _console(found: Examined) -> Iterator[Check]:
    """Nothing where admins come in by a code alone."""
    settings = found.settings
    if settings.console.provider is None:
        return
    try:
        client_secret_of(settings)
    except SignInRefused as problem:
        yield Check("console", ok=True, says=str(problem), warns=True)
        return
    yield Check("console", ok=True, says=f"sign-in with {settings.console.provider.title()}")


CONFIGURATION = Group("configuration", _configuration)
LOCAL: tuple[Group[Examined], ...] = (
    CONFIGURATION,
    Group("key", _key, ("configuration",)),
    Group("database", _database, ("configuration",)),
    Group("sealed data", _sealed_data, ("key", "database")),
    Group("credentials", _credentials, ("configuration",)),
    Group("file rights", _rights, ("configuration",)),
    Group("asking mailbox", _asking_mailbox, ("configuration",)),
    Group("domains", _domains, ("database",)),
    Group("reps", _reps, ("database",)),
    Group("reps' domains", _rep_domains, ("reps",)),
    Group("teams", _teams, ("database",)),
    Group("templates", _templates, ("database",)),
    Group("credentials in use", _usable, ("sealed data", "credentials")),
    Group("consents", _consents, ("sealed data",)),
    Group("console", _console, ("configuration",)),
)
OPENED_ALREADY = frozenset({"configuration", "key", "database", "sealed data"})
"""What a process has found well that works."""


def check_running(ctx: Context) -> Iterator[Check]:
    """The same for a process that works: what may have changed since it began."""
    found = Examined(ctx.settings.file or Path())
    found.settings, found.vault, found.database = ctx.settings, ctx.vault, ctx.database
    return examine((group for group in LOCAL if group.what not in OPENED_ALREADY), found)
