"""How far the set-up is, for the console: each question with its answer, from nudger.toml, the
environment and the database; and answering one.

An answer counts as soon as it is given. What the console may not write is said as a line for the
file (docs/decisions/0031-the-file-is-the-policy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from nudger.admin import milestones, policy
from nudger.admin.domain_changes import impact_of
from nudger.admin.machine import guess_language, guess_zone
from nudger.admin.policy import Policy, Setting
from nudger.admin.rep_entry import WrongRep
from nudger.admin.rewriting import Unchanged
from nudger.admin.setup.answers import KEEP, OWN, PROVIDERS, Answers, Unfit
from nudger.admin.setup.install import add_first_rep, list_ours
from nudger.admin.setup.questions import QUESTIONS, Question
from nudger.admin.setup.settings_file import line_for
from nudger.config import load_again
from nudger.config.origins import Origin
from nudger.domain.domains import DomainKind
from nudger.domain.event import Provider
from nudger.domain.starter_milestones import MilestoneList, starter_milestones
from nudger.runtime.context import Context
from nudger.store import people

NEEDED = frozenset({"mailbox", "write_back", "rep"})
"""Without an answer to these nobody is asked; all others have a default that works, and of domains
the reps' own count."""
WOULD_CHANGE = (
    "That would change which coming meetings are asked about: list them under Domains, which shows "
    "what would change."
)
_SETTINGS = ("write_back", "time_zone", "language")


@dataclass(frozen=True, slots=True)
class Step:
    """A question, its answer as it is kept, and what is offered in the place of none; `why_not` is
    why it cannot be answered in the console, `line` what to write by hand then. `by_hand` are those
    of its choices that only who writes the file can make, each with its line."""

    question: Question
    answer: str | None
    offered: str
    why_not: str | None = None
    line: str = ""
    by_hand: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        return self.answer is None and self.question.key in NEEDED


@dataclass(frozen=True, slots=True)
class Progress:
    """`steps` in their order; `policy` is the settings' file that they are about, `reps` how many
    are watched."""

    steps: tuple[Step, ...]
    policy: Policy
    reps: int

    @property
    def answers(self) -> Answers:
        return {one.question.key: one.answer for one in self.steps if one.answer is not None}

    @property
    def missing(self) -> tuple[Step, ...]:
        """What keeps anybody from being asked."""
        return tuple(one for one in self.steps if one.is_missing)

    def step(self, key: str) -> Step:
        return next(one for one in self.steps if one.question.key == key)


def progress_of(ctx: Context, provider: str = "") -> Progress:
    """`provider` is the one whose mailbox is asked for, where another is in use already."""
    listed = milestones.listed(ctx)
    with ctx.database.read() as tx:
        ours = [one for one, kind in people.list_domains(tx).items() if kind == _OURS]
        reps = people.list_reps(tx)
    answers = _in_settings(listed.policy, provider)
    if listed.milestones:
        answers["milestones"] = KEEP
    if ours:
        answers["domains"] = " ".join(ours)
    if reps:
        answers["rep"] = reps[0].email
        answers.setdefault("provider", reps[0].provider.value)
    steps = tuple(_step(question, answers, listed.policy) for question in QUESTIONS)
    return Progress(steps, listed.policy, len(reps))


def answer(
    ctx: Context, tx: Connection, question: Question, typed: str, seen: str, provider: str
) -> None:
    """Read what was typed as `nudger init` does, and put it in place, where nobody changed the file
    since it was `seen`; nothing typed keeps what there is. `provider` is the one that was chosen,
    which is kept nowhere before its mailbox. Raises `Unfit`, `Unchanged`."""
    found = progress_of(ctx, provider)
    step, before = found.step(question.key), found.answers
    if not typed.strip() and step.answer is not None:
        return
    value = question.read(typed, before)
    if step.why_not is not None:
        raise Unchanged(step.why_not)
    _PUT[question.key](_Given(ctx, tx, value, seen, before, found))


@dataclass(frozen=True, slots=True)
class _Given:
    """A good answer, and what is known when it is given."""

    ctx: Context
    tx: Connection
    value: str
    seen: str
    before: Answers
    found: Progress


