"""The add-in's manifests: the unified one by Microsoft's schema (as @microsoft/app-manifest 1.1.2 has
it), the XML by the rules of its reference."""

from __future__ import annotations

import json
import struct
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft7Validator
from lxml import etree

from nudger.providers.microsoft.addin.manifest_json import manifest_json
from nudger.providers.microsoft.addin.manifest_xml import (
    APP,
    BASIC,
    OVERRIDES,
    OVERRIDES_1_1,
    TYPE,
    manifest_xml,
)

ADDRESS = "https://nudger.ourco.example"
CLIENT = "aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb"
SCHEMA = json.loads((Path(__file__).parent / "MicrosoftTeams-1.23.schema.json").read_text())
ORDER = [
    "Id",
    "Version",
    "ProviderName",
    "DefaultLocale",
    "DisplayName",
    "Description",
    "IconUrl",
    "HighResolutionIconUrl",
    "SupportUrl",
    "AppDomains",
    "Hosts",
    "Requirements",
    "FormSettings",
    "Permissions",
    "Rule",
    "DisableEntityHighlighting",
    "VersionOverrides",
]


@pytest.fixture(scope="module")
def root():
    return etree.fromstring(manifest_xml(ADDRESS, "1.0.7"))


def overrides(root):
    return [next(root.iter(f"{{{name}}}VersionOverrides")) for name in (OVERRIDES, OVERRIDES_1_1)]


def own(element, newer):
    """What is in the older commands, without the newer ones that lie in them."""
    return [one for one in element.iter() if element is newer or newer not in one.iterancestors()]


def test_the_unified_manifest_is_valid():
    made = manifest_json(ADDRESS, CLIENT, "1.0.7")
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(made)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made.pop("icons"),
        lambda made: made.update(version=1),
        lambda made: made["extensions"][0]["ribbons"][0].update(contexts=["mail"]),
        lambda made: made["extensions"][0]["runtimes"][0]["code"].update(
            page="http://a.example", more=1
        ),
    ],
)
def test_the_schema_finds_what_is_wrong(spoil):
    made = manifest_json(ADDRESS, CLIENT, "1.0.7")
    spoil(made)
    assert not Draft7Validator(SCHEMA).is_valid(made)


def test_the_elements_stand_in_their_order(root):
    assert [etree.QName(one).localname for one in root] == ORDER
    assert root.findtext(f"{{{APP}}}Permissions") == "ReadWriteItem"


def test_both_kinds_of_people_have_the_pane_and_phones_those_who_were_invited(root):
    older, newer = overrides(root)
    both = ["AppointmentOrganizerCommandSurface", "AppointmentAttendeeCommandSurface"]
    points = [
        [one.get(TYPE) for one in own(version, newer) if one.tag.endswith("}ExtensionPoint")]
        for version in (older, newer)
    ]
    assert points == [both, [*both, "MobileLogEventAppointmentAttendee"]]


def test_phones_have_each_picture_at_each_scale(root):
    _, newer = overrides(root)
    phones = next(newer.iter(f"{{{OVERRIDES_1_1}}}MobileFormFactor"))
    shown = {(one.get("size"), one.get("scale")) for one in phones.iter(f"{{{BASIC}}}Image")}
    assert shown == {(size, scale) for size in ("25", "32", "48") for scale in ("1", "2", "3")}


def test_every_resource_is_there_and_used_and_short_enough(root):
    older, newer = overrides(root)
    for version in (older, newer):
        inside = own(version, newer)
        known = {one.get("id"): one for one in inside if one.tag.startswith(f"{{{BASIC}}}")}
        known.pop(None)
        assert {one.get("resid") for one in inside} - {None} == set(known)
        assert all(len(name) <= 32 for name in known)
        for one in known.values():
            most = {"ShortStrings": 125, "LongStrings": 250}.get(
                etree.QName(one.getparent()).localname
            )
            assert most is None or len(one.get("DefaultValue")) <= most
        names = [one.get("id") for one in inside if one.get("id") and one.get("id") not in known]
        assert len(names) - len(set(names)) == names.count("TabDefault") - 1


def test_every_picture_ships_in_its_size(root):
    folder = files("nudger") / "web" / "static" / "outlook"
    addresses = {
        one.get("DefaultValue") for one in root.iter() if "icon-" in one.get("DefaultValue", "")
    }
    assert len(addresses) >= 10
    for address in addresses:
        assert address.startswith(f"{ADDRESS}/static/outlook/")
        name = urlsplit(address).path.rpartition("/")[2]
        picture = (folder / name).read_bytes()
        pixels = int(name.removeprefix("icon-").removesuffix(".png"))
        assert struct.unpack(">II", picture[16:24]) == (pixels, pixels)


def test_an_address_is_one_and_the_same_addin_and_another_is_another(root):
    identity = root.findtext(f"{{{APP}}}Id")
    assert manifest_json(ADDRESS, CLIENT, "1.0.9")["id"] == identity
    assert manifest_json("https://other.example", CLIENT, "1.0.9")["id"] != identity


def test_an_odd_address_stays_one_value():
    odd = 'https://a.example/"><x y="&amp;'
    read = etree.fromstring(manifest_xml(odd, "1.0.0"))
    assert read.findtext(f"{{{APP}}}AppDomains/{{{APP}}}AppDomain") == "https://a.example"
    assert next(read.iter(f"{{{BASIC}}}Url")).get("DefaultValue") == f"{odd}/addin/outlook/pane"
