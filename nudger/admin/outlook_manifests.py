"""The files by which the add-in is made known to Microsoft 365, and when their version goes up."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from importlib.resources import files

from nudger.config import Settings
from nudger.providers.microsoft.addin.manifest_json import COLOR, OUTLINE, manifest_json
from nudger.providers.microsoft.addin.manifest_xml import manifest_xml

XML_FILE, PACKAGE = "manifest.xml", "nudger-outlook.zip"
_VERSION = re.compile(rb"<Version>1\.0\.([0-9]{1,5})</Version>")
_SAME_EACH_TIME = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Manifests:
    """`xml` for every Outlook; `package` holds the unified manifest and its pictures."""

    version: str
    xml: bytes
    package: bytes


def manifests_of(settings: Settings, before: bytes | None) -> Manifests:
    """Those of these settings. `before` is the manifest.xml that was given out last, if any: the
    version goes up by one where the new one says anything else, since Outlook takes no change
    without it. Raises `ValueError` where `before` is none of ours.

    Ask `why_not_installable` first.
    """
    address, client = settings.web.public_url or "", settings.outlook_addin.client_id or ""
    number = 0 if before is None else _number_of(before)
    if before is not None and manifest_xml(address, f"1.0.{number}") != before:
        number += 1
    version = f"1.0.{number}"
    unified = json.dumps(manifest_json(address, client, version), indent=2)
    return Manifests(version, manifest_xml(address, version), _package(unified))


def _number_of(manifest: bytes) -> int:
    found = _VERSION.search(manifest)
    if found is None:
        raise ValueError("it is no manifest of Nudger's")
    return int(found[1])


def _package(manifest: str) -> bytes:
    folder = files("nudger") / "web" / "static" / "outlook"
    content = {
        "manifest.json": manifest.encode(),
        COLOR: (folder / "icon-192.png").read_bytes(),
        OUTLINE: (folder / "outline-32.png").read_bytes(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name, _SAME_EACH_TIME), data)
    return packed.getvalue()
