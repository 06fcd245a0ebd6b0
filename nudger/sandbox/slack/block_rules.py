"""What Slack refuses of blocks and views: https://docs.slack.dev/reference/block-kit"""

from __future__ import annotations

from typing import Any

MOST_BLOCKS, MOST_BLOCKS_OF_VIEW = 50, 100
LONGEST = {"header": 150, "section": 3000, "context": 3000, "button": 75, "option": 75,
           "title": 24, "label": 2000}  # fmt: skip
MOST_ELEMENTS = {"actions": 25, "context": 10}
INPUTS = ("plain_text_input", "static_select", "radio_buttons")


class Invalid(Exception):
    """What is wrong, as Slack would say it."""


def check_message(blocks: Any) -> None:
    """Raises `Invalid`."""
    _check_blocks(blocks, MOST_BLOCKS, ("header", "section", "context", "actions", "divider"))


def check_view(view: Any) -> None:
    """Raises `Invalid`."""
    if not isinstance(view, dict) or view.get("type") != "modal":
        raise Invalid("view type")
    _text(view.get("title"), "title")
    for name in ("submit", "close"):
        if name in view:
            _text(view[name], "title")
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        raise Invalid("view metadata")
    allowed = ("header", "section", "context", "actions", "divider", "input")
    _check_blocks(view.get("blocks"), MOST_BLOCKS_OF_VIEW, allowed)


def _check_blocks(blocks: Any, most: int, allowed: tuple[str, ...]) -> None:
    if not isinstance(blocks, list) or not 0 < len(blocks) <= most:
        raise Invalid("number of blocks")
    ids: list[str] = []
    for block in blocks:
        kind = block.get("type")
        if kind not in allowed:
            raise Invalid(f"block type {kind}")
        if kind in ("header", "section"):
            _text(block.get("text"), kind)
        if kind == "input":
            _check_input(block)
        if kind in MOST_ELEMENTS:
            ids += _check_elements(block, kind)
    if len(ids) != len(set(ids)):
        raise Invalid("action_id twice")


def _check_elements(block: dict[str, Any], kind: str) -> list[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 0 < len(elements) <= MOST_ELEMENTS[kind]:
        raise Invalid("number of elements")
    if kind == "context":
        for element in elements:
            _text(element, "context")
        return []
    for element in elements:
        if element.get("type") != "button":
            raise Invalid("element")
        _text(element.get("text"), "button")
        if not 0 < len(element.get("action_id", "")) <= 255:
            raise Invalid("action_id")
        if len(element.get("value", "")) > 2000:
            raise Invalid("value")
        if element.get("style") not in (None, "primary", "danger"):
            raise Invalid("style")
    return [element["action_id"] for element in elements]


def _check_input(block: dict[str, Any]) -> None:
    _text(block.get("label"), "label")
    element = block.get("element", {})
    if element.get("type") not in INPUTS or not element.get("action_id"):
        raise Invalid("input")
    if element["type"] == "plain_text_input":
        if not 0 < element.get("max_length", 3000) <= 3000:
            raise Invalid("max_length")
        if len(element.get("initial_value", "")) > element.get("max_length", 3000):
            raise Invalid("initial_value")
        return
    options = element.get("options")
    if not isinstance(options, list) or not 0 < len(options) <= 100:
        raise Invalid("number of options")
    for one in options:
        _text(one.get("text"), "option")
        if not 0 < len(one.get("value", "")) <= 150:
            raise Invalid("option value")
    if "initial_option" in element and element["initial_option"] not in options:
        raise Invalid("initial_option")


def _text(text: Any, kind: str) -> None:
    """Where Slack takes plain text alone; elsewhere we take no other either."""
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        raise Invalid(f"{kind}: no plain text")
    if not 0 < len(text.get("text", "")) <= LONGEST[kind]:
        raise Invalid(f"{kind}: length")
