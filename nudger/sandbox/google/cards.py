"""What Google takes as an add-on's answer: fields and values that it knows, of the right kind.

Own tables of the reference, so that an answer is judged by it and not by the code that made it:
developers.google.com/workspace/add-ons/reference/rpc/google.apps.card.v1, and /guides
/alternate-runtimes for what goes around a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_WIDGETS = 100
_TEXT, _YES_NO, _NUMBER = str, bool, int


class AnswerRefused(Exception):
    """Calendar would show an error in the place of the card; the message says what is wrong."""


@dataclass(frozen=True)
class Kind:
    """A message: its fields, those it must have, and whether just one of all may be set."""

    fields: Mapping[str, Any]
    needs: tuple[str, ...] = ()
    is_one_of: bool = False


@dataclass(frozen=True)
class ListOf:
    of: Any


@dataclass(frozen=True)
class OneOf:
    values: frozenset[str]


def _one_of(*values: str) -> OneOf:
    return OneOf(frozenset(values))


_ACTION = Kind(
    {
        "function": _TEXT,
        "parameters": ListOf(Kind({"key": _TEXT, "value": _TEXT}, ("key",))),
        "loadIndicator": _one_of("SPINNER", "NONE"),
        "persistValues": _YES_NO,
        "requiredWidgets": ListOf(_TEXT),
        "allWidgetsAreRequired": _YES_NO,
    },
    ("function",),
)
_OPEN_LINK = Kind(
    {
        "url": _TEXT,
        "openAs": _one_of("FULL_SIZE", "OVERLAY"),
        "onClose": _one_of("NOTHING", "RELOAD"),
    },
    ("url",),
)
_ON_CLICK = Kind({"action": _ACTION, "openLink": _OPEN_LINK}, is_one_of=True)
_BUTTON = Kind(
    {
        "text": _TEXT,
        "onClick": _ON_CLICK,
        "disabled": _YES_NO,
        "altText": _TEXT,
        "type": _one_of("OUTLINED", "FILLED", "FILLED_TONAL", "BORDERLESS"),
    },
    ("text", "onClick"),
)
_TEXT_INPUT = Kind(
    {
        "name": _TEXT,
        "label": _TEXT,
        "hintText": _TEXT,
        "value": _TEXT,
        "type": _one_of("SINGLE_LINE", "MULTIPLE_LINE"),
        "placeholderText": _TEXT,
        "validation": Kind(
            {
                "characterLimit": _NUMBER,
                "inputType": _one_of("TEXT", "INTEGER", "FLOAT", "EMAIL", "EMOJI_PICKER"),
            }
        ),
    },
    ("name", "label"),
)
_SELECTION_INPUT = Kind(
    {
        "name": _TEXT,
        "label": _TEXT,
        "type": _one_of("CHECK_BOX", "RADIO_BUTTON", "SWITCH", "DROPDOWN", "MULTI_SELECT"),
        "items": ListOf(Kind({"text": _TEXT, "value": _TEXT, "selected": _YES_NO}, ("text",))),
        "onChangeAction": _ACTION,
    },
    ("name",),
)
_DECORATED_TEXT = Kind(
    {
        "topLabel": _TEXT,
        "text": _TEXT,
        "bottomLabel": _TEXT,
        "wrapText": _YES_NO,
        "onClick": _ON_CLICK,
        "button": _BUTTON,
    },
    ("text",),
)
_WIDGET = Kind(
    {
        "textParagraph": Kind({"text": _TEXT, "maxLines": _NUMBER}, ("text",)),
        "decoratedText": _DECORATED_TEXT,
        "textInput": _TEXT_INPUT,
        "selectionInput": _SELECTION_INPUT,
        "buttonList": Kind({"buttons": ListOf(_BUTTON)}, ("buttons",)),
        "divider": Kind({}),
    },
    is_one_of=True,
)
_CARD = Kind(
    {
        "name": _TEXT,
        "header": Kind(
            {
                "title": _TEXT,
                "subtitle": _TEXT,
                "imageUrl": _TEXT,
                "imageAltText": _TEXT,
                "imageType": _one_of("SQUARE", "CIRCLE"),
            },
            ("title",),
        ),
        "sections": ListOf(
            Kind(
                {
                    "header": _TEXT,
                    "widgets": ListOf(_WIDGET),
                    "collapsible": _YES_NO,
                    "uncollapsibleWidgetsCount": _NUMBER,
                },
                ("widgets",),
            )
        ),
    },
    ("sections",),
)
_NAVIGATION = Kind(
    {"pushCard": _CARD, "updateCard": _CARD, "pop": _YES_NO, "popToRoot": _YES_NO}, is_one_of=True
)
_ACTIONS = Kind(
    {
        "action": Kind(
            {
                "navigations": ListOf(_NAVIGATION),
                "notification": Kind({"text": _TEXT}, ("text",)),
                "link": _OPEN_LINK,
            }
        ),
        "stateChanged": _YES_NO,
    },
    ("action",),
)
_CLICKED = Kind({"renderActions": _ACTIONS}, ("renderActions",))


@dataclass(frozen=True)
class Answer:
    """A card that goes on top, or in the place of the one on top; and the line below it, if any."""

    card: dict[str, Any] | None
    is_on_top: bool
    toast: str


def read_answer(body: Any, *, to_click: bool) -> Answer:
    """Raises `AnswerRefused` for what Google would not show."""
    _check(body, _CLICKED if to_click else _ACTIONS, "the answer")
    action = (body["renderActions"] if to_click else body)["action"]
    navigations = action.get("navigations", [])
    if len(navigations) > 1:
        raise AnswerRefused("this sandbox shows one navigation at a time")
    shown: dict[str, Any] = navigations[0] if navigations else {}
    card = shown.get("pushCard") or shown.get("updateCard")
    if card is not None:
        _check_card(card)
    return Answer(card, "pushCard" in shown, action.get("notification", {}).get("text", ""))


def _check_card(card: dict[str, Any]) -> None:
    widgets = [widget for section in card["sections"] for widget in section["widgets"]]
    if not 0 < len(widgets) <= MOST_WIDGETS:
        raise AnswerRefused(f"a card has 1 to {MOST_WIDGETS} widgets, and this one {len(widgets)}")
    fields = [one[kind]["name"] for one in widgets for kind in _NAMED if kind in one]
    if len(set(fields)) < len(fields):
        raise AnswerRefused("two fields of the card have one name")


_NAMED = ("textInput", "selectionInput")


def _check(value: Any, kind: Any, where: str) -> None:
    match kind:
        case Kind():
            _check_message(value, kind, where)
        case ListOf():
            if not isinstance(value, list):
                raise AnswerRefused(f"{where} is no list")
            for number, one in enumerate(value):
                _check(one, kind.of, f"{where}[{number}]")
        case OneOf():
            if value not in kind.values:
                raise AnswerRefused(f"{where} is {value!r}, which is none of its values")
        case _:
            if type(value) is not kind:
                raise AnswerRefused(f"{where} is {value!r}, and {kind.__name__} is expected")


def _check_message(value: Any, kind: Kind, where: str) -> None:
    if not isinstance(value, dict):
        raise AnswerRefused(f"{where} is no object")
    unknown = sorted(value.keys() - kind.fields.keys())
    if unknown:
        raise AnswerRefused(f"{where} has a field {unknown[0]!r} that Google does not know")
    missing = [name for name in kind.needs if name not in value]
    if missing:
        raise AnswerRefused(f"{where} has no {missing[0]}")
    if kind.is_one_of and len(value) != 1:
        raise AnswerRefused(f"{where} must be one of {', '.join(kind.fields)}")
    for name, one in value.items():
        _check(one, kind.fields[name], f"{where}.{name}")
