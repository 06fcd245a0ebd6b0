"""Where the sender's own words end: the signature, the closing and the disclaimer below them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import islice

from nudger.mail.commands import hands_over, read_command
from nudger.mail.contact_lines import (
    is_bare_contact,
    is_contact,
    is_job,
    is_own_name,
    is_short_name,
    is_title,
)
from nudger.mail.introductions import LONGEST_LINE
from nudger.mail.message import CommandName
from nudger.mail.ours import OurText, folded
from nudger.mail.quoting import header_block, is_greeting, is_quoted, quote_header
from nudger.mail.visible import without_signs
from nudger.mail.vocabulary import all_of, label_pattern, whole

LONGEST_CLOSING = 80
FEWEST_WORDS_OF_A_NOTICE = 4
FEWEST_MATTERS = 2
MOST_LINES_BELOW_A_NAME = 8
FEWEST_CONTACT_LINES_WITHOUT_A_GAP = 2
FEWEST_CONTACT_LINES_OF_A_BLOCK = 3
MOST_LINES_BELOW_A_RULE = 12
MOST_WORDS_BESIDE_CONTACTS = 5

_DELIMITER = re.compile(r"\s{0,2}(?:--|__|—|–)\s*")
_RULE = re.compile(r"\s*+(?:_{10,}+|-{10,}+|={10,}+|\*{10,}+)\s*+")
_PICTURE = re.compile(r"\s*+\[(?:image|cid|bild|logo)\b[^\[\]]{0,200}+\]\s*+", re.IGNORECASE)
_ARMOUR = "-----BEGIN PGP SIGNATURE-----"
_LINK = re.compile(r"[<(\[]\s*(?:https?://|mailto:|www\.)[^<>()\[\]]{0,300}[>)\]]")
_LINK_BEGINS = re.compile(r"https?://|www\.")
_HEADING = re.compile(r"[^\W\d]{4,20}(?: [^\W\d]{3,20}){0,2}\s{0,2}[:–—-]\s{1,3}")
_BETWEEN_LANGUAGES = re.compile(r"[/|·]|\s[-–—]\s")
_CHOICE = re.compile(r"\s*#?\d{1,2}[.)]?\s*")
_NAME = r"[A-ZÀ-ÞŠŽ][\w'’.-]{0,25}"
_PARTICLES = r"d[aeiou]|de[nr]|do?s|la|le|te[nr]|van|von|zu|al"
_ITEM = re.compile(r"\s*+-{1,2} ?[^\s-]")
_NAME_AFTER_DASH = re.compile(
    r"(?:-{1,2} ?|/)([A-ZÄÖÜÉÈÁÍ][\w.'-]*"
    rf"(?: (?:(?:{_PARTICLES}) ){{0,2}}[A-ZÄÖÜÉÈÁÍ][\w.'-]*){{0,2}})\s*"
)


def opens_signature(lines: Sequence[str], at: int, names: Collection[str] = ()) -> bool:
    """Whether a line is the "-- " before a signature, a phone's own, or a name behind a dash: of
    the sender, where `names` are known."""
    line = lines[at]
    if _opens_a_footer(lines, at) or line.startswith(_ARMOUR):
        return True
    if _is_programs_own(line):
        return True
    bare = _without_links(line)
    if len(bare) <= 100 and whole("promotion").fullmatch(bare) and not _is_first(lines, at):
        return True
    name = _NAME_AFTER_DASH.fullmatch(line.strip())
    if name is None or read_command(name[1]) or _is_in_a_list(lines, at):
        return False
    return (not names or _is_like(name[1], names)) and _is_last(lines, at)


def _is_like(name: str, names: Collection[str]) -> bool:
    """Whether a name is the sender's, or begins as theirs does, as short forms do."""
    if is_own_name(name, names) or is_short_name(name, names):
        return True
    begins = tuple(word[:2] for word in folded(name).split() if len(word) > 1)
    return any(word.startswith(begins) for own in names for word in own.split())


def _is_in_a_list(lines: Sequence[str], at: int) -> bool:
    """Whether the line before begins with a dash as well."""
    return at > 0 and _ITEM.match(lines[at - 1]) is not None


def _without_links(line: str) -> str:
    return without_signs(_LINK.sub("", line.strip()).strip("<>*_ "))


def _is_programs_own(line: str) -> bool:
    """Such as "Sent from my iPhone"."""
    bare = _without_links(line)
    return len(bare) <= 100 and whole("signature").fullmatch(bare) is not None


def _is_first(lines: Sequence[str], at: int) -> bool:
    """Whether no words stand above, so that the line is what the sender says."""
    return not any(map(_says_something, lines[:at]))


def _is_last(lines: Sequence[str], at: int) -> bool:
    """Whether nothing but a quote or a footer follows."""
    following = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), None)
    return (
        following is None
        or _ends_at(lines, following)
        or _opens_a_footer(lines, following)
        or _is_programs_own(lines[following])
    )


