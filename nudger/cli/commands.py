"""Every command, by the one line that `nudger --help` says of it and the modules that it is in.

The list is a table, so that help, completion and a slip of the fingers need none of the modules:
together they import both providers, the pages and the demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass

SET_UP, RUN, LOOK, TRY = "Set up", "Run", "Look", "Try"
"""The panels of `nudger --help`, in the order of their first command."""


@dataclass(frozen=True)
class Listed:
    """A command: its panel, the first paragraph of its help, the modules of `nudger.cli` that make
    it."""

    name: str
    panel: str
    says: str
    modules: tuple[str, ...]


def _listed(panel: str, name: str, says: str, *modules: str) -> Listed:
    return Listed(name, panel, says, modules or (name,))


IN_ORDER = (
    _listed(SET_UP, "init",
        "Set Nudger up: asks for what is not given, then looks whether all works.", "setup"),
    _listed(SET_UP, "doctor",
        "Check configuration, key, database, credentials, scopes and each endpoint."),
    _listed(SET_UP, "upgrade",
        "Bring the database to this version's schema (also done by every other command).", "setup"),
    _listed(SET_UP, "db", "Move, back up and restore the database as a whole.", "database"),
    _listed(SET_UP, "key",
        "Make a key for the database's sealed columns. Lose it and sealed data cannot be read.",
        "keys"),
    _listed(SET_UP, "connect",
        "Give Nudger consent to one person's calendar and mail, or to Slack."),
    _listed(SET_UP, "domains",
        "Domains (and single addresses) that are ours, partners, customers, or never asked about.",
        "domains", "domain_review", "domain_import"),
    _listed(SET_UP, "reps", "The people whose customer meetings are watched.",
        "reps", "reps_chat", "rep_sync"),
    _listed(SET_UP, "test-mail",
        "Send a rep one real mail and say what works on its way and back.", "mail_trial"),
    _listed(SET_UP, "announce", "Tell the reps what Nudger does, before the first question."),
    _listed(SET_UP, "push", "Say what lets Google and Microsoft tell of changes at once."),
    _listed(SET_UP, "templates",
        "The texts of mails and notes: which are your own, and what is other in them."),
    _listed(SET_UP, "addon", "Give reps a panel in their calendar."),
    _listed(SET_UP, "admins",
        "Who may come into the console in the browser: admins, auditors, managers."),
    _listed(SET_UP, "api-tokens", "Who may read calls by the API (docs/api.md).", "api_tokens"),
    _listed(RUN, "run",
        "Work until stopped: scan calendars, ask reps, read replies, write answers.", "flow"),
    _listed(RUN, "worker",
        "Work until stopped, as `nudger run` does, without the pages."),
    _listed(RUN, "serve",
        "Serve the pages alone; `nudger run` serves them beside its work.", "pages"),
    _listed(RUN, "pause",
        "Send nothing any more, to one rep or to anybody. Calendars and replies are still read.",
        "controls"),
    _listed(RUN, "resume",
        "Undo `nudger pause`. Reps who were paused one by one are resumed one by one.", "controls"),
    _listed(RUN, "lockdown",
        "Stop everything at once: nothing is sent or written, and no reply is obeyed.", "controls"),
    _listed(RUN, "webhooks", "Those who are told what happens to calls: webhooks and CRMs."),
    _listed(RUN, "scan", "Read the calendars and plan the questions.", "flow"),
    _listed(RUN, "ask", "Send the questions, and all other mails, that are due.", "flow"),
    _listed(RUN, "listen", "Fetch the replies that have come, and understand them.", "flow"),
    _listed(RUN, "write", "Write the answers into the calendar.", "flow"),
    _listed(RUN, "forget",
        "Remove everything that is kept about a person or a customer, for good.", "privacy"),
    _listed(RUN, "purge",
        "Remove now what was kept long enough; workers do so every hour.", "privacy"),
    _listed(LOOK, "status",
        "Show counts by state, the last scan, what is due next, failures, and what is switched "
        "off."),
    _listed(LOOK, "meetings",
        "List the customer calls, coming and past, with their C.O. and what came of them."),
    _listed(LOOK, "explain",
        "Say why a meeting was or was not asked about, every step since, and what waits."),
    _listed(LOOK, "report",
        "Count customer calls: asked, answered in time, with a real C.O., agreed, reached."),
    _listed(LOOK, "audit", "List the steps that were taken, without what anybody wrote."),
    _listed(LOOK, "export",
        "Customer calls for a CRM; or everything that is kept about a person."),
    _listed(TRY, "demo", "Show Nudger at work on a sandbox with a week of a sales team in it."),
    _listed(TRY, "sandbox",
        "Stand in for Google or Microsoft on this machine, to set Nudger up against "
        "(docs/try-it.md)."),
    _listed(TRY, "try",
        "Say of each event in an exported calendar whether it would be asked about, why, and when.",
        "try_calendar"),
    _listed(TRY, "preview",
        "Print a mail or the note, by your own templates where you have some."),
    _listed(TRY, "coach",
        "Say whether a sentence is a Commitment Objective, why, and one question that sharpens "
        "it."),
    _listed(TRY, "read-reply",
        "Read replies: the sender's own new words, and the answer or the command in them.",
        "read_reply"),
    _listed(TRY, "help", "Show the help of Nudger, or of one command.", "help_command"),
)  # fmt: skip
"""Commands as a newcomer meets them."""

LISTED = {one.name: one for one in IN_ORDER}
