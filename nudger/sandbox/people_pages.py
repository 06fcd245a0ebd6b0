"""Pages for people: what lies in an inbox, to read and answer; what stands in a calendar.

Everything shown was written by strangers: it is escaped, and a mail's HTML is shown in a frame
that can run nothing and load nothing.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.policy import default as readable
from email.utils import format_datetime, getaddresses, make_msgid, parsedate_to_datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from nudger.sandbox.entries import Entry, StoredMessage
from nudger.sandbox.plain_forms import plain_of_page
from nudger.sandbox.world import World

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
FIRST_HOUR, LAST_HOUR = 8, 19


class PeoplePages:
    """GET /, /inbox/{person}, /calendar/{person}; POST a reply or the next morning."""

    def __init__(self, world: World) -> None:
        self._world = world
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
            Route("/next-morning", self.next_morning, methods=["POST"]),
            Route("/version", self.version, methods=["GET"]),
        ]

    async def overview(self, _request: Request) -> Response:
        with self._world.lock:
            ledger = self._world.ledger
            inside = ("ourco.example", "sistercorp.example")
            shown = {
                "calls": sorted(ledger.calls.items()),
                "outside": len(ledger.mails_outside(inside)),
                "mails": len([one for one in ledger.deliveries if one.kind == "mail"]),
            }
            return self._page("overview.html.j2", person=None, **shown)

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
            zone = self._zone(owner)
            return self._page(
                "inbox.html.j2",
                person=owner,
                messages=[_line(one, owner, zone) for one in messages],
                chosen=_opened(chosen, owner, zone) if chosen else None,
                sent=request.query_params.get("sent") == "1",
            )

    async def body(self, request: Request) -> Response:
        """A mail's own HTML, alone, for the frame."""
        owner = request.path_params["person"].lower()
        with self._world.lock:
            message = self._world.mailboxes.of(owner).get(request.path_params["message"])
        if message is None:
            return Response("Not Found", status_code=404)
        return _framed(_part(_parsed(message.raw), "html"))

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
            monday = _monday(self._world.now().astimezone(zone))
            entries = [e for e in self._world.calendars.of(owner).values()
                       if e.status != "cancelled"]  # fmt: skip
            chosen_id = request.path_params.get("event")
            chosen = next((one for one in entries if one.id == chosen_id), None)
            return self._page(
                "calendar.html.j2",
                person=owner,
                hours=range(FIRST_HOUR, LAST_HOUR),
                days=list(_days(entries, monday, zone)),
                chosen=_described(chosen, zone) if chosen else None,
            )

    async def description(self, request: Request) -> Response:
        """An event's HTML description, alone, for the frame."""
        owner = request.path_params["person"].lower()
        with self._world.lock:
            entry = self._world.calendars.find(owner, request.path_params["event"])
        if entry is None:
            return Response("Not Found", status_code=404)
        return _framed(f"<body style='font:15px/1.5 system-ui,sans-serif'>{entry.description}")

    async def next_morning(self, request: Request) -> Response:
        with self._world.lock:
            zone = ZoneInfo("Europe/Berlin")
            local = self._world.now().astimezone(zone)
            self._world.run_from(next_morning(local))
        return RedirectResponse(request.headers.get("referer", "/"), status_code=303)

    async def version(self, _request: Request) -> Response:
        with self._world.lock:
            stamp = f"{self._world.calendars.clock}.{self._world.mailboxes.history}"
        return JSONResponse({"version": stamp})

    def _zone(self, owner: str) -> ZoneInfo:
        person = self._world.people.get(owner)
        return ZoneInfo(person.zone if person else "UTC")

    def _page(self, name: str, **values: Any) -> HTMLResponse:
        people = [
            {"email": one.email, "name": one.name, "inside": one.email.endswith("@ourco.example")}
            for one in self._world.people.values()
        ]
        now = self._world.now().astimezone(ZoneInfo("Europe/Berlin"))
        values |= {"people": people, "now": f"{now:%A, %d %B %Y, %H:%M}"}
        html = self._env.get_template(name).render(values)
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})