def _ends_at(lines: Sequence[str], at: int) -> bool:
    """Whether a quote begins here."""
    return is_quoted(lines[at]) or quote_header(lines, at) > 0 or header_block(lines, at) > 0


def _opens_a_footer(lines: Sequence[str], at: int) -> bool:
    """Whether it is the delimiter of a signature, or a rule above a few contact lines: what mailing
    lists and gateways add."""
    if _DELIMITER.fullmatch(lines[at]):
        return True
    if not _RULE.fullmatch(lines[at]):
        return False
    below: list[str] = []
    for offset in range(at + 1, len(lines)):
        if lines[offset].strip():
            if _ends_at(lines, offset):
                break
            below.append(lines[offset])
        if len(below) > MOST_LINES_BELOW_A_RULE:
            return False
    contacts = sum(map(is_bare_contact, below))
    return contacts > 0 and contacts * 2 >= len(below) and all(map(_is_beside_contacts, below))


def _is_beside_contacts(line: str) -> bool:
    """Whether it is a contact line, or too short to be more than what stands beside one."""
    if read_command(line) or _has_label(line) or _CHOICE.fullmatch(line):
        return False
    is_short = len(line.split()) <= MOST_WORDS_BESIDE_CONTACTS
    return is_contact(line) or (is_short and not line.rstrip().endswith((".", "!", "?", ":")))


def opens_disclaimer(line: str) -> bool:
    bare = line.strip().strip("*_ ")[:LONGEST_LINE]
    if len(bare) <= 8:
        return False
    heading = _HEADING.match(bare)
    return any(map(_disclaimer().match, (bare, bare[heading.end() :] if heading else "")))


def is_boilerplate(lines: Sequence[str], at: int) -> bool:
    """Whether a paragraph of its own below the answer speaks of mails, their secrecy and printing,
    or of the company: it has two words of such matters or one and a link."""
    line = lines[at][:LONGEST_LINE]
    if at == 0 or lines[at - 1].strip() or len(line.split()) < FEWEST_WORDS_OF_A_NOTICE:
        return False
    command = read_command(line)
    if command is not None and command[0].name is CommandName.PRIVATE:
        return False
    matters = {match[0].casefold()[:6] for match in _boilerplate().finditer(line)}
    return len(matters) + bool(_LINK_BEGINS.search(line)) >= FEWEST_MATTERS


def is_closing(line: str) -> bool:
    """Whether the line is a farewell, in one language or several, maybe with a name or a place."""
    bare = without_signs(line.strip().strip("*_"))
    if not bare or len(bare) > LONGEST_CLOSING:
        return False
    if _closing().fullmatch(bare):
        return True
    parts = [part.strip() for part in _BETWEEN_LANGUAGES.split(bare) if part.strip()]
    return len(parts) > 1 and all(map(_closing().fullmatch, parts))


@cache
def _closing() -> re.Pattern[str]:
    words = all_of("closing")
    place = (
        rf"\s+(?:{all_of('closing_from')})\s+(?:(?:the|my|a|dem|der|meinem|unserem)\s+\S|(?-i:[A-ZÀ-ÞŠŽ]))"
        r"\S{0,30}(?:\s\S{1,30}){0,4}"
    )
    name = rf"\s?[,.!:–—-]{{0,2}}\s+(?-i:{_NAME}(?:\s{_NAME}){{0,2}})"
    end = r"[\s.,;:!)(-]*+"
    return re.compile(rf"(?:{words})(?:{place}|{name})?{end}", re.IGNORECASE)


@cache
def _boilerplate() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('boilerplate')})(?!\w)", re.IGNORECASE)


@cache
def _disclaimer() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('disclaimer')})", re.IGNORECASE)


def without_signature(
    lines: Sequence[str], names: Collection[str] = (), ours: OurText | None = None
) -> list[str]:
    """Without the farewell and all below it, without the sender's name and what follows it, and
    without contact lines at the end. Something of an answer always stays. `names` are the sender's
    as `names_of` gives them."""
    ours = ours or OurText(())
    kept = _trimmed(lines)
    signed = _signed_courtesy(kept, frozenset(names))
    if signed is not None:
        return _trimmed(kept[:signed])
    for cut in (_closing_line, _name_line, _contact_block):
        first = _first_line_that_may_go(kept, ours)
        at = cut(kept, first, frozenset(names), ours)
        if at is not None and at >= first:
            kept = _trimmed(kept[:at])
    return kept


def _signed_courtesy(lines: Sequence[str], names: Collection[str]) -> int | None:
    """Where the sender's name stands below a farewell with which the mail began: nothing is said
    in it, though thanks may be. Contacts may follow the name."""
    at = next((at for at, line in enumerate(lines) if _says_something(line)), None)
    if at is None or not any(map(is_closing, lines[:at])):
        return None
    is_name = is_own_name(lines[at], names) or is_short_name(lines[at], names)
    below = [line for line in lines[at + 1 :] if line.strip()]
    return at if is_name and _are_contacts(below) else None


