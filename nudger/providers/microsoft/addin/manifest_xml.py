"""The add-in-only manifest: the one that every Outlook takes, phones and Macs too.

Sources: [MS-OWEMXML]; learn.microsoft.com/javascript/api/manifest (order of the elements, sizes of
pictures); learn.microsoft.com/office/dev/add-ins/outlook/mobile-log-appointments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml.builder import ElementMaker  # type: ignore[import-not-found]  # has no stubs

from nudger.providers.microsoft.addin.endpoints import Endpoints
from nudger.providers.microsoft.addin.identity import (
    BUTTON,
    NAME,
    PERMISSION_XML,
    SAYS,
    SAYS_MORE,
    id_of,
)

Element = Any
"""What lxml builds; its builder has no types."""
APP = "http://schemas.microsoft.com/office/appforoffice/1.1"
OVERRIDES = "http://schemas.microsoft.com/office/mailappversionoverrides"
OVERRIDES_1_1 = f"{OVERRIDES}/1.1"
BASIC = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPE = f"{{{XSI}}}type"
DESKTOP_ICONS = (16, 32, 80)
MOBILE_ICONS, MOBILE_SCALES = (25, 32, 48), (1, 2, 3)
PANE_HEIGHT = 450
_SURFACES = ("AppointmentOrganizerCommandSurface", "AppointmentAttendeeCommandSurface")
_ON_PHONES = "MobileLogEventAppointmentAttendee"
_app = ElementMaker(namespace=APP, nsmap={None: APP, "xsi": XSI})
_basic = ElementMaker(namespace=BASIC, nsmap={"bt": BASIC})


def manifest_xml(public_url: str, version: str) -> bytes:
    """The content of manifest.xml."""
    at, origin = Endpoints(public_url), urlsplit(public_url)
    root = _app.OfficeApp(
        {TYPE: "MailApp"},
        _app.Id(id_of(public_url)),
        _app.Version(version),
        _app.ProviderName(NAME),
        _app.DefaultLocale("en-US"),
        _app.DisplayName(DefaultValue=NAME),
        _app.Description(DefaultValue=SAYS_MORE),
        _app.IconUrl(DefaultValue=at.icon(64)),
        _app.HighResolutionIconUrl(DefaultValue=at.icon(128)),
        _app.SupportUrl(DefaultValue=f"{public_url}/me"),
        _app.AppDomains(_app.AppDomain(f"{origin.scheme}://{origin.netloc}")),
        _app.Hosts(_app.Host(Name="Mailbox")),
        _app.Requirements(_app.Sets(_app.Set(Name="Mailbox", MinVersion="1.3"))),
        _app.FormSettings(
            *(
                _app.Form(
                    {TYPE: form},
                    _app.DesktopSettings(
                        _app.SourceLocation(DefaultValue=at.pane),
                        *([_app.RequestedHeight(str(PANE_HEIGHT))] if form == "ItemRead" else []),
                    ),
                )
                for form in ("ItemRead", "ItemEdit")
            )
        ),
        _app.Permissions(PERMISSION_XML),
        _app.Rule(
            {TYPE: "RuleCollection", "Mode": "Or"},
            *(
                _app.Rule({TYPE: "ItemIs", "ItemType": "Appointment", "FormType": form})
                for form in ("Read", "Edit")
            ),
        ),
        _app.DisableEntityHighlighting("true"),
        _Overrides(OVERRIDES, "VersionOverridesV1_0", at).element(),
    )
    etree.indent(root)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


class _Overrides:
    """The commands in one version of their schema; that of 1.0 holds that of 1.1, which alone knows
    phones' appointments."""

    def __init__(self, namespace: str, kind: str, at: Endpoints) -> None:
        self._of = ElementMaker(namespace=namespace, nsmap={None: namespace})
        self._is_newest = namespace == OVERRIDES_1_1
        self._kind, self._at = kind, at

    def element(self) -> Element:
        of = self._of
        newest = _Overrides(OVERRIDES_1_1, "VersionOverridesV1_1", self._at)
        return of.VersionOverrides(
            {TYPE: self._kind},
            of.Requirements(_basic.Sets(_basic.Set(Name="Mailbox", MinVersion="1.3"))),
            of.Hosts(of.Host({TYPE: "MailHost"}, *self._form_factors())),
            self._resources(),
            *([] if self._is_newest else [newest.element()]),
        )

    def _form_factors(self) -> Iterator[Element]:
        of = self._of
        yield of.DesktopFormFactor(
            of.FunctionFile(resid="pane"),
            *(
                of.ExtensionPoint(
                    {TYPE: surface},
                    of.OfficeTab(
                        {"id": "TabDefault"},
                        of.Group(
                            {"id": f"group{at}"},
                            of.Label(resid="name"),
                            self._button(f"button{at}"),
                        ),
                    ),
                )
                for at, surface in enumerate(_SURFACES)
            ),
        )
        if self._is_newest:
            button = of.Control(
                {TYPE: "MobileButton", "id": "phoneButton"},
                of.Label(resid="button"),
                of.Icon(
                    {TYPE: "bt:MobileIconList"},
                    *(
                        _basic.Image(size=str(size), scale=str(scale), resid=f"icon{size * scale}")
                        for scale in MOBILE_SCALES
                        for size in MOBILE_ICONS
                    ),
                ),
                self._opens_pane(),
            )
            yield of.MobileFormFactor(of.ExtensionPoint({TYPE: _ON_PHONES}, button))

    def _button(self, name: str) -> Element:
        of = self._of
        return of.Control(
            {TYPE: "Button", "id": name},
            of.Label(resid="button"),
            of.Supertip(of.Title(resid="button"), of.Description(resid="says")),
            of.Icon(*(_basic.Image(size=str(size), resid=f"icon{size}") for size in DESKTOP_ICONS)),
            self._opens_pane(),
        )

    def _opens_pane(self) -> Element:
        of = self._of
        return of.Action({TYPE: "ShowTaskpane"}, of.SourceLocation(resid="pane"))

    def _resources(self) -> Element:
        pixels = set(DESKTOP_ICONS)
        if self._is_newest:
            pixels |= {size * scale for size in MOBILE_ICONS for scale in MOBILE_SCALES}
        texts = {"name": NAME, "button": BUTTON}
        return self._of.Resources(
            _basic.Images(
                *(
                    _basic.Image(id=f"icon{one}", DefaultValue=self._at.icon(one))
                    for one in sorted(pixels)
                )
            ),
            _basic.Urls(_basic.Url(id="pane", DefaultValue=self._at.pane)),
            _basic.ShortStrings(
                *(_basic.String(id=name, DefaultValue=text) for name, text in texts.items())
            ),
            _basic.LongStrings(_basic.String(id="says", DefaultValue=SAYS)),
        )
