"""What somebody reads when a page cannot be shown, or what they sent cannot be done."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse

from nudger.domain.translatable import N_
from nudger.mail.catalogue import Catalogue
from nudger.web.site import Site

CONSOLE = "/console"
_NOT_FOUND = (
    N_("There is nothing here"),
    N_(
        "The link is wrong, or it counts no more. The newest mail about the call has one that "
        "works; replying to it works as well."
    ),
)
_PROBLEMS = {
    403: (
        N_("Nothing was done"),
        N_("The page was open too long, or was not ours. Open it again from the mail."),
    ),
    404: _NOT_FOUND,
    405: _NOT_FOUND,
    429: (
        N_("Too many tries"),
        N_("Wait ten minutes, then try again. Replying to the mail works at any time."),
    ),
    503: (
        N_("Nudger is switched off"),
        N_("Your admin has switched Nudger off for now. Nothing was saved: try again later."),
    ),
}
_IN_THE_CONSOLE = {
    403: (
        N_("Nothing was done"),
        "The page was open too long, or your role only reads. Open the page again.",
    ),
    404: (N_("There is nothing here"), "There is no such page, or it is not for your role."),
    429: (N_("Too many tries"), "Wait ten minutes, then try again."),
    500: (N_("Something went wrong"), "Nothing was saved. The log has it, by the request's id."),
}
_UNKNOWN = (
    N_("Something went wrong"),
    N_("That is our fault, and nothing was saved. Replying to the mail works as well."),
)


def show_problem(site: Site, request: Request, words: Catalogue, status: int) -> HTMLResponse:
    """A page that says in plain words what is wrong and what to do next."""
    title, explanation = _problems_at(request.url.path).get(status, _UNKNOWN)
    values = {"title": words.say(title), "explanation": words.say(explanation)}
    return site.pages.show(request, words, "problem.html.j2", values, status)


def _problems_at(path: str) -> Mapping[int, tuple[str, str]]:
    """What is said there: to admins of what they do, to reps of their mails."""
    is_console = path == CONSOLE or path.startswith(f"{CONSOLE}/")
    return {**_PROBLEMS, **_IN_THE_CONSOLE} if is_console else _PROBLEMS
