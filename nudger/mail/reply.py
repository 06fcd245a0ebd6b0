"""From a reply to what the rep answered: the new words, then what two readers make of them."""

from __future__ import annotations

from dataclasses import replace

from nudger.mail.automatic import is_forward, not_to_us
from nudger.mail.encrypted import is_encrypted
from nudger.mail.message import Asked, Disposition, Inbound, Reply
from nudger.mail.milestones import match_milestone
from nudger.mail.reactions import is_reaction
from nudger.mail.readers import read_words
from nudger.mail.reply_text import Writer, own_words, stands_apart, text_words

__all__ = ["match_milestone", "read_reply", "read_text"]


def read_reply(inbound: Inbound, asked: Asked) -> Reply:
    """What a received mail says. Never raises."""
    automatic = not_to_us(inbound)
    if automatic is not None:
        return Reply(*automatic, "")
    if is_encrypted(inbound):
        return Reply(Disposition.UNCLEAR, "encrypted", "")
    writer = Writer((inbound.sender_name, asked.rep_name), asked.lines)
    words = own_words(inbound.plain, inbound.html, writer)
    text = words.text
    if is_forward(inbound):
        return Reply(Disposition.FORWARD, "forwarded", text)
    if is_reaction(inbound, text):
        return Reply(Disposition.EMPTY, "reaction", text)
    if not text and stands_apart(inbound.plain, inbound.html, writer):
        return Reply(Disposition.EMPTY, "nothing_left", text)
    reply = read_words(text, asked)
    return replace(reply, doubtful=frozenset(reply.answers)) if words.is_within_quote else reply


def read_text(text: str, asked: Asked) -> Reply:
    """What a plain-text reply says. Never raises; linear in the length of the text."""
    return read_words(text_words(text, asked.lines, (asked.rep_name,)), asked)
