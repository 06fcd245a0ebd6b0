"""What stands on a card, before it is in Google's form. All texts are plain: they are escaped where
Google would read markup in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Calls:
    """What a click has Google call: one of our endpoints, with these parameters."""

    url: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opens:
    """What a click opens in a tab of its own."""

    url: str


OnClick = Calls | Opens


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with a label above and a remark below; the whole can be clicked."""

    text: str
    label: str = ""
    remark: str = ""
    on_click: OnClick | None = None


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: str
    value: str = ""
    hint: str = ""
    longest: int = 500
    has_lines: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """Options are pairs of a value and what it is called; `shows_all` has them below each other."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""
    shows_all: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    on_click: OnClick
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    buttons: tuple[Button, ...]


Widget = Paragraph | Labelled | TextField | ChoiceField | Buttons


@dataclass(frozen=True, slots=True)
class Section:
    widgets: tuple[Widget, ...]
    header: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """`name` tells cards of one kind from those of another."""

    name: str
    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""


def section(*widgets: Widget | None, header: str = "", is_folded: bool = False) -> Section:
    """A section of those widgets that there are."""
    return Section(tuple(one for one in widgets if one is not None), header, is_folded)