def _framed(html: str) -> HTMLResponse:
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def next_morning(local: datetime) -> datetime:
    """Five past nine on the next working day after `local`, in its zone."""
    day = local.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, 5, tzinfo=local.tzinfo)


def reply_to(world: World, owner: str, message: StoredMessage, text: str) -> StoredMessage:
    """Answer a mail as its reader's mail program would: quoted below, to its Reply-To."""
    original = _parsed(message.raw)
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
    page = _part(original, "html")
    return plain_of_page(page, provider) if page else _part(original, "plain")


def plain_text(message: StoredMessage) -> str:
    """What a person reads of a mail."""
    return _part(_parsed(message.raw), "plain")


def _parsed(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=readable)
    assert isinstance(parsed, EmailMessage)  # noqa: S101 - by the policy
    return parsed


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _line(message: StoredMessage, owner: str, zone: ZoneInfo) -> dict[str, Any]:
    parsed = _parsed(message.raw)
    return {
        "id": message.id,
        "from": _names(parsed, "From"),
        "to": _names(parsed, "To"),
        "own": "SENT" in message.labels and owner not in str(parsed.get("To", "")),
        "subject": str(parsed.get("Subject", "")),
        "at": _date(parsed, message.received_at).astimezone(zone).strftime("%a %H:%M"),
        "snippet": " ".join(_part(parsed, "plain").split())[:110],
    }


def _names(parsed: EmailMessage, field: str) -> str:
    pairs = getaddresses([str(parsed.get(field, ""))])
    return ", ".join(name or address for name, address in pairs)


def _date(parsed: EmailMessage, received_at: datetime) -> datetime:
    try:
        return parsedate_to_datetime(str(parsed["Date"]))
    except (ValueError, TypeError):
        return received_at


def _opened(message: StoredMessage, owner: str, zone: ZoneInfo) -> dict[str, Any]:
    parsed = _parsed(message.raw)
    line = _line(message, owner, zone)
    return {**line, "text": _part(parsed, "plain"), "has_html": bool(_part(parsed, "html"))}


def _monday(local: datetime) -> datetime:
    start = local - timedelta(days=local.weekday())
    return start.replace(hour=0, minute=0, second=0, microsecond=0)


def _days(entries: list[Entry], monday: datetime, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    for number in range(5):
        day = monday + timedelta(days=number)
        todays = [e for e in entries if e.start.astimezone(zone).date() == day.date()]
        yield {
            "name": f"{day:%a %d}",
            "all_day": [_block(e, zone) for e in todays if e.all_day],
            "timed": _side_by_side([e for e in todays if not e.all_day], zone),
        }  # fmt: skip


def _side_by_side(entries: list[Entry], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Blocks in the order of time; one that overlaps an earlier one stands to its right."""
    request = sorted(entries, key=lambda entry: (entry.start, entry.transparent))
    blocks = []
    for at, entry in enumerate(request):
        overlapped = [one for one in request[:at] if one.end > entry.start]
        blocks.append({**_block(entry, zone), "left": min(len(overlapped), 2) * 45})
    return blocks


def _block(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    start, end = entry.start.astimezone(zone), entry.end.astimezone(zone)
    from_top = (start.hour - FIRST_HOUR) * 60 + start.minute
    return {
        "id": entry.id,
        "title": entry.title,
        "time": f"{start:%H:%M}–{end:%H:%M}",
        "top": max(0, from_top),
        "height": max(24, int((end - start).total_seconds() // 60)),
        "noted": "(Nudger)" in entry.description or entry.title.startswith("C.O."),
        "free": entry.transparent or entry.kind != "default",
    }


def _described(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    guests = [f"{one.name} ({one.email})" if one.name else one.email for one in entry.guests]
    day = f"{entry.start.astimezone(zone):%A, %d %B}"
    return {
        **_block(entry, zone),
        "day": day,
        "description": entry.description,
        "is_html": "<" in entry.description,
        "guests": guests,
        "organizer": entry.organizer,
        "location": entry.location,
        "private": entry.visibility == "private",
    }