def _put_mailbox(given: _Given) -> None:
    mode = given.found.policy.settings["mode"]
    if given.value == OWN:
        raise Unchanged(f"{mode.why_not} Write this line into nudger.toml: {_personal(mode)}")
    name = f"{given.before.get('provider', Provider.GOOGLE.value)}.mailbox"
    policy.change(given.ctx, given.tx, name, given.value, given.seen)


def _put_setting(name: str) -> Callable[[_Given], None]:
    def put(given: _Given) -> None:
        policy.change(given.ctx, given.tx, name, given.value, given.seen)

    return put


def _put_domains(given: _Given) -> None:
    ctx, entries = given.ctx, given.value.split()
    changes = dict.fromkeys(entries, _OURS)
    would = impact_of(given.tx, ctx.settings, changes, ctx.clock())
    if would.stops or would.starts:
        raise Unchanged(WOULD_CHANGE)
    list_ours(given.tx, entries, ctx.clock())


def _put_milestones(given: _Given) -> None:
    if given.value == KEEP:
        return
    language = given.before.get("language", "en")
    wanted = starter_milestones(language, MilestoneList(given.value))
    milestones.change(given.ctx, given.tx, wanted, given.seen)


def _put_rep(given: _Given) -> None:
    if not given.value:
        return
    ctx = given.ctx
    settings = load_again(ctx.settings, given.found.policy.file)
    provider = Provider(given.before.get("provider", Provider.GOOGLE.value))
    try:
        add_first_rep(given.tx, settings, given.value, provider, ctx.clock())
    except WrongRep as problem:
        raise Unfit(str(problem)) from problem


_PUT: Mapping[str, Callable[[_Given], None]] = {
    "provider": lambda _given: None,
    "mailbox": _put_mailbox,
    "domains": _put_domains,
    **{name: _put_setting(name) for name in _SETTINGS},
    "milestones": _put_milestones,
    "rep": _put_rep,
}
_OURS = DomainKind.OURS.value


def _in_settings(found: Policy, provider: str) -> dict[str, str]:
    """What the file and the environment answer."""
    settings = found.settings
    answers = {
        name: settings[name].shown
        for name in _SETTINGS
        if settings[name].origin is not Origin.DEFAULT
    }
    mailboxes = {name: settings[f"{name}.mailbox"].shown for name in PROVIDERS}
    used = next((name for name, mailbox in mailboxes.items() if mailbox), "")
    chosen = provider if provider in PROVIDERS else used
    if chosen:
        answers["provider"] = chosen
    if mailbox := mailboxes.get(chosen):
        answers["mailbox"] = mailbox
    if settings["mode"].shown == "personal":
        answers["mailbox"] = OWN
    return answers


def _step(question: Question, answers: Answers, found: Policy) -> Step:
    key, given = question.key, answers.get(question.key)
    offered = given if given is not None else _guess(question, answers)
    if key in ("domains", "rep") and given is not None:
        offered = ""
    step = Step(question, given, offered or "")
    if key == "mailbox" and given == OWN:
        mode = found.settings["mode"]
        line = line_for(mode.key.path, '"organization"')
        return replace(step, why_not=mode.why_not, line=line)
    if key == "milestones":
        return replace(step, why_not=found.problem or found.why_not)
    if key == "mailbox":
        step = replace(step, by_hand={OWN: _personal(found.settings["mode"])})
    name = _setting_of(key, answers)
    if name is None:
        return step
    setting = found.settings[name]
    why_not = found.problem or setting.why_not or found.why_not
    return replace(step, why_not=why_not, line=setting.line)


def _personal(mode: Setting) -> str:
    """What has each rep's own mailbox ask."""
    return line_for(mode.key.path, '"personal"')


def _setting_of(key: str, answers: Answers) -> str | None:
    """The setting that holds the answer, if one does."""
    if key == "mailbox":
        return f"{answers.get('provider', Provider.GOOGLE.value)}.mailbox"
    return key if key in _SETTINGS else None


def _guess(question: Question, answers: Answers) -> str | None:
    match question.key:
        case "time_zone":
            return guess_zone()
        case "language":
            return guess_language()
    return question.suggest(answers)
