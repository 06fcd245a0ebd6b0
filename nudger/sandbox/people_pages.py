"""Pages for people: what lies in an inbox, to read and answer; what stands in a calendar.

Everything shown was written by strangers: it is escaped, and a mail's HTML is shown in a frame
that can run nothing and load nothing. Our page may measure the frame, so that it is as high as
what is in it, and what is clicked there opens beside it.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from nudger.sandbox.calendar_views import (
    A_WEEK,
    FIRST_HOUR,
    LAST_HOUR,
    described,
    framed_description,
    monday_of,
    monday_shown,
    week_of,
)
from nudger.sandbox.entries import Entry, StoredMessage
from nudger.sandbox.google.addons import Addons
from nudger.sandbox.mail_views import (
    framed_mail,
    line_of,
    newest_link,
    opened,
    parsed_mail,
    part_of,
    unread,
)
from nudger.sandbox.microsoft.addins import Frame, OutlookAddins
from nudger.sandbox.plain_forms import plain_of_page
from nudger.sandbox.world import World

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
FRAME_MAY = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
INSIDE = "@ourco.example"
TEAM_ZONE = ZoneInfo("Europe/Berlin")


class PeoplePages:
    """GET /, /inbox/{person}, /calendar/{person}; POST a reply, an hour or the next morning, and
    for a new code of the console."""

    def __init__(self, world: World, addons: Addons, addins: OutlookAddins) -> None:
        self._world, self._addons, self._addins = world, addons, addins
        self._env = Environment(
            loader=PackageLoader("nudger.sandbox", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self.routes = [
            Route("/", self.overview, methods=["GET"]),
            Route("/inbox/{person}", self.inbox, methods=["GET"]),
            Route("/inbox/{person}/{message}", self.inbox, methods=["GET"]),
            Route("/inbox/{person}/{message}/body", self.body, methods=["GET"]),
            Route("/inbox/{person}/{message}/reply", self.reply, methods=["POST"]),
            Route("/calendar/{person}", self.calendar, methods=["GET"]),
            Route("/calendar/{person}/{event}", self.calendar, methods=["GET"]),
            Route("/calendar/{person}/{event}/description", self.description, methods=["GET"]),
            Route("/an-hour", self.an_hour, methods=["POST"]),
            Route("/next-morning", self.next_morning, methods=["POST"]),
            Route("/console-code", self.console_code, methods=["POST"]),
            Route("/version", self.version, methods=["GET"]),
        ]

    async def overview(self, _request: Request) -> Response:
        doors = self._world.doors
        code_counts = doors is not None and await run_in_threadpool(doors.counts, doors.code)
        with self._world.lock:
            ledger = self._world.ledger
            inside = ("ourco.example", "sistercorp.example")
            shown = {
                "calls": sorted(ledger.calls.items()),
                "outside": len(ledger.mails_outside(inside)),
                "mails": len([one for one in ledger.deliveries if one.kind == "mail"]),
                "answer_page": self._newest_answer_page(),
                "doors": doors,
                "code_counts": code_counts,
                "has_panel": self._addons.is_installed,
            }
            return self._page("overview.html.j2", person=None, **shown)

    def _newest_answer_page(self) -> str | None:
        doors = self._world.doors
        if doors is None:
            return None
        boxes = (
            self._world.mailboxes.of(one) for one in self._world.people if one.endswith(INSIDE)
        )
        return newest_link((mail for box in boxes for mail in box.values()), doors.answers)

    async def inbox(self, request: Request) -> Response:
        owner = request.path_params["person"].lower()
        with self._world.lock:
            messages = sorted(
                (m for m in self._world.mailboxes.of(owner).values() if "DRAFT" not in m.labels),
                key=lambda one: one.history_id,
                reverse=True,
            )
            chosen_id = request.path_params.get("message")
            chosen = next((one for one in messages if one.id == chosen_id), None)
            if chosen is not None:
                chosen.labels.discard("UNREAD")
            zone = self._zone(owner)
            return self._page(
                "inbox.html.j2",
                person=owner,
                messages=[line_of(one, owner, zone) for one in messages],
                chosen=opened(chosen, owner, zone) if chosen else None,
                sent=request.query_params.get("sent") == "1",
            )

    async def body(self, request: Request) -> Response:
        """A mail's own HTML, alone, for the frame."""
        owner = request.path_params["person"].lower()
        with self._world.lock:
            message = self._world.mailboxes.of(owner).get(request.path_params["message"])
        if message is None:
            return Response("Not Found", status_code=404)
        return _framed(framed_mail(message))

    async def reply(self, request: Request) -> Response:
        owner = request.path_params["person"].lower()
        form = await request.form()
        text = str(form.get("text", "")).replace("\r\n", "\n")
        with self._world.lock:
            message = self._world.mailboxes.of(owner).get(request.path_params["message"])
            if message is None:
                return Response("Not Found", status_code=404)
            reply_to(self._world, owner, message, text)
        target = f"/inbox/{quote(owner)}/{quote(message.id)}?sent=1"
        return RedirectResponse(target, status_code=303)

    async def calendar(self, request: Request) -> Response:
        owner = request.path_params["person"].lower()
        with self._world.lock:
            zone = self._zone(owner)
            today = self._world.now().astimezone(zone).date()
            entries = [e for e in self._world.calendars.of(owner).values()
                       if e.status != "cancelled"]  # fmt: skip
            chosen_id = request.path_params.get("event")
            chosen = next((one for one in entries if one.id == chosen_id), None)
            opens = chosen.start.astimezone(zone).date() if chosen else None
            asked = _day_asked(request) or opens
            monday = monday_of(asked) if asked else monday_shown(entries, today, zone)
            return self._page(
                "calendar.html.j2",
                person=owner,
                hours=range(FIRST_HOUR, LAST_HOUR),
                days=list(week_of(entries, monday, today, zone)),
                monday=monday,
                weeks={"Earlier": monday - A_WEEK, "Later": monday + A_WEEK},
                chosen=described(chosen, zone) if chosen else None,
                has_panel=self._has_panel(owner),
                pane=self._pane(owner, chosen),
            )

    def _has_panel(self, owner: str) -> bool:
        """Whether the organization's add-on stands beside this calendar."""
        person = self._world.people.get(owner)
        at_google = person is not None and person.provider == "google"
        return at_google and owner.endswith(INSIDE) and self._addons.is_installed

    def _pane(self, owner: str, chosen: Entry | None) -> Frame | None:
        """The add-in beside this event in Outlook."""
        person = self._world.people.get(owner)
        at_outlook = person is not None and person.provider == "microsoft"
        is_shown = at_outlook and owner.endswith(INSIDE) and self._addins.is_installed
        return self._addins.frame(owner, chosen) if is_shown and chosen else None

    async def description(self, request: Request) -> Response:
        """An event's HTML description, alone, for the frame."""
        owner = request.path_params["person"].lower()
        with self._world.lock:
            entry = self._world.calendars.find(owner, request.path_params["event"])
        if entry is None:
            return Response("Not Found", status_code=404)
        return _framed(framed_description(entry.description))

    async def an_hour(self, request: Request) -> Response:
        return self._go_on_at(request, self._world.now() + timedelta(hours=1))

    async def next_morning(self, request: Request) -> Response:
        return self._go_on_at(request, next_morning(self._world.now().astimezone(TEAM_ZONE)))

    def _go_on_at(self, request: Request, moment: datetime) -> Response:
        with self._world.lock:
            self._world.run_from(moment)
        came_from = urlsplit(request.headers.get("referer", "")).path.lstrip("/")
        return RedirectResponse(f"/{came_from}", status_code=303)

    async def console_code(self, _request: Request) -> Response:
        """Show another code, as a command would make one."""
        doors = self._world.doors
        if doors is None:
            return Response("Not Found", status_code=404)
        await run_in_threadpool(doors.renew_code)
        return RedirectResponse("/", status_code=303)

    async def version(self, _request: Request) -> Response:
        with self._world.lock:
            return JSONResponse({"version": self._version()})

    def _version(self) -> str:
        """Another one after each change of a calendar or a mailbox."""
        return f"{self._world.calendars.clock}.{self._world.mailboxes.history}"

    def _zone(self, owner: str) -> ZoneInfo:
        person = self._world.people.get(owner)
        return ZoneInfo(person.zone if person else "UTC")

    def _page(self, name: str, **values: Any) -> HTMLResponse:
        people = [
            {
                "email": one.email,
                "name": one.name,
                "inside": one.email.endswith(INSIDE),
                "unread": unread(self._world.mailboxes.of(one.email).values()),
            }
            for one in self._world.people.values()
        ]
        now = self._world.now().astimezone(TEAM_ZONE)
        shown = next((one for one in people if one["email"] == values["person"]), None)
        values |= {"people": people, "now": now, "shown": shown, "frame_may": FRAME_MAY}
        values |= {"version": self._version(), "has_own_time": self._world.has_own_time}
        html = self._env.get_template(name).render(values)
        framed = f"frame-src 'self' {self._addins.origin}".rstrip()
        policy = POLICY.replace("frame-src 'self'", framed)
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def _framed(html: str) -> HTMLResponse:
    policy = f"default-src 'none'; style-src 'unsafe-inline'; sandbox {FRAME_MAY}"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def _day_asked(request: Request) -> date | None:
    """The `?week=` of an address; None where it is no day with a week on both sides."""
    try:
        day = date.fromisoformat(request.query_params.get("week", ""))
    except ValueError:
        return None
    return day if MINYEAR < day.year < MAXYEAR else None


