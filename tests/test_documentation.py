"""The docs name what there is: files, packages, layers, settings, commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from nudger.cli.commands import LISTED
from tests.reference import PAGE, with_reference

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nudger"
DOCS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page in an address."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_a_heading_lead_to_one(page):
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text()):
        aim = page.parent / target if target else page
        assert anchor in anchors(aim), f"{target}#{anchor}"


def test_what_the_code_names_of_the_docs_is_there():
    named = {
        (file.name, *found)
        for file in PACKAGE.rglob("*.py")
        for found in re.findall(r"\b((?:docs/)[\w/.-]+\.md)(?:#([\w-]+))?", file.read_text())
    }
    assert len(named) > 25
    lost = [
        one
        for one in named
        if not (ROOT / one[1]).exists() or (one[2] and one[2] not in anchors(ROOT / one[1]))
    ]
    assert lost == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page):
    if page.name == "CHANGELOG.md" or page.parent.name == "decisions":
        return
    for name in re.findall(r"`((?:nudger|tests|templates|docs)/[\w/.-]+\.\w+)`", page.read_text()):
        assert (ROOT / name).exists() or "NNNN" in name or "<" in name, name


def test_the_house_names_every_package_and_no_other():
    house = ARCHITECTURE.partition("## The house")[2].partition("## Where is")[0]
    named = {name.rstrip("/") for name in re.findall(r"^\| `([\w/.]+)` \|", house, re.MULTILINE)}
    there = {
        str(init.parent.relative_to(PACKAGE))
        for init in PACKAGE.rglob("__init__.py")
        if init.parent != PACKAGE
    }
    top = {name for name in there if "/" not in name} | {
        name for name in there if name.startswith("jobs/")
    }
    assert named == top | {"worker.py"}


def test_where_is_names_files_that_exist():
    table = ARCHITECTURE.partition("## Where is")[2].partition("## Settled")[0]
    names = re.findall(r"`([\w/]+(?:\.py|/))`", table)
    assert len(names) > 25
    assert [name for name in names if not (PACKAGE / name).exists()] == []


def test_the_picture_of_the_layers_is_the_one_that_is_checked():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    drawn = ARCHITECTURE.partition("```mermaid")[2].partition("```")[0]
    chain = [
        " & ".join(part.removeprefix("nudger.") for part in layer.split(" | ")) for layer in layers
    ]
    arrows = [line.strip() for line in drawn.splitlines() if "-->" in line]
    steps = [step for line in arrows for step in line.split(" --> ")]
    assert list(dict.fromkeys(steps)) == chain


def test_the_configuration_reference_is_that_of_the_settings():
    """`make reference` writes it."""
    assert PAGE.read_text() == with_reference(PAGE.read_text())


def test_a_page_without_the_marker_lines_is_left_alone():
    with pytest.raises(ValueError, match="make reference"):
        with_reference("# Configuration\n")


def test_every_command_is_named_in_the_docs():
    text = "\n".join(page.read_text() for page in DOCS)
    for name in LISTED:
        assert f"nudger {name}" in text or f"`{name}`" in text, name
