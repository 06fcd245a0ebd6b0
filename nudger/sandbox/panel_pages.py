"""The side panel of the calendar page: an add-on's cards, drawn as Google Calendar draws them."""

from __future__ import annotations

from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.entries import Entry
from nudger.sandbox.google.addons import Addons, Click
from nudger.sandbox.google.cards import Answer, AnswerRefused
from nudger.sandbox.world import World

FORMATS = frozenset({"b", "i", "u", "s"})
"""The tags of Google's simple HTML that are drawn, beside line breaks; others are left out."""


class PanelPages:
    """POST /panel/{person} with what was clicked, nothing for what is shown first; JSON comes back:
    a card as HTML, whether it goes on top, a line to show for a while."""

    def __init__(self, world: World, addons: Addons) -> None:
        self._world, self._addons = world, addons
        self.routes = [Route("/panel/{person}", self.panel, methods=["POST"])]

    async def panel(self, request: Request) -> Response:
        person = request.path_params["person"].lower()
        asked = await request.json()
        with self._world.lock:
            if person not in self._world.people or not self._addons.is_installed:
                return Response("Not Found", status_code=404)
            entry = self._world.calendars.find(person, str(asked.get("event") or ""))
        try:
            answer = await run_in_threadpool(self._call, person, entry, asked.get("click"))
        except AnswerRefused as refused:
            says = escape(str(refused))
            html = f'<p class="broken" role="alert">The add-on cannot be shown: {says}.</p>'
            return JSONResponse({"html": html, "is_on_top": True, "toast": ""})
        shown = {"html": self._drawn(answer), "is_on_top": answer.is_on_top, "toast": answer.toast}
        return JSONResponse(shown)

    def _call(self, person: str, entry: Entry | None, click: Any) -> Answer:
        if isinstance(click, dict):
            return self._addons.click(person, entry, Click(**click))
        if entry is not None:
            return self._addons.open_event(person, entry)
        return self._addons.home(person)

    def _drawn(self, answer: Answer) -> str:
        if answer.card is None:
            return ""
        return _card_template().render(card=answer.card, formatted=formatted)


@cache
def _card_template() -> Template:
    pages = PackageLoader("nudger.sandbox", "pages")
    environment = Environment(loader=pages, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("_card.html.j2")


def formatted(text: str) -> Markup:
    """A text of a card with Google's simple HTML in it, as it looks."""
    reader = _SimpleHtml()
    reader.feed(text)
    reader.close()
    return Markup("".join(reader.parts))  # noqa: S704 # nosec B704 - each part is one of our tags or escaped


class _SimpleHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "br":
            self.parts.append("<br>")
        elif tag in FORMATS:
            self.parts.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in FORMATS:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data))