def next_morning(local: datetime) -> datetime:
    """Five past nine on the next working day after `local`, in its zone."""
    day = local.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, 5, tzinfo=local.tzinfo)


def reply_to(world: World, owner: str, message: StoredMessage, text: str) -> StoredMessage:
    """Answer a mail as its reader's mail program would: quoted below, to its Reply-To."""
    original = parsed_mail(message.raw)
    answer = EmailMessage(policy=SMTP)
    person = world.people.get(owner)
    answer["From"] = f"{person.name} <{owner}>" if person else owner
    answer["To"] = str(original.get("Reply-To") or original["From"])
    subject = str(original.get("Subject", ""))
    answer["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    answer["Date"] = format_datetime(world.now())
    answer["Message-ID"] = make_msgid(domain=owner.rpartition("@")[2])
    answer["In-Reply-To"] = message.rfc_message_id
    answer["References"] = message.rfc_message_id
    is_outlooks = person is not None and person.provider == "microsoft"
    quote_of = _outlooks_quote if is_outlooks else _gmails_quote
    quoted = f"{text}\n\n{quote_of(original, world.now())}\n"
    answer.set_content(quoted, cte="quoted-printable")
    return world.mailboxes.send(owner, answer.as_bytes())


def _gmails_quote(original: EmailMessage, at: datetime) -> str:
    lines = _shown(original, "google").splitlines()
    wrote = f"On {at:%a, %b %d, %Y} at {at:%H:%M} {original['From']} wrote:"
    return "\n".join((wrote, *(f"> {line}" for line in lines)))


def _outlooks_quote(original: EmailMessage, at: datetime) -> str:
    head = f"From: {original['From']}\nSent: {at:%A, %B %d, %Y %H:%M}\nTo: {original['To']}"
    shown = _shown(original, "microsoft")
    return f"{'_' * 32}\n{head}\nSubject: {original['Subject']}\n\n{shown}"


def _shown(original: EmailMessage, provider: str) -> str:
    """What of a mail a plain reply quotes: a text that the provider makes of its page."""
    page = part_of(original, "html")
    return plain_of_page(page, provider) if page else part_of(original, "plain")


def plain_text(message: StoredMessage) -> str:
    """What a person reads of a mail."""
    return part_of(parsed_mail(message.raw), "plain")
