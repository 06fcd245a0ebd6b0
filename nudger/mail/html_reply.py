"""An HTML reply as text, cut where mail programs mark what they quote and sign."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from lxml import etree
from lxml import html as lxml_html

LONGEST_READ = 1_000_000

_CUT_ELEMENT = (
    "//*[contains(concat(' ', @class, ' '), ' gmail_quote ')][not(self::blockquote[contains(@style,"
    "'0px 0px 0px 40px') or contains(@style,'0 0 0 40px')])]",
    "//*[contains(concat(' ', @class, ' '), ' gmail_attr ')]",
    "//*[contains(@class, 'gmail_quote_container')]",
    "//blockquote[@type='cite']",
    "//*[contains(@class, 'moz-cite-prefix')]",
    "//*[contains(@class, 'yahoo_quoted') or @id='yahoo_quoted']",
    "//*[contains(@class, 'protonmail_quote')]",
    "//*[contains(@class, 'zmail_extra') or @id='zmail_extra' or contains(@class, 'zmail_quote')]",
    "//*[contains(@class, 'tutanota_quote')]",
    "//*[contains(@class, 'OutlookMessageHeader')]",
    "//*[contains(@class, 'mail_quote') or contains(@class, 'ms-outlook-mobile-reference-message')]",
    "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature')]",
    "//*[contains(@class, 'protonmail_signature_block') or contains(@class, 'AppleMailSignature')]",
    "//*[@id='Signature' or @id='ms-outlook-mobile-signature' or @id='AppleMailSignature']",
    "//*[@id='ymail_android_signature' or @id='composer_signature' or @id='signature']",
    "//*[@id='lineBreakAtBeginningOfSignature' or @id='lineBreakAtBeginningOfMessage']",
)
_CUT_TO_THE_END = (
    "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='mail-editor-reference-message-container']",
    "//*[@id='x_divRplyFwdMsg' or @id='reply-intro' or @id='OLK_SRC_BODY_SECTION']",
    "//*[contains(translate(@style, 'ABCDEFT ', 'abcdeft'), 'border-top:solid#e1e1e1')]",
    "//*[contains(translate(@style, 'ABCDEFT ', 'abcdeft'), 'border-top:solid#b5c4df')]",
    "//*[contains(translate(@style, 'ABCDEFT ', 'abcdeft'), 'border-top:1ptsolid')]",
    "//hr[@tabindex='-1' or @id='stopSpelling' or contains(@style, 'width:98%')]",
)
_PLAIN_QUOTE = (
    "//blockquote[not(contains(@style,'0px 0px 0px 40px') or contains(@style,'0 0 0 40px'))]"
)
_STYLE = "translate(@style, 'DEHILNOPSY ', 'dehilnopsy')"
_HIDDEN = f"//*[contains({_STYLE},'display:none') or contains({_STYLE},'mso-hide:all')]"
_BLOCKS = frozenset({
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "hr",
    "dl", "dt", "dd", "h5", "h6", "center", "header", "footer", "main", "aside", "address", "form",
    "pre", "section", "article", "body",
})  # fmt: skip
_DROPPED = ("style", "script", "head", "title", "meta", "template")
_DECLARATION = re.compile(r"\s*+(?:<\?xml[^<>]{0,200}+>)?")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_EMPTY_LINES = re.compile(r"\n{3,}+")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"})


def page_text(page: str) -> str:
    """The page's own text, quotes left out. Never raises."""
    return _text_after(_cut, page)


def whole_page_text(page: str) -> str:
    """The page's text, quotes and all. Never raises."""
    return _text_after(_cut_hidden, page)


def _text_after(cut: Callable[[Any], None], page: str) -> str:
    read = page[:LONGEST_READ]
    declared = _DECLARATION.match(read)
    try:
        root: Any = lxml_html.document_fromstring(read[declared.end() if declared else 0 :] or " ")
        cut(root)
        return _text_of(root)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError, RecursionError):
        return html.unescape(_TAG.sub(" ", page[:LONGEST_READ]))


def _cut_hidden(root: Any) -> None:
    for element in root.xpath(_HIDDEN):
        if element.getparent() is not None:
            element.drop_tree()


def _cut(root: Any) -> None:
    _cut_hidden(root)
    for path in _CUT_TO_THE_END:
        for element in root.xpath(path)[:1]:
            _cut_from(element)
    for path in (*_CUT_ELEMENT, _PLAIN_QUOTE):
        for element in root.xpath(path):
            if element.getparent() is not None:
                element.drop_tree()


def _cut_from(element: Any) -> None:
    """Drop the element and all that comes after it in the document."""
    node = element
    while node is not None and node.getparent() is not None:
        parent = node.getparent()
        for later in list(node.itersiblings()):
            parent.remove(later)
        node.tail = None
        node = parent
    if element.getparent() is not None:
        element.getparent().remove(element)


def _text_of(root: Any) -> str:
    """Text with line breaks where a reader sees them: iteratively, whatever the depth."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and tag:
            _open(pieces, tag)
            if tag not in _DROPPED and element.text:
                pieces.append(_text(element.text, tag))
        elif event == "end" and tag:
            _close(pieces, tag)
            if element.tail:
                pieces.append(_text(element.tail, ""))
        elif event in ("comment", "pi") and element.tail:
            pieces.append(_text(element.tail, ""))
    text = "\n".join(line.strip(" \t") for line in "".join(pieces).split("\n"))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def _text(text: str, tag: str) -> str:
    return text if tag == "pre" else _SPACES.sub(" ", text)


def _open(pieces: list[str], tag: str) -> None:
    if tag in _BLOCKS and tag != "br" and pieces and not pieces[-1].endswith("\n"):
        pieces.append("\n")
    if tag in _PARAGRAPHS and pieces:
        pieces.append("\n")
    if tag == "li":
        pieces.append("- ")
    if tag in ("td", "th") and pieces and not pieces[-1].endswith("\n"):
        pieces.append("\t")


def _close(pieces: list[str], tag: str) -> None:
    if tag == "br" or (tag in _BLOCKS and pieces and not pieces[-1].endswith("\n")):
        pieces.append("\n")
    if tag in _PARAGRAPHS:
        pieces.append("\n")
