"""The add-in beside Outlook's calendar, as the host shows it: by its manifest, in a frame.

Sources: learn.microsoft.com/javascript/api/manifest; /javascript/api/outlook (requirement sets,
what there is in read and in compose, errors).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nudger.sandbox.entries import Entry
from nudger.sandbox.microsoft.answers import rest_id

APP = "{http://schemas.microsoft.com/office/appforoffice/1.1}"
LOOPBACK = ("127.0.0.1", "localhost")
OFFICE_JS = "/office/office.js"
_PAGES = Path(__file__).parent.parent / "pages"


class ManifestRefused(Exception):
    """The admin center would not take it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the pane is, and the name of its frame, by which our Office.js knows what is open."""

    src: str
    name: str


class OutlookAddins:
    """Holds one add-in, for everybody of the organization."""

    def __init__(self) -> None:
        self._pane, self._permission = "", ""
        self.routes = [Route(OFFICE_JS, self.office, methods=["GET"])]

    @property
    def is_installed(self) -> bool:
        return bool(self._pane)

    @property
    def origin(self) -> str:
        """The scheme, host and port of the pane; empty without one."""
        parts = urlsplit(self._pane)
        return f"{parts.scheme}://{parts.netloc}" if self._pane else ""

    def install(self, manifest: bytes) -> None:
        """As an admin does, for everybody. Raises `ManifestRefused`."""
        try:
            root = etree.fromstring(manifest, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            raise ManifestRefused(str(error)) from error
        place = root.find(f"{APP}FormSettings/{APP}Form/{APP}DesktopSettings/{APP}SourceLocation")
        permission = root.findtext(f"{APP}Permissions")
        if place is None or not permission or not root.findtext(f"{APP}Id"):
            raise ManifestRefused("An Id, a SourceLocation and Permissions are needed.")
        address = place.get("DefaultValue", "")
        if urlsplit(address).scheme != "https" and urlsplit(address).hostname not in LOOPBACK:
            raise ManifestRefused(f"{address} is no https address.")
        self._pane, self._permission = address, permission

    def frame(self, person: str, entry: Entry, **more: str | bool) -> Frame:
        """The pane beside this event of the person's; `more` is as office.js has it."""
        item = rest_id(person, entry.id).replace("-", "/").replace("_", "+")
        told = {"person": person, "item": item, "permission": self._permission, **more}
        return Frame(self._pane, json.dumps(told))

    async def office(self, _request: Request) -> Response:
        return Response((_PAGES / "office.js").read_bytes(), media_type="text/javascript")
