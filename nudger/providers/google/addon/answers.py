"""Cards and what is answered with them in Google's form.

The cards are `google.apps.card_v1` messages, which take no field that Google does not know. No
package has a type for what goes around them (RenderActions, Navigation, Notification): those few
are written here.

Sources: https://developers.google.com/workspace/add-ons/reference/rpc/google.apps.card.v1;
https://developers.google.com/workspace/add-ons/guides/alternate-runtimes.
"""

from __future__ import annotations

import html
from functools import singledispatch
from typing import Any

from google.apps.card_v1.types import card as google

from nudger.providers.google.addon.card import (
    Button,
    Buttons,
    Calls,
    Card,
    ChoiceField,
    Labelled,
    OnClick,
    Paragraph,
    Section,
    TextField,
)

Json = dict[str, Any]
LONGEST_TOAST = 300


def opened(card: Card) -> Json:
    """The answer to a trigger: this card is shown."""
    return {"action": {"navigations": [{"pushCard": card_json(card)}]}}


def pushed(card: Card) -> Json:
    """The answer to a click: this card is shown on top."""
    return {"renderActions": opened(card)}


def updated(card: Card, toast: str) -> Json:
    """The answer to a click: this card in the place of the one that was clicked in, and a line that
    goes away by itself, if any."""
    action: Json = {"navigations": [{"updateCard": card_json(card)}]}
    if toast:
        action["notification"] = {"text": toast[:LONGEST_TOAST]}
    return {"renderActions": {"action": action}}


def card_json(card: Card) -> Json:
    message = google.Card(
        name=card.name,
        header=google.Card.CardHeader(title=card.title, subtitle=card.subtitle),
        sections=[_section(one) for one in card.sections if one.widgets],
    )
    found: Json = google.Card.to_dict(
        message, use_integers_for_enums=False, preserving_proto_field_name=False,
        always_print_fields_with_no_presence=False,
    )  # fmt: skip
    return found


def _section(section: Section) -> Any:
    return google.Card.Section(
        header=_escaped(section.header),
        widgets=[_widget(one) for one in section.widgets],
        collapsible=section.is_folded,
    )


@singledispatch
def _widget(widget: object) -> Any:
    raise NotImplementedError(type(widget).__name__)


@_widget.register
def _(widget: Paragraph) -> Any:
    return google.Widget(text_paragraph=google.TextParagraph(text=_escaped(widget.text)))


@_widget.register
def _(widget: Labelled) -> Any:
    return google.Widget(
        decorated_text=google.DecoratedText(
            top_label=_escaped(widget.label),
            text=_escaped(widget.text),
            bottom_label=_escaped(widget.remark),
            wrap_text=True,
            on_click=None if widget.on_click is None else _on_click(widget.on_click),
        )
    )


@_widget.register
def _(widget: TextField) -> Any:
    kind = google.TextInput.Type.MULTIPLE_LINE if widget.has_lines else 0
    return google.Widget(
        text_input=google.TextInput(
            name=widget.name,
            label=widget.label,
            hint_text=widget.hint,
            value=widget.value,
            type_=kind,
            validation=google.Validation(character_limit=widget.longest),
        )
    )


@_widget.register
def _(widget: ChoiceField) -> Any:
    kinds = google.SelectionInput.SelectionType
    return google.Widget(
        selection_input=google.SelectionInput(
            name=widget.name,
            label=widget.label,
            type_=kinds.RADIO_BUTTON if widget.shows_all else kinds.DROPDOWN,
            items=[
                google.SelectionInput.SelectionItem(
                    text=text, value=value, selected=value == widget.chosen
                )
                for value, text in widget.options
            ],
        )
    )


@_widget.register
def _(widget: Buttons) -> Any:
    buttons = [_button(one) for one in widget.buttons]
    return google.Widget(button_list=google.ButtonList(buttons=buttons))


def _button(button: Button) -> Any:
    kind = google.Button.Type.FILLED if button.is_main else google.Button.Type.OUTLINED
    return google.Button(text=button.text, on_click=_on_click(button.on_click), type_=kind)


def _on_click(on_click: OnClick) -> Any:
    if not isinstance(on_click, Calls):
        return google.OnClick(open_link=google.OpenLink(url=on_click.url))
    return google.OnClick(
        action=google.Action(
            function=on_click.url,
            parameters=[
                google.Action.ActionParameter(key=key, value=value)
                for key, value in on_click.parameters.items()
            ],
            persist_values=True,
        )
    )


def _escaped(text: str) -> str:
    """For fields in which Google reads simple HTML; others show what stands in them."""
    return html.escape(text, quote=False).replace("\n", "<br>")
