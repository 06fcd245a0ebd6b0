"""The writer's own name in the words of a reply: alone on a line, behind thanks, or below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nudger.mail.commands import read_command
from nudger.mail.message import Asked
from nudger.mail.milestones import known_milestone
from nudger.mail.plain_form import without_accents
from nudger.mail.quoting import is_greeting
from nudger.mail.signature_block import is_closing

_SIGNED = re.compile(r"[A-ZÄÖÜÉÈÁÍÓÚ][\w'-]{1,20}\.?(?: [A-ZÄÖÜÉÈÁÍÓÚ][\w'.-]{0,20})?")


def is_own_name(line: str, asked: Asked) -> bool:
    """Whether a line is the name of the rep who was asked, or a part of it."""
    bare = line.strip().strip("-–— ,.")
    own = {_folded(part) for part in (asked.rep_name, *asked.rep_name.split()) if part}
    return _folded(bare) in own


def _folded(name: str) -> str:
    return without_accents(name.casefold())


def _is_own_farewell(line: str, asked: Asked) -> bool:
    """Whether a line is a farewell and the writer's name, as in "saludos andres" by Andrés."""
    head = without_own_name(line.strip(), asked)
    return head != line.strip() and is_closing(head.rstrip(" ,"))


def is_name(line: str, asked: Asked) -> bool:
    """Whether a line is that name, or looks as names below a mail do."""
    bare = line.strip().strip("-–— ,.")
    if is_own_name(line, asked):
        return True
    is_signed = _SIGNED.fullmatch(bare) is not None and len(bare) <= 25
    return is_signed and read_command(bare) is None and not known_milestone(bare, asked.milestones)


def without_own_name(alone: str, asked: Asked) -> str:
    """A line without the writer's name behind it: "Ok thanks, Carla"."""
    head, _, last = alone.rstrip(" .!").rpartition(" ")
    names = {_folded(part) for part in asked.rep_name.split()}
    return head.rstrip(" ,–—-/") if head and _folded(last.strip("-–—/")) in names else alone


def unsigned(lines: Sequence[str], asked: Asked) -> list[str]:
    """Without greeting at the top and the writer's bare name at the bottom."""
    kept = list(lines)
    while kept and (not kept[0].strip() or is_greeting(kept[0])):
        kept.pop(0)
    while kept and (not kept[-1].strip() or _is_own_farewell(kept[-1], asked)):
        kept.pop()
    if len(kept) < 2 or not _SIGNED.fullmatch(kept[-1].strip().strip("-–— ,")):
        return kept
    name = kept[-1].strip().strip("-–— ,")
    is_own = bool(asked.rep_name) and name.casefold() in asked.rep_name.casefold()
    stands_apart = not kept[-2].strip() and len(name.split()) == 1
    listed = known_milestone(name, asked.milestones) is not None
    is_command = read_command(name) is not None
    return kept[:-1] if (is_own or stands_apart) and not listed and not is_command else kept