def _are_contacts(lines: Sequence[str]) -> bool:
    """Whether nothing else stands in lines, though maybe a title beside the contacts."""
    is_short = len(lines) <= MOST_LINES_BELOW_A_NAME
    known = all(is_contact(line) or is_title(line) for line in lines)
    return is_short and known and (not lines or any(map(is_contact, lines)))


def _first_line_that_may_go(lines: Sequence[str], ours: OurText) -> int:
    """Behind the first line that says something, and behind the last that is plainly an answer."""
    said = (at for at, line in enumerate(lines) if _says_something(line))
    fields = (at for at in range(len(lines) - 1, -1, -1) if _is_field(lines[at], ours))
    return max(next(said, len(lines)), next(fields, 0)) + 1


def _trimmed(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not is_greeting(line) and not is_closing(line)


def _closing_line(
    lines: Sequence[str], first: int, _names: Collection[str], _ours: OurText
) -> int | None:
    return next((at for at in range(first, len(lines)) if is_closing(lines[at])), None)


def _is_field(line: str, ours: OurText) -> bool:
    """Whether it is plainly a part of an answer: it has a label, or is a number or name of ours."""
    return _has_label(line) or _CHOICE.fullmatch(line) is not None or ours.offers(line)


def _has_label(line: str) -> bool:
    label = label_pattern().match(line.strip())
    return label is not None and line.strip()[label.end() :].lstrip().startswith((":", "="))


def _name_line(
    lines: Sequence[str], first: int, names: Collection[str], _ours: OurText
) -> int | None:
    for at in range(first, len(lines)):
        if is_own_name(lines[at], names):
            return at
        if is_short_name(lines[at], names) and _ends_with_contacts(lines, at):
            return at
    return None


def _ends_with_contacts(lines: Sequence[str], at: int) -> bool:
    """Whether nothing follows a name, or an empty line stands before it and contacts follow."""
    following = (line for line in lines[at + 1 :] if line.strip())
    below = list(islice(following, MOST_LINES_BELOW_A_NAME + 1))
    if not below:
        return True
    if _is_letter(lines[at]) and not any(map(is_contact, below)):
        return False
    are_contacts = all(is_contact(line) or is_title(line) for line in below)
    return len(below) <= MOST_LINES_BELOW_A_NAME and are_contacts and not lines[at - 1].strip()


def _is_letter(line: str) -> bool:
    """Whether a name is no more than a letter, as that of a call is in a mail about several."""
    return len(line.strip(" .:)(-/")) == 1


def _contact_block(
    lines: Sequence[str], _first: int, _names: Collection[str], ours: OurText
) -> int | None:
    """Where the lines of a signature begin that no farewell and no name of the sender opens."""
    found, contacts = None, 0
    for paragraph in reversed(_paragraphs(lines)):
        own = [lines[at] for at in paragraph if not _PICTURE.fullmatch(lines[at])]
        is_block = _is_block_of_contacts(own, ours)
        if not is_block and not all(_may_be_signature(line, ours) for line in own):
            break
        contacts += sum(map(is_bare_contact, own))
        if own and not any(map(is_bare_contact, own)) and not any(map(is_job, own)):
            break
        found = paragraph[0]
    if found is not None:
        return found if contacts else None
    return _last_contacts(lines, ours)


def _is_block_of_contacts(lines: Sequence[str], ours: OurText) -> bool:
    """Whether most lines of a paragraph are contacts, so that the short ones beside them, each with
    a capital, are a name, a title and a place, whatever they say."""
    contacts = sum(map(is_bare_contact, lines))
    if contacts < FEWEST_CONTACT_LINES_OF_A_BLOCK or contacts * 2 < len(lines):
        return False
    return all(
        _is_beside_contacts(line)
        and line.lstrip(" \t*_")[:1].isupper() | is_contact(line)
        and not _is_field(line, ours)
        and not ours.has_line(line)
        for line in lines
    )


def _last_contacts(lines: Sequence[str], ours: OurText) -> int | None:
    """Where a signature begins that no empty line parts from the answer."""
    at = contacts = 0
    for at in range(len(lines) - 1, 0, -1):
        if not lines[at].strip() or not _may_be_signature(lines[at], ours):
            break
        contacts += is_bare_contact(lines[at])
    at += 1
    is_block = contacts >= FEWEST_CONTACT_LINES_WITHOUT_A_GAP
    while at < len(lines) and not (
        is_bare_contact(lines[at]) or (is_block and is_title(lines[at]))
    ):
        at += 1
    return at if contacts and at < len(lines) else None


def _may_be_signature(line: str, ours: OurText) -> bool:
    if _is_field(line, ours) or ours.has_line(line) or is_greeting(line) or hands_over(line):
        return False
    return is_contact(line) or is_title(line)


def _paragraphs(lines: Sequence[str]) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for at, line in enumerate(lines):
        if line.strip():
            found[-1].append(at)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]
